"""How content gets from its source to its library: file by file, or whole batches as jobs of the service."""
