"""What is known of languages: folding, which one a text is in, its sentences and index terms."""
