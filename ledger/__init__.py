"""People and posts: how they come in, who is who, and whether a post is lawful."""
