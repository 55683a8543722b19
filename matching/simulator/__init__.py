"""Made-up markets whose truth is known, to judge plans by. Its equations are told in docs/simulator.md.

It imports nothing of what ranks and learns, nor the tables of the service: another author of the same world.
"""
