"""Citing: texts of the corpus as references, notes and bibliographies."""
