"""Evidence packs of waves: written from the ledger, checked anywhere without it."""
