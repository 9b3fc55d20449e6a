"""Pages of lines to a document: blocks, headings, footnotes, references, voices."""
