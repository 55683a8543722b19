"""核实上报: reports of work become accepted spells, by rules or by a person, and may be taken back."""
