"""PDF, step by step: glyphs, words, rows, columns, layout, notes, paragraphs, headings, lines."""
