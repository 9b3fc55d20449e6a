"""Dipnot answers questions about a corpus of texts with the sentences that answer them.

Each sentence comes word for word with its footnote: document, page, section, exact characters.
"""

__version__ = "0.2.0.dev0"

__all__ = ["__version__"]
