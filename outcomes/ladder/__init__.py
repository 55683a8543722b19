"""兜底: public posts and their term, workshops, training to order, fairs. Counted from spells wherever there are any."""
