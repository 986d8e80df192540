"""A SharePoint Online tenant on this machine: for practice, for tests and for judging what the product sends."""
