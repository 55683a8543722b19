"""The exchange folder taken into the ledger: what its six files say, held against what is known under the same keys."""
