"""The list of sources: which paragraphs are entries, and which entry a citation means."""

from __future__ import annotations

from itertools import accumulate

import pytest

from dipnot.document.bibliography import cited_sources
from dipnot.types import Paragraph, Reference, Section, Span


def found(
    *paragraphs: str, heading: str = "Kaynakça", listed: int = 1
) -> tuple[str, list[Reference]]:
    """Cite in a text of these paragraphs, of which the last ones stand under a heading."""
    text = "\n\n".join(paragraphs)
    ends = [*accumulate(len(p) + 2 for p in paragraphs)]
    spans = [Span(e - 2 - len(p), e - 2) for e, p in zip(ends, paragraphs, strict=True)]
    section = Section(heading, 1, Span(spans[-listed].start, len(text)))
    made = [Paragraph(span, "body", "tr") for span in spans]
    return text, list(cited_sources(text, [section], made))


def test_a_citation_is_tied_to_the_entry_it_names() -> None:
    text, (reference,) = found("Geldi (Gürün, 1991, s. 4).", "Gürün, K. (1991). Kıyı.")
    assert text[slice(*reference.span)] == "Gürün, 1991, s. 4"
    assert reference.entry is not None
    assert text[slice(*reference.entry)] == "Gürün, K. (1991). Kıyı."


def test_under_any_other_heading_nothing_is_an_entry() -> None:
    _, references = found("Geldi (Gürün, 1991).", "Gürün, K. (1991). Kıyı.", heading="Sonuç")
    assert all(reference.entry is None for reference in references)


def test_of_two_entries_that_fit_alike_none_is_named() -> None:
    entries = ("Gürün, K. (1991a). Kıyı.", "Gürün, K. (1991b). Göl.")
    _, (reference,) = found("Geldi (Gürün, 1991, s. 4).", *entries, listed=2)
    assert reference.entry is None


@pytest.mark.parametrize(("cited", "count"), [("[1]", 1), ("[1, 2]", 2), ("[1-2]", 2), ("[3]", 0)])
def test_numbers_in_brackets_name_each_of_their_entries(cited: str, count: int) -> None:
    entries = ("[1] Gürün, K. (1991). Kıyı.", "[2] Ada, B. (2001). Göl.")
    text, references = found(f"Geldi {cited}.", *entries, listed=2)
    assert len(references) == count
    assert {text[slice(*reference.span)] for reference in references} <= {cited}
