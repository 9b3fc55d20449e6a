"""PDF by itself: lines to paragraphs, and files that cannot be read."""

from __future__ import annotations

import pytest

from dipnot.errors import CorpusError
from dipnot.formats.pdf.reading import read
from format_files import lines, pdf


def test_each_page_of_the_file_is_a_page_and_its_lines_go_on_in_a_paragraph() -> None:
    drawn = [lines("The lake dried up and the", "villagers moved away."), lines("The mill burned.")]
    first, second = read("a.pdf", pdf(drawn))
    assert " ".join(line.text for line in first.lines).split() == (
        "The lake dried up and the villagers moved away.".split()
    )
    assert [line.text for line in second.lines] == ["The mill burned."]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"no pdf at all"])
def test_what_is_no_pdf_is_an_error_that_names_it(data: bytes) -> None:
    with pytest.raises(CorpusError, match=r"a\.pdf"):
        read("a.pdf", data)
