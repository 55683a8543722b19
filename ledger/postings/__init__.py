"""Reading job advertisements as they are written: what is stated, what the law misses, what it forbids."""
