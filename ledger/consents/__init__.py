"""What people agreed to, what follows from it, and what employers are told of them."""
