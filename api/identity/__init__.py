"""身份 at the edge: who may be one person, merging, hand-over between counties, a number put right."""
