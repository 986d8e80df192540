"""What would be done to a tenant, shown before and journalled after."""
