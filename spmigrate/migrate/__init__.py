"""Waves of signed rows: batches, routes, verification and accounting."""
