"""OData version 3 as SharePoint speaks it: pure functions from text to values and back."""
