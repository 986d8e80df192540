"""The ledger: what was found, decided, signed, planned, moved and checked. The only SQL of the product."""
