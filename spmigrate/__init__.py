"""SharePoint migration and collaboration governance for large public bodies."""
