"""疑点 at the edge: the rules run over the ledger, and their findings as they are answered."""
