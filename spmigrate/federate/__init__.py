"""The partner register, and what the tenant lets partners do."""
