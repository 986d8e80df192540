"""The one seam to Microsoft 365: the only code that imports office365 and msal."""
