"""The employers' own door: who speaks for which employer, what she is told of people, and what follows from what she says."""
