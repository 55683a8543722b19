"""个人信息副本: all that is held of one person, for that person."""
