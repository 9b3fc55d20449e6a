"""Words that answer for another name of the same sentence are not given as the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from dipnot.answer.found import candidate_of
from dipnot.answer.respond import Models, consider, respond
from dipnot.answer.rivals import belongs_to_another
from dipnot.engine import Engine
from dipnot.index.build import Index
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import rank
from dipnot.settings import Settings
from dipnot.types import Answer, Filters, Reading, Span, Turn
from fakes import FakeEncoder, FakeReader

TWO = "Dere Paktı’ndan sonra 8 Temmuz 1937’de Tepe Paktı imzalandı."
OWN = "Dere Paktı ise 9 Mart 1934’te imzalandı."
SAME = "Köprü Anlaşması (Tepe Paktı) 8 Temmuz 1937’de imzalandı."


class Knowing(FakeReader):
    """Knows of each sentence which name its date is for; keeps what it was asked."""

    def __init__(self, belongs: dict[str, str]) -> None:
        super().__init__()
        self.belongs = belongs
        self.asked: list[str] = []

    def _of(self, question: str, sentence: str) -> Reading:
        self.asked.append(question)
        name = self.belongs.get(sentence, "?")
        logit = 5.0 if name in question else 2.0
        at = max(sentence.find("1937"), sentence.find("1934"), 0)
        return Reading(logit, logit, Span(at, at + 4))


def index_of(folder: Path, text: str) -> Index:
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "paktlar.txt").write_text(f"{text}\n", "utf-8")
    engine = Engine(Settings(corpus=corpus, index=folder / "index"), FakeEncoder())
    engine.load()
    assert engine.index is not None
    return engine.index


def judged(index: Index, reader: Knowing, question: str) -> bool:
    models = Models(FakeEncoder(), reader)
    query = make_query(understand(question), models.encoder, index)
    found = consider(index, models, query, rank(index, query, Filters()), 5)
    reader.asked.clear()
    return belongs_to_another(found, candidate_of(index, 0), reader)


@pytest.mark.parametrize(
    ("question", "others", "another"),
    [
        ("Dere Paktı ne zaman imzalandı?", ["Tepe Paktı ne zaman imzalandı?"], True),
        ("Tepe Paktı ne zaman imzalandı?", ["Dere Paktı ne zaman imzalandı?"], False),
        # Of another kind, or of no name: there is nothing to exchange.
        ("Dere ne zaman kurudu?", [], False),
        ("pakt ne zaman imzalandı?", [], False),
    ],
)
def test_a_question_is_asked_of_each_other_name_of_its_kind(
    tmp_path: Path, question: str, others: list[str], another: bool
) -> None:
    reader = Knowing({TWO: "Tepe"})
    assert judged(index_of(tmp_path, TWO), reader, question) is another
    assert reader.asked[1:] == others


def test_two_names_of_one_thing_are_no_rivals(tmp_path: Path) -> None:
    reader = Knowing({SAME: "Köprü"})
    assert not judged(index_of(tmp_path, SAME), reader, "Tepe Paktı ne zaman imzalandı?")
    assert reader.asked == []


def answer_of(index: Index, reader: Knowing, question: str, *before: Turn) -> Answer:
    models = Models(FakeEncoder(), reader)
    *_, whole = respond(index, models, understand(question, before), 5, Filters())
    assert isinstance(whole, Answer)
    return whole


def test_the_sentence_that_is_on_the_name_comes_first(tmp_path: Path) -> None:
    index = index_of(tmp_path, f"{TWO} {OWN}")
    answer = answer_of(index, Knowing({TWO: "Tepe", OWN: "Dere"}), "Dere Paktı ne zaman imzalandı?")
    assert answer.citations[0].quote.startswith(OWN)
    assert [answer.citations[0].quote[slice(*h)] for h in answer.citations[0].highlight] == ["1934"]


def test_where_nothing_else_answers_no_words_are_marked_and_it_is_partial(tmp_path: Path) -> None:
    index = index_of(tmp_path, TWO)
    answer = answer_of(index, Knowing({TWO: "Tepe"}), "Dere Paktı ne zaman imzalandı?")
    assert answer.verdict == "partial"
    assert answer.confidence is None
    assert all(not c.highlight for c in answer.citations)


@pytest.mark.parametrize(
    ("question", "verdict"), [("Peki Ayşe?", "answered"), ("Peki Mehmet?", "partial")]
)
def test_who_took_the_place_of_another_must_be_named_in_what_is_quoted(
    tmp_path: Path, question: str, verdict: str
) -> None:
    told = "Ali Dere Paktı’nı 9 Mart 1934’te imzaladı, Ayşe ise 12 Nisan 1937’de."
    before = Turn("Ali Dere Paktı’nı ne zaman imzaladı?", f"“{told}” [1]")
    answer = answer_of(index_of(tmp_path, told), Knowing({told: "Dere"}), question, before)
    assert (answer.verdict, answer.citations[0].quote) == (verdict, told)
    assert bool(answer.citations[0].highlight) == (verdict == "answered")
