"""Questions about a text as a thing: its gist, its conclusion, a footnote, its catalogue data."""

from __future__ import annotations

import pytest

from answered import ask, considered
from dipnot.answer.about_text import about_text, bylines_of
from dipnot.engine import Engine
from dipnot.settings import Settings
from dipnot.types import Turn
from fakes import LAKE, FakeEncoder

STUDY = """Gölün Sonu

ÖZ

Bu çalışma gölün nasıl kuruduğunu anlatır.

ABSTRACT

This study tells how the lake dried up.

GİRİŞ

Göl 1887 yılında kurutuldu.[1] Köylüler kıyıya yeni evler yaptı.

SONUÇ

Göl bir daha dolmadı. Köyde balıkçı kalmadı.

[1] Bekçi defteri, 1887.
"""


@pytest.fixture
def study(settings: Settings, encoder: FakeEncoder) -> Engine:
    (settings.corpus / "lake.txt").write_text(STUDY, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    return engine


def first_quote(engine: Engine, question: str) -> str:
    return ask(engine, question).citations[0].quote


def test_catalogue_data_is_said_and_not_quoted(engine: Engine) -> None:
    answer = ask(engine, "Bu metin kaç sayfa?")
    assert (answer.verdict, answer.citations) == ("not_in_text", ())
    assert "1 sayfa" in answer.text
    assert "katalog" in ask(engine, "Hangi dergide yayımlanmış?").text


def test_the_works_that_a_text_cites_most_are_counted(
    settings: Settings, encoder: FakeEncoder
) -> None:
    (settings.corpus / "lake.txt").write_text(
        "Göl Üzerine\n\nGöl kurudu (Öz, 1990, s. 3). Köy boşaldı (Öz, 1990, s. 7). Değirmen yandı "
        "(Ak, 1985, s. 2).\n", "utf-8",
    )  # fmt: skip
    engine = Engine(settings, encoder)
    engine.load()
    told = ask(engine, "Makalenin başlıca kaynakları neler?")
    assert (told.verdict, told.citations) == ("not_in_text", ())
    assert "2 eser" in told.text
    assert told.text.index("Öz 1990 (2)") < told.text.index("Ak 1985 (1)")


def test_a_footnote_that_is_not_there_is_said_not_to_be(engine: Engine) -> None:
    assert "7" in ask(engine, "7. dipnotta ne yazıyor?").text


def test_a_text_without_an_abstract_says_what_it_is_by_how_it_begins(engine: Engine) -> None:
    answer = ask(engine, "Bu metin ne anlatıyor?")
    title, begins = answer.citations[:2]
    assert title.quote == "Göl ve Kıyısı"
    assert begins.quote.startswith("Göl 1887")


def test_the_gist_is_the_abstract_in_the_language_of_the_question(study: Engine) -> None:
    for question, begins in (
        ("Bu metin ne anlatıyor?", "Bu çalışma"),
        ("What is this text about?", "This study"),
    ):
        title, abstract = ask(study, question).citations[:2]
        assert title.quote == "Gölün Sonu"
        assert abstract.quote.startswith(begins)


def test_the_conclusion_is_what_stands_under_its_heading(study: Engine) -> None:
    answer = ask(study, "Sonuç bölümünde ne deniyor?")
    assert "Göl bir daha dolmadı." in " ".join(c.quote for c in answer.citations)
    assert "Göl 1887" not in " ".join(c.quote for c in answer.citations)


def test_a_footnote_is_quoted_by_its_label(study: Engine) -> None:
    assert first_quote(study, "Dipnot 1 ne diyor?") == "Bekçi defteri, 1887."


def test_a_part_that_no_document_has_is_left_to_the_words_of_the_texts(engine: Engine) -> None:
    found = considered(engine, "Savaş bölümü ne anlatıyor?")
    assert about_text(found, "section") is None


def test_a_text_without_keywords_says_in_its_beginning_what_it_is_about(engine: Engine) -> None:
    assert first_quote(engine, "Anahtar kelimeler neler?") == "Göl ve Kıyısı"


ACCOUNT = """# The Lake and Its Keepers

*By Ada Brook. Village papers, 3.*

The lake lay below the mill. It was deep. It was cold, too. It froze in most winters. This booklet
follows three keepers of the sluice.

## The Great Storm

Hail fell first. Then the mule went over the edge.

## What Remains

The sluice stands to this day.

## Works Cited

Green, P. (1974). *Letters from the Lake*. Dublin: Press.
"""


@pytest.fixture
def account(settings: Settings, encoder: FakeEncoder) -> Engine:
    (settings.corpus / "lake.txt").unlink()
    (settings.corpus / "lake.md").write_text(ACCOUNT, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    return engine


def test_of_its_beginning_comes_what_a_text_says_of_itself(account: Engine) -> None:
    answer = ask(account, "What is this text about?")
    assert "This booklet follows three keepers" in " ".join(c.quote for c in answer.citations)


def test_where_the_catalogue_has_no_author_the_text_may(account: Engine) -> None:
    answer = ask(account, "Who wrote this text?")
    assert answer.verdict == "answered"
    assert "Ada Brook" in answer.citations[0].quote


def test_a_text_does_not_end_with_its_bibliography(account: Engine) -> None:
    answer = ask(account, "How does the text end?")
    assert answer.citations[-1].quote == "The sluice stands to this day."


@pytest.mark.parametrize(
    "question",
    ["What does the part called The Great Storm say?", "Sum up the part about the storm, please"],
)
def test_a_part_is_asked_for_by_what_it_is_called_or_is_about(
    account: Engine, question: str
) -> None:
    assert "Hail fell first." in first_quote(account, question)


def test_which_texts_there_are_is_asked_of_dipnot(account: Engine) -> None:
    answer = ask(account, "Which texts do you have?")
    assert (answer.verdict, answer.citations) == ("no_question", ())
    assert "The Lake and Its Keepers" in answer.text
    # What was said so is no turn that a question could lean on.
    behind = ask(account, "And the mule?", Turn("Which texts do you have?", answer.text))
    assert behind.resolved_question == "And the mule?"


def test_a_text_without_a_conclusion_tells_how_it_ends(engine: Engine) -> None:
    told = about_text(considered(engine, "Metnin sonunda ne oluyor?"), "conclusion")
    assert told is not None
    assert told.groups[-1][-1].passage.text.startswith("It ground wheat")


def test_the_title_is_quoted_and_the_headings_are_told(study: Engine) -> None:
    assert first_quote(study, "Bu metnin adı ne?") == "Gölün Sonu"
    told = about_text(considered(study, "Kaç bölüm var?"), "sections")
    assert told is not None
    assert "“SONUÇ”" in told.text


def test_a_byline_is_the_line_of_the_front_that_names_the_author(
    settings: Settings, encoder: FakeEncoder
) -> None:
    byline = LAKE.replace("Göl ve Kıyısı\n", "Göl ve Kıyısı\n\nAyşe Demir\n")
    (settings.corpus / "lake.txt").write_text(byline, "utf-8")
    (settings.corpus / "corpus.toml").write_text(
        '[[document]]\nfile = "lake.txt"\nauthor = "Ayşe Demir"\n', "utf-8"
    )
    engine = Engine(settings, encoder)
    engine.load()
    groups = bylines_of(considered(engine, "Yazar kim?"))
    assert [c.passage.text for c in groups[0]][-1] == "Ayşe Demir"


def test_where_the_catalogue_names_no_author_no_line_is_a_byline(engine: Engine) -> None:
    assert bylines_of(considered(engine, "Yazar kim?")) == []


def test_the_scope_is_what_the_text_says_of_itself_and_meets_the_question_best(
    study: Engine,
) -> None:
    told = about_text(considered(study, "Bu çalışma neyi anlatır?", "lake"), "scope")
    assert told is not None
    quoted = [c.passage.text for group in told.groups for c in group]
    assert "Bu çalışma gölün nasıl kuruduğunu anlatır." in quoted
    assert not any("SONUÇ" in text for text in quoted)


def test_only_texts_that_have_a_conclusion_are_quoted_for_it(
    settings: Settings, encoder: FakeEncoder
) -> None:
    (settings.corpus / "one.md").write_text(
        "# The road\n\nThe road ran to the sea.\n\n## Conclusion\n\nThe road was lost.\n", "utf-8"
    )
    (settings.corpus / "two.md").write_text("# The pump\n\nThe pump was painted red.\n", "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    told = about_text(considered(engine, "What does the conclusion say?"), "conclusion")
    assert told is not None
    assert [c.passage.text for group in told.groups for c in group] == ["The road was lost."]


def test_the_text_whose_title_alone_has_a_word_of_the_question_is_meant(
    settings: Settings, encoder: FakeEncoder
) -> None:
    for name, title in (("one", "Minutes of the garden club"), ("two", "Handbook of the pump")):
        text = f"# {title}\n\nThis was copied by a clerk in the spring.\n"
        (settings.corpus / f"{name}.md").write_text(text, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    told = about_text(considered(engine, "Summarise the minutes copied by the clerk"), "gist")
    assert told is not None
    assert {c.document.doc_id for group in told.groups for c in group} == {"one"}
