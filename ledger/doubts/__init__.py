"""疑点: what an audit would find in the reported records, found before it comes."""
