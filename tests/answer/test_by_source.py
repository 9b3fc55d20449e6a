"""Questions by source and by string: the sentences that cite a work, or hold words as they are."""

from __future__ import annotations

import pytest

from answered import ask, considered
from dipnot.answer.by_source import by_source, by_string, uncited
from dipnot.engine import Engine
from dipnot.settings import Settings
from dipnot.types import Document
from fakes import RAILWAY, FakeEncoder


@pytest.mark.parametrize("question", ["Yılmaz (1990) ne diyor?", "What is cited from Yılmaz 1990?"])
def test_a_source_gives_the_sentences_that_cite_it(engine: Engine, question: str) -> None:
    answer = ask(engine, question)
    assert answer.verdict == "answered"
    assert [c.quote[:8] for c in answer.citations] == ["Köylüler"]


def test_a_quotation_is_found_where_it_stands_or_is_said_not_to_stand(engine: Engine) -> None:
    answer = ask(engine, "“bugün müzededir” nerede geçiyor?")
    assert answer.citations[0].quote == "Değirmenin taşı bugün müzededir."
    assert ask(engine, "“dün müzededir” nerede geçiyor?").verdict == "not_in_text"
    hits = engine.search("“bugün müzededir”")[1]
    assert "bugün müzededir" in hits[0].passage.text


def test_only_the_documents_that_hold_the_sources_name_are_looked_through(
    settings: Settings, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many texts there are, those that never write the name cost nothing."""
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    found = considered(engine, "Yılmaz (1990) hangi kaynak için gösteriliyor?")
    looked_at: list[str] = []
    real = Document.__getattribute__

    def watched(document: Document, name: str) -> object:
        if name == "references":
            looked_at.append(document.doc_id)
        return real(document, name)

    monkeypatch.setattr(Document, "__getattribute__", watched)
    told = by_source(found)
    assert told is not None
    assert set(looked_at) == {"lake"}


def test_of_a_limited_question_only_its_document_is_looked_through(
    settings: Settings, encoder: FakeEncoder
) -> None:
    second = "Demiryolu Üzerine\n\nTren haftada iki kez geliyordu (Yılmaz, 1990, s. 7).\n"
    (settings.corpus / "railway.txt").write_text(second, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    for doc_id in ("lake", "railway"):
        told = by_source(considered(engine, "Yılmaz (1990) ne diyor?", doc_id=doc_id))
        assert told is not None
        assert {c.document.doc_id for group in told.groups for c in group} == {doc_id}


def test_what_an_author_is_named_for_in_prose_is_told_too(
    settings: Settings, encoder: FakeEncoder
) -> None:
    (settings.corpus / "lake.txt").write_text(
        "Göl Üzerine\n\nGöl kurudu (Kaya, 1990, s. 3). Kaya’ya göre köy boşaldı. Kaya gitti. "
        "Ali kayalığa göre yolu buldu.\n",
        "utf-8",
    )
    engine = Engine(settings, encoder)
    engine.load()
    told = by_source(considered(engine, "Kaya (1990) ne diyor?"))
    assert told is not None
    quoted = [c.passage.text for group in told.groups for c in group]
    assert quoted == ["Göl kurudu (Kaya, 1990, s. 3).", "Kaya’ya göre köy boşaldı."]


def test_a_work_that_is_not_cited_for_what_is_asked_is_said_not_to_be(engine: Engine) -> None:
    found = considered(engine, "Yılmaz bekçi yangını kimseye haber vermedi diye ne diyor?")
    told = by_source(found)
    assert told is not None
    assert (told.verdict, told.groups) == ("not_in_text", [])


@pytest.mark.parametrize(
    "question", ["Yılmaz (1985) ne diyor?", "Kaya (1990) ne diyor?", "Değirmen ne zaman yandı?"]
)
def test_another_year_another_author_or_none_is_no_question_by_source(
    engine: Engine, question: str
) -> None:
    assert by_source(considered(engine, question)) is None


def test_a_thing_that_an_author_is_called_after_is_no_source(
    settings: Settings, encoder: FakeEncoder
) -> None:
    text = "# Castle\n\nThe king came from the north (King, 1990).\n\nHe built a castle there.\n"
    (settings.corpus / "castle.txt").write_text(text, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    assert by_source(considered(engine, "What is taken from king?")) is None
    for question in ("What is taken from King?", "what does king 1990 say"):
        assert by_source(considered(engine, question)) is not None


def test_a_string_gives_the_sentence_that_holds_it_and_no_other(engine: Engine) -> None:
    told = by_string(considered(engine, "“haber vermedi”"))
    assert told is not None
    (group,) = told.groups
    assert [c.passage.text for c in group] == ["Bekçi yangını kimseye haber vermedi."]
    assert by_string(considered(engine, "haber vermedi")) is None


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("What does Bell (2001) say?", True),
        ("Yılmaz (1985) ne diyor?", True),
        ("Yılmaz (1990) ne diyor?", False),
        ("What does Bell say?", False),
        ("What does Bell (2001) say, and Yılmaz (1990)?", False),
    ],
)
def test_a_work_that_no_text_names_is_said_not_to_be_cited(
    engine: Engine, question: str, refused: bool
) -> None:
    assert (uncited(considered(engine, question)) is not None) == refused
