"""What an advertisement must not say: one file a family of grounds, each a list of declared rules."""
