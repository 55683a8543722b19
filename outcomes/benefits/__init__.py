"""政策待遇: subsidies as data, and who is entitled to them."""
