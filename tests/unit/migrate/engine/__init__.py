"""The engine without a tenant: what it claims, hands out, records, and leaves to others."""
