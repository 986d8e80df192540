"""Packages of the SharePoint Migration API, as pure values: what is in them, their XML, archives, cipher and events."""
