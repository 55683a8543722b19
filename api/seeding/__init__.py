"""What fills a new database: the code tables, the published work plans, and the generated demonstration data.

Every loader takes a connection of the tables' owner, writes in the caller's transaction and may be run again.
"""
