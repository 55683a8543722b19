"""Lists for one person, or for one post, out of a million: the same rules and the same score, looked at where they can matter."""
