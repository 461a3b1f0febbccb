"""Which pages there are, and what stands around them."""
