"""Which texts have a word in a heading."""

from __future__ import annotations

import numpy as np

from dipnot.document.build import make_document
from dipnot.index.headed import Headed, headed
from dipnot.index.passages import make_passages
from dipnot.index.places import make_places
from dipnot.types import Line, Source, SourcePage


def test_texts_are_found_by_the_words_of_their_headings() -> None:
    texts = {
        "a": "Yazı\n\nGÖL VE KIYI\n\nSu derindi.\n\nKÖY\n\nKöy boşaldı.\n",
        "b": "Yazı\n\nGöl kurudu.\n",
        "c": "Yazı\n\nKÖY\n\nTaş ağırdı.\n",
    }
    documents = [
        make_document(
            Source(f"{doc_id}.txt", doc_id),
            [SourcePage(tuple(Line(line, n) for n, line in enumerate(text.split("\n"), 1)))],
        )
        for doc_id, text in texts.items()
    ]
    passages = [p for document in documents for p in make_passages(document)]
    places = make_places(passages)
    found = headed(places, [passages[row].headings for row in places.sentences])
    assert [list(found.texts_with(term)) for term in ("gol", "kiyi", "koy", "tas")] == [
        [0], [0], [0, 2], [],
    ]  # fmt: skip


def test_where_there_are_no_headings_nothing_is_read() -> None:
    def unread() -> np.ndarray:
        raise AssertionError("was read")

    assert list(Headed(make_places([]), (), unread).texts_with("gol")) == []
