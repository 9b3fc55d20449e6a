"""The steps of an answer in order, and requests about the last one: more of it, its source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dipnot.answer.respond import Models, choice_of, consider, respond, search
from dipnot.answer.verdict import judge
from dipnot.engine import Engine
from dipnot.question.conversation import (
    quotes_of,
)
from dipnot.question.understanding import understand
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import rank
from dipnot.types import Answer, Citation, Filters, Reading, Span, Turn
from fakes import FakeEncoder, FakeReader

ASKED = "Değirmen ne zaman yandı?"


def after(engine: Engine, *questions: str) -> list[Turn]:
    history: list[Turn] = []
    for question in questions:
        history.append(Turn(question, engine.ask(question, history)[1].text))
    return history


def test_more_gives_the_next_sentences_and_none_twice(engine: Engine) -> None:
    history = after(engine, "Değirmen ne zaman yandı?")
    seen = set(quotes_of(history))
    assert seen
    for _ in range(20):
        answer = engine.ask("daha fazla", history)[1]
        text = engine.index.documents["lake"].text
        assert all(text[slice(*c.span)] == c.quote for c in answer.citations)
        quotes = {c.quote for c in answer.citations}
        assert not any(q in s for q in quotes for s in seen)
        if not quotes:
            break
        assert answer.verdict == "partial"
        seen |= quotes
        history.append(Turn("daha fazla", answer.text))
    assert answer.verdict == "not_in_text"
    assert "başka bir yer yok" in answer.text


def test_the_source_of_the_last_answer_is_given_with_its_sentence(engine: Engine) -> None:
    history = [
        Turn("Köylüler ne yaptı?", "“Köylüler kıyıya yeni evler yaptı (Yılmaz, 1990, s. 12).” [1]")
    ]
    answer = engine.ask("kaynak?", history)[1]
    assert answer.verdict == "answered"
    assert answer.citations[0].quote.startswith("Köylüler kıyıya")
    assert any("Yılmaz, 1990" in source for source in answer.citations[0].attribution)


def test_the_source_may_stand_in_the_sentence_behind(engine: Engine) -> None:
    answer = engine.ask("kaynağı ne?", [Turn("Ne oldu?", "“Göl 1887 yılında kurutuldu.” [1]")])[1]
    assert "(Yılmaz, 1990, s. 12)" in answer.citations[0].quote
    assert answer.citations[0].quote.startswith("Göl 1887")


def test_where_no_source_is_given_that_is_said(engine: Engine) -> None:
    history = [Turn("Where?", "“It ground wheat for the whole valley until the war.” [1]")]
    answer = engine.ask("source?", history)[1]
    assert answer.verdict == "partial"
    assert answer.text.startswith("The text gives no source")
    assert len(answer.citations) == 1


def test_a_quotation_that_the_texts_do_not_hold_is_not_repeated(engine: Engine) -> None:
    history = [Turn("Değirmen ne zaman yandı?", "“Uydurulmuş bir cümle.” [1]")]
    for question in ("kaynak?", "daha fazla"):
        answer = engine.ask(question, history)[1]
        assert "Uydurulmuş" not in answer.text


def test_hits_come_first_then_citations_the_text_and_the_whole(engine: Engine) -> None:
    models = Models(FakeEncoder())
    hits, *citations, text, whole = respond(engine.index, models, understand(ASKED), 3, Filters())
    assert isinstance(whole, Answer)
    assert hits == whole.hits
    assert len(whole.hits) <= 3
    assert citations == list(whole.citations) != []
    assert all(isinstance(citation, Citation) for citation in citations)
    assert text == whole.text


def test_a_search_has_nothing_read_and_an_answer_has(engine: Engine) -> None:
    reader = FakeReader()
    models = Models(FakeEncoder(), reader)
    search(engine.index, models, understand(ASKED), 5, Filters(), rerank=False)
    assert reader.read_windows == []
    list(respond(engine.index, models, understand(ASKED), 5, Filters()))
    assert reader.read_windows != []


def test_what_is_quoted_unread_is_judged_by_what_was_read(engine: Engine) -> None:
    """A sentence ranked first because all that was read is no answer is not one for that."""
    assert engine.index is not None
    models = Models(FakeEncoder(), FakeReader())
    query = make_query(understand(ASKED), models.encoder, engine.index)
    found = consider(engine.index, models, query, rank(engine.index, query, Filters()), 5)
    first, *rest = found.sentences
    wanting = Reading(-9.0, -11.0, Span(0, 0))
    unread = replace(first, score=first.score + 9, match=0.9, reading=None)
    told = replace(
        found, sentences=(unread, *(replace(s, reading=wanting) for s in rest)), coverage=1.0
    )
    _, chosen, signals = choice_of(told)
    assert [c.order for group in chosen for c in group] == [first.order]
    assert signals.evidence == -9.0
    assert judge(signals) == "not_in_text"


def test_an_answer_is_framed_in_the_questions_language_and_else_in_english(engine: Engine) -> None:
    models = Models(FakeEncoder())
    for language, framed in (("tr", "tr"), ("en", "en"), (None, "en")):
        question = replace(understand(ASKED), language=language)  # type: ignore[arg-type]
        *_, whole = respond(engine.index, models, question, 3, Filters())
        assert isinstance(whole, Answer)
        assert whole.language == framed


def test_words_are_marked_inside_what_is_quoted(engine: Engine) -> None:
    models = Models(FakeEncoder(), FakeReader())
    *_, whole = respond(engine.index, models, understand(ASKED), 5, Filters())
    assert isinstance(whole, Answer)
    for citation in whole.citations:
        assert all(0 <= h.start < h.end <= len(citation.quote) for h in citation.highlight)


class Marking(FakeReader):
    """Marks the same words in every sentence that has them, and is sure of them."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    def _of(self, question: str, sentence: str) -> Reading:
        at = sentence.find(self.words)
        own = super()._of(question, sentence)
        return own if at < 0 else Reading(9.0, 9.0, Span(at, at + len(self.words)))


@pytest.mark.parametrize(("words", "marked"), [("3 Mayıs 1902", True), ("değirmen", False)])
def test_words_that_the_question_has_itself_are_not_marked(
    engine: Engine, words: str, *, marked: bool
) -> None:
    models = Models(FakeEncoder(), Marking(words))
    *_, whole = respond(engine.index, models, understand(ASKED), 5, Filters())
    assert isinstance(whole, Answer)
    held = [c for c in whole.citations if words in c.quote]
    assert held
    assert any(c.highlight for c in held) == marked


def test_the_resolved_question_is_what_was_searched_for(engine: Engine) -> None:
    answer = engine.ask("Ne zaman yandı?", [Turn("Değirmen nerede?", "…")])[1]
    assert answer.question == "Ne zaman yandı?"
    assert answer.resolved_question == "Değirmen: Ne zaman yandı?"
