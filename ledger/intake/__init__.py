"""Lines of files become people: cells staged and sealed, judged against the ledger, and applied in bulk."""
