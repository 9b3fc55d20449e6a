"""Several things counted off in prose are quoted with the sentence that says how many."""

from __future__ import annotations

from functools import partial

import pytest

from dipnot.answer.counting_off import with_counted
from dipnot.answer.found import candidate_of, candidates_of
from dipnot.engine import Engine
from dipnot.settings import Settings
from fakes import FakeEncoder

REASONS = (
    "Göçün üç nedeni vardı. Birincisi, kuraklık sürüyordu. Kuyular kurumuştu. İkincisi, yol "
    "kapandı. Son olarak, vergi arttı. Köy boşaldı."
)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        (REASONS, 5),
        ("Two reasons are given. First, the well ran dry. Secondly, it was cold. Ann left.", 3),
        ("Bal ikiye ayrılır. Birinci sınıf bal koyudur. İkinci sınıf açıktır. Fiyatı artar.", 3),
        ("There were two reasons. The first was the well. Ann left the village that year.", 1),
        ("Göçün nedenleri vardı. Birincisi, kuraklık sürüyordu. İkincisi, yol kapandı.", 1),
        ("There were two reasons. Ann left. First, the well ran dry. Secondly, the road.", 1),
    ],
)
def test_what_a_sentence_announces_is_quoted_with_it(
    settings: Settings, encoder: FakeEncoder, text: str, counted: int
) -> None:
    for path in settings.corpus.iterdir():
        path.unlink()
    (settings.corpus / "goc.txt").write_text(f"{text}\n", "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    index = engine.index
    announces = next(c for c in candidates_of(index, 0, 9) if c.passage.text in text)
    last = candidates_of(index, announces.order + 1, announces.order + 9)[-1]
    groups = with_counted([[announces], [last]], partial(candidates_of, index))
    assert [c.order - announces.order for c in groups[0]] == list(range(counted))
    assert {c.order for g in groups[1:] for c in g} == {last.order} - {c.order for c in groups[0]}
    assert with_counted([], partial(candidates_of, index)) == []
    assert with_counted([[candidate_of(index, last.order)]], partial(candidates_of, index))
