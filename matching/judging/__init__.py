"""How well a past was foreseen, in numbers with intervals: what backtests are made of."""
