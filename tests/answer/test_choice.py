"""Answers: quoted sentences as they stand, what is said of them, and saying that there are none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dipnot.answer.choice import MAX_LISTED, Candidate, choose, compose, frame
from dipnot.answer.found import candidate_of
from dipnot.engine import Engine
from dipnot.settings import Settings
from dipnot.types import LANGUAGES, Answer, Verdict
from fakes import FakeEncoder

VERDICTS: tuple[Verdict, ...] = ("answered", "partial", "not_in_text")
QUESTION = "Kıyıdaki değirmen ne zaman yandı, bekçi yangını kime haber verdi?"


def ask(engine: Engine, question: str = QUESTION) -> Answer:
    return engine.ask(question)[1]


def test_a_question_in_the_texts_own_words_is_answered_with_its_sentence(engine: Engine) -> None:
    answer = ask(engine)
    assert answer.verdict != "not_in_text"
    assert any("3 Mayıs 1902’de yandı." in c.quote for c in answer.citations)


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(st.sampled_from(
    "göl değirmen bekçi yangın 1902 mayıs yandı köylüler Yılmaz taş mill wheat war zürafa ne "
    "zaman when kim who neden".split()
), min_size=1, max_size=8))  # fmt: skip
def test_citations_are_whole_adjacent_sentences_numbered_from_one(
    engine: Engine, words: list[str]
) -> None:
    index, answer = engine.ask(" ".join(words))
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    sentences = [s for p in index.passages for s in p.sentences]
    spans = []
    for citation in answer.citations:
        text = index.documents[citation.doc_id].text
        assert text[slice(*citation.span)] == citation.quote
        assert citation.span.start in {s.start for s in sentences}
        assert citation.span.end in {s.end for s in sentences}
        assert all(0 <= start < end <= len(citation.quote) for start, end in citation.highlight)
        assert all(source in citation.quote for source in citation.attribution)
        assert any(p.passage_id == citation.passage_id for p in index.passages)
        spans.append(citation.span)
    assert not any(a.overlaps(b) for i, a in enumerate(spans) for b in spans[:i])
    within = {s for span in spans for s in sentences if span.holds(s)}
    assert len(within) <= MAX_LISTED + 1
    assert (answer.verdict == "not_in_text") == (not answer.citations)
    for citation in answer.citations:
        assert f"“{citation.quote}” [{citation.n}]" in answer.text


def test_a_sentence_with_a_source_names_it_and_is_cited(engine: Engine) -> None:
    answer = ask(engine, "Köylüler kıyıya yeni evler yaptı mı?")
    citation = next(c for c in answer.citations if "Yılmaz" in c.quote)
    assert citation.voice == "cited"
    assert any("Yılmaz, 1990, s. 12" in source for source in citation.attribution)


@pytest.mark.parametrize(
    ("question", "language"),
    [(QUESTION, "tr"), ("degirmen ne zaman yandi", "tr"), ("When was the mill rebuilt?", "en"),
     ("Когда сгорела мельница?", "en"), ("Wann brannte die Mühle 1902?", "en"), ("1902", "en")],
)  # fmt: skip
def test_the_frame_is_in_the_questions_language_and_english_for_others(
    engine: Engine, question: str, language: str
) -> None:
    answer = ask(engine, question)
    assert answer.language == language
    assert answer.text.startswith(frame(answer.verdict, answer.language))


def test_what_the_corpus_does_not_hold_is_said_with_the_nearest_places(
    settings: Settings, encoder: FakeEncoder
) -> None:
    (settings.corpus / "lake.txt").write_text("Göl kurudu.\n", "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    answer = ask(engine, "How many giraffes play chess?")
    assert (answer.verdict, answer.citations) == ("not_in_text", ())
    assert answer.text == frame("not_in_text", "en")
    assert len(answer.hits) == 1


def test_frames_differ_by_verdict_and_language_and_hold_no_quote() -> None:
    frames = {frame(v, language) for v in VERDICTS for language in LANGUAGES}
    assert len(frames) == 6
    assert compose(frame("not_in_text", "tr"), ()) == frame("not_in_text", "tr")


LISTED = """Dere Üzerine

Kasabanın imzaladığı antlaşmalar şunlardır:

- 3 Mart 1900 tarihli Birinci Dere Antlaşması,

- 5 Mayıs 1905 tarihli İkinci Dere Antlaşması,

- 7 Ocak 1910 tarihli Üçüncü Dere Antlaşması.

Köylüler bu yıllarda dereden su aldı. Başka bir iş yapmadılar.
"""


@pytest.mark.parametrize(
    "question",
    ["Kasabanın imzaladığı Dere Antlaşması tarihleri nelerdir?", "Kasabanın imzaladıkları neler?"],
)
def test_a_list_is_quoted_whole_with_the_line_that_opens_it(
    settings: Settings, encoder: FakeEncoder, question: str
) -> None:
    (settings.corpus / "dere.txt").write_text(LISTED, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    answer = ask(engine, question)
    quote = next(c.quote for c in answer.citations if "Dere Antlaşması" in c.quote)
    assert quote.startswith("Kasabanın imzaladığı antlaşmalar şunlardır:")
    assert [n for n in ("Birinci", "İkinci", "Üçüncü") if n in quote] == [
        "Birinci",
        "İkinci",
        "Üçüncü",
    ]
    assert "Köylüler" not in quote


def test_a_chronology_is_told_in_order_of_time(settings: Settings, encoder: FakeEncoder) -> None:
    text = (
        "Köprü 1950 yılında onarıldı. Usta çay içti.\n\nKöprü 1902 yılında yapıldı. Herkes sevindi."
        "\n\nKöprü 1931 yılında yandı. Kimse görmedi.\n"
    )
    (settings.corpus / "kopru.txt").write_text(text, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    answer = ask(engine, "Köprü hangi yıllarda neler yaşadı, sırasıyla?")
    years = [y for c in answer.citations for y in ("1902", "1931", "1950") if y in c.quote]
    assert years == ["1902", "1931", "1950"]


def test_a_quotation_that_points_back_comes_with_the_sentence_before_it(
    settings: Settings, encoder: FakeEncoder
) -> None:
    text = "Elçiler kışın Dere Barışı’nı imzaladı. Bu barış on yıl sürdü ve ticareti canlandırdı.\n"
    (settings.corpus / "baris.txt").write_text(text, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    answer = ask(engine, "Hangi anlaşma ticareti canlandırdı ve on yıl sürdü?")
    quote = next(c.quote for c in answer.citations if "canlandırdı" in c.quote)
    assert quote.startswith("Elçiler kışın Dere Barışı’nı imzaladı.")


def test_who_wrote_a_text_is_told_with_its_title_and_the_note_to_the_name(
    settings: Settings, encoder: FakeEncoder
) -> None:
    for path in settings.corpus.iterdir():
        path.unlink()
    (settings.corpus / "mill.md").write_text(
        "# The Mill\n\nAyşe Öz[^1]\n\n## Water\n\nThe mill burned in 1902. It was rebuilt.\n\n"
        "[^1]: Historian in İzmir.\n",
        "utf-8",
    )
    (settings.corpus / "corpus.toml").write_text(
        '[[document]]\nfile = "mill.md"\ntitle = "The Mill"\nauthor = "Ayşe Öz"\n', "utf-8"
    )
    engine = Engine(settings, encoder)
    engine.load()
    answer = ask(engine, "Who wrote this article?")
    assert answer.verdict == "answered"
    assert "Ayşe Öz" in answer.citations[0].quote
    assert "Historian in İzmir." in [c.quote for c in answer.citations]
    assert ask(engine, "Who wrote the letter?").citations != answer.citations


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Göl ve kıyısı nasıl değişti?", False),
        ("How did the lake and its shore change?", False),
        ("Makalenin başlığı Göl ve Kıyısı mı?", True),
    ],
)
def test_a_title_is_quoted_only_where_the_text_itself_is_asked_about(
    engine: Engine, question: str, *, quoted: bool
) -> None:
    answer = ask(engine, question)
    assert answer.citations
    assert any(c.kind == "front" for c in answer.citations) == quoted


def test_what_several_documents_say_alike_is_quoted_of_all_of_them(engine: Engine) -> None:
    model = candidate_of(engine.index, 0)

    def says(text: str, doc_id: str, score: float, order: int) -> Candidate:
        return replace(
            model,
            document=replace(model.document, doc_id=doc_id),
            passage=replace(model.passage, text=text, doc_id=doc_id),
            score=score,
            order=order,
        )

    alike = "Makineyi yağmurda dışarıda bırakmayınız, model {}."
    first = says(alike.format("bir"), "bir", 5.0, 0)
    other = says("Kar yağınca yollar kapanır.", "bir", 4.5, 10)
    far = says(alike.format("üç"), "üç", 0.0, 30)
    second = says(alike.format("iki"), "iki", 3.0, 20)
    groups = choose(frozenset(), [first, other, second, far])
    assert [g[0].order for g in groups] == [0, 20, 10]
