"""The trained networks and their weights: all of torch and sentence-transformers is in here."""
