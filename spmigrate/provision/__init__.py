"""Sites from templates: the language, the difference, the plan."""
