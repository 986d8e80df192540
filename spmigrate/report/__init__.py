"""One accessible report from one set of queries."""
