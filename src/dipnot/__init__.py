"""Dipnot answers questions about a corpus of texts with the sentences that answer them.

Each sentence comes word for word with its footnote: document, page, section, exact characters.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("dipnot")
except PackageNotFoundError:  # run from a tree that is not installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
