"""The command line: one file per noun; the only code that knows click and the only code that prints."""
