"""What a line must be read with."""

from __future__ import annotations

import pytest

from dipnot.engine import Engine
from dipnot.retrieval.context import context_of, headers_of, is_labelled
from dipnot.settings import Settings
from fakes import FakeEncoder


@pytest.mark.parametrize(
    ("line", "labelled"),
    [
        ("Oda sayısı: 12", True), ("Kapı sayısı: 2", True),
        ("Opening hours: Tuesday to Saturday, 10.00-18.30", True),
        ("Otopark: var, ücretsiz", True), ("He said: I do not know.", False),
        ("Saat 08.00: kalkış", False), ("Değirmen 1902’de yandı.", False), (": 12", False),
    ],
)  # fmt: skip
def test_a_labelled_line_is_a_short_label_and_hardly_more(line: str, labelled: bool) -> None:
    assert is_labelled(line) == labelled


def test_a_row_is_met_and_read_with_its_header_and_a_labelled_line_with_its_title(
    settings: Settings, encoder: FakeEncoder
) -> None:
    prose = "# Depo\n\nKapı sayısı: 2\n\nDepo kışın açıktır.\n\n"
    text = f"{prose}| Kod | Gram |\n|---|---|\n| K-1 | 18 |\n"
    (settings.corpus / "depo.md").write_text(text, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    index = engine.index
    orders = {index.sentence(o).text: o for o in index.places.sentences_of("depo")}
    header, row = orders["Kod | Gram"], orders["K-1 | 18"]
    assert headers_of(index, list(orders.values())) == {row: header}
    assert context_of(index, row) == "Kod | Gram"
    assert context_of(index, orders["Kapı sayısı: 2"]) == "Depo"
    assert context_of(index, orders["Depo kışın açıktır."]) is None
