"""SharePoint migration and collaboration governance for large public bodies."""

__version__ = "0.1.0"
