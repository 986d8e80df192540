"""The only code that knows file formats: YAML with line numbers, workbooks, CSV."""
