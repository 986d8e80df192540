"""What the council itself knows, read from governance_rules: people, training, policy, retention, freeze calendar."""
