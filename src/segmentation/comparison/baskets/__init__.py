"""What lies together in the baskets of key customers, and of others."""
