"""What a scan found, as a report: pure builders of pages, workbooks and lists, from figures that the ledger counted."""
