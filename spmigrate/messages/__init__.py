"""Short messages to people who are elsewhere: to a channel of Teams, and by mail."""
