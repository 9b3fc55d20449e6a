"""Citations and conversations as a reader takes them away."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from citing_parts import ARTICLE, BARE, BOOK, first, note, second
from dipnot.citing.export import ENDINGS, FORMATS, Asked, cite, export
from dipnot.citing.processor import Markup, escaped

TURNS = [
    Asked("Göl ne [zaman] kurutuldu?", "Metin der ki: “Göl” [1] “Köy” [2]", (
        first(ARTICLE), second(ARTICLE),
    )),
    Asked("Kuyu ne zaman?", "“Su” [1]", (second(BOOK),)),
    Asked("Ay kaç km?", "Metin bunu söylemiyor.", ()),
]  # fmt: skip


def test_a_note_style_gives_the_footnote_alone_and_what_it_reports_apart() -> None:
    assert cite([first(ARTICLE)], "isnad", "tr", "text") == (
        "Işıl Demir, “Göller ve Kıyıları”, Taş Dergisi 19/4 (2023), 210. "
        "Kaynak aktarımı: Soysal, 2000, s. 17-18."
    )
    assert cite([note(BARE)], "isnad", "en", "text").endswith("2. The text’s own note: 4.")


def test_a_style_of_short_citations_lists_the_work_in_full_below() -> None:
    assert cite([second(BOOK)], "apa", "en", "text") == (
        "(Şahin & Çınar, 1990, p. 211)\n\nReferences\n\nŞahin, İ., & Çınar, Ö. (1990). Kuyular. Ak."
    )
    assert "\n\nWorks Cited\n\n" in cite([second(BOOK)], "mla", "en", "text")


def test_each_note_is_a_paragraph_of_its_own_in_markdown() -> None:
    assert cite([second(BOOK), second(ARTICLE)], "isnad", "tr", "markdown").count("\n\n") == 1
    assert cite([second(BOOK), second(ARTICLE)], "isnad", "tr", "text").count("\n") == 1


def test_the_footnotes_of_a_conversation_are_numbered_through() -> None:
    text = export(TURNS, "chicago", "tr", "markdown")
    assert "## Göl ne \\[zaman\\] kurutuldu?\n\nMetin der ki: “Göl” [^1] “Köy” [^2]" in text
    assert "“Su” [^3]" in text
    assert "\n[^3]: İnci Şahin ve Ömer Çınar, *Kuyular* (Ak, 1990), 211.\n" in text
    assert text.index("## Kaynakça") < text.index("Demir, Işıl.")
    plain = export(TURNS, "chicago", "en", "text")
    assert "“Su” [3]" in plain
    assert "\n[2] Demir, “Göller ve Kıyıları,” 211.\n" in plain


def test_an_answer_without_citations_has_no_notes() -> None:
    text = export(TURNS[2:], "apa", "tr", "text")
    assert text == "Dipnot ile sorulanlar\n\nAy kaç km?\n\nMetin bunu söylemiyor."


def test_the_verdict_is_told_above_the_answer() -> None:
    part = Asked("Göl?", "“Su” [1]", (first(ARTICLE),), "partial")
    greeting = Asked("Merhaba", "Merhaba.", (), "no_question")
    assert "\n\nGöl?\n\nAnswered in part.\n\n“Su” [1]" in export([part], "apa", "en", "text")
    assert "## Göl?\n\n*Kısmen yanıtlandı.*\n\n“Su”" in export([part], "apa", "tr", "markdown")
    assert export([greeting], "apa", "tr", "text").endswith("\n\nMerhaba\n\nMerhaba.")


def test_an_answer_whose_text_has_no_marks_gets_them_at_its_end() -> None:
    asked = Asked("Göl?", "Kurutuldu.", (first(ARTICLE), second(ARTICLE)))
    assert "Kurutuldu. [1][2]" in export([asked], "apa", "tr", "text")


def test_a_mark_that_names_no_citation_is_the_answers_own() -> None:
    asked = Asked("Göl?", "[7] kez [1]", (first(ARTICLE),))
    assert "\\[7\\] kez [^1]" in export([asked], "apa", "tr", "markdown")


def test_numbers_in_brackets_that_a_text_has_stay_in_its_quotations() -> None:
    places = [
        replace(first(ARTICLE), quote="Göl 1887’de kurutuldu [2]."),
        replace(second(ARTICLE), quote="- Köylüler [1] *taşındı* [1]."),
        replace(first(BOOK), quote="Göl 1887’de kurutuldu [2].” [1] “Su bitti."),
    ]
    answer = " ".join(f"“{place.quote}” [{n}]" for n, place in enumerate(places, 1))
    turns = [Asked("a?", "“Su” [1]", (first(ARTICLE),)), Asked("b?", answer, tuple(places))]
    forms: dict[Markup, str] = {"text": "[{}]", "markdown": "[^{}]"}
    for format_, form in forms.items():
        safe = escaped if format_ == "markdown" else str
        expected = " ".join(
            f"{safe(f'“{place.quote}”')} {form.format(n)}" for n, place in enumerate(places, 2)
        )
        assert f"\n\n{expected}\n\n" in export(turns, "chicago", "tr", format_)
    unmarked = Asked("c?", f"“{places[0].quote}”", tuple(places[:1]))
    assert f"“{places[0].quote}” [1]\n" in export([unmarked], "chicago", "tr", "text")


@pytest.mark.parametrize("format_", ["bibtex", "ris", "csl-json"])
def test_a_program_gets_each_text_once_with_what_was_quoted(format_: str) -> None:
    text = export(TURNS, "apa", "tr", format_)  # type: ignore[arg-type]
    assert text.count("Kuyular") == 1
    assert "“Köylüler taşındı.” (s. 211)" in text
    assert "Köylüler" not in cite([second(BOOK)], "apa", "tr", format_)  # type: ignore[arg-type]


def test_csl_json_holds_what_the_styles_are_written_of() -> None:
    (item,) = json.loads(cite([first(ARTICLE)], "apa", "tr", "csl-json"))
    assert item["container-title"] == "Taş Dergisi"
    assert item["issued"] == {"date-parts": [[2023]]}
    assert "\ue000" not in json.dumps(item)


def test_every_format_has_an_ending() -> None:
    assert set(ENDINGS) == set(FORMATS)
