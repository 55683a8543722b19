"""One person, one record: who is meant by a number, who may be one person, merging, and the hand-over."""
