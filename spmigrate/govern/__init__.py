"""Rules in plain YAML over facts from the tenant; unknown never passes."""
