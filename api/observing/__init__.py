"""What those who run the service look at: whether it lives and can serve, and its figures. Nothing of any person."""
