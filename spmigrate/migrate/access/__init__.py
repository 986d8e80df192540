"""Who may see what has moved: decided from what was signed, set before content arrives, and looked at afterwards."""
