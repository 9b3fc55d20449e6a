"""Ranked sentences to an answer with its citations and its verdict."""
