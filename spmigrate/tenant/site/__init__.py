"""A site's parts on the tenant: one module a noun, each with its questions, its parts, and how they are written."""
