"""Our own tables as reported records: `own` reads them, `sealed` keeps the part that tells of work, `differing` compares."""
