"""What is true: the tables, the words and the rules of one row."""
