"""The models' agreement with a written sentence: the reader's, and the likeness of its words."""

from __future__ import annotations

from dipnot.answer.standing import Quoted
from dipnot.answer.support import Judges, least_met, supports
from dipnot.engine import Engine
from fakes import FakeEncoder, FakeReader

QUOTED = [Quoted("Kıyıdaki değirmen 3 Mayıs 1902’de yandı. Bekçi sustu.", "tr")]


def judges(engine: Engine, encoder: FakeEncoder | None = None) -> Judges:
    return Judges(FakeReader(), encoder or FakeEncoder(), engine.index.means)


def test_what_the_quotation_says_is_supported_and_other_things_are_not(engine: Engine) -> None:
    own = judges(engine)
    assert supports(own, "Değirmen 1902’de yandı.", "tr", QUOTED)
    assert not supports(own, "Tren haftada iki kez gelirdi.", "tr", QUOTED)


def test_one_word_that_has_no_like_is_enough_to_strike(engine: Engine) -> None:
    own = judges(engine)
    assert least_met(own, "Değirmen yandı", "tr", QUOTED) > 0.9
    assert least_met(own, "Değirmen yandı lokomotif", "tr", QUOTED) < 0.5
    assert not supports(own, "Kıyıdaki değirmen Mayıs yandı lokomotif", "tr", QUOTED)


def test_each_sentence_of_a_quotation_is_read_by_itself(engine: Engine) -> None:
    own = judges(engine)
    supports(own, "Bekçi sustu.", "tr", QUOTED)
    reader = own.reader
    assert isinstance(reader, FakeReader)
    assert reader.read_windows == [[[QUOTED[0].text[:40]], ["Bekçi sustu."]]]


def test_without_tokens_the_reader_alone_decides(engine: Engine) -> None:
    own = judges(engine, FakeEncoder(with_tokens=False))
    assert least_met(own, "Lokomotif", "tr", QUOTED) == 1.0
    assert supports(own, "Değirmen 1902’de yandı.", "tr", QUOTED)
