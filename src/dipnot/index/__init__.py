"""Passages, the legs that find them, and how they are built and kept on disk."""
