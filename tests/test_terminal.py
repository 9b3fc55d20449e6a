"""What the commands print of hits, quotations and checks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Self

import pytest

from dipnot import terminal
from dipnot.engine import Engine
from dipnot.errors import CorpusError, IndexMissing
from dipnot.settings import Settings
from dipnot.types import Language

PLACE = {"title": "Göl", "headings": ["Kıyı", "GİRİŞ"], "page": 3, "page_end": 3}


def test_a_place_has_title_innermost_section_and_pages() -> None:
    assert terminal.place_of(SimpleNamespace(**PLACE), "tr") == "Göl, GİRİŞ, s. 3"
    over = SimpleNamespace(**{**PLACE, "page_end": 4, "headings": []})
    assert terminal.place_of(over, "tr") == "Göl, s. 3-4"


@pytest.mark.parametrize(
    ("told", "lang", "place"),
    [
        ({"label": "210"}, "tr", "Işıl Demir, Göl, 2019, GİRİŞ, s. 210"),
        ({"label": "xiv"}, "en", "Işıl Demir, Göl, 2019, GİRİŞ, p. xiv"),
        ({"label": "210", "page_end": 4}, "en", "Işıl Demir, Göl, 2019, GİRİŞ, pp. 210-211"),
        ({"label": None, "author": None, "year": None}, "en", "Göl, GİRİŞ, p. 3"),
    ],
)
def test_a_place_names_author_year_and_the_printed_page_in_the_readers_language(
    told: dict[str, Any], lang: Language, place: str
) -> None:
    item = SimpleNamespace(**{**PLACE, "author": "Işıl Demir", "year": 2019, **told})
    assert terminal.place_of(item, lang) == place


def test_what_is_written_is_printed_sentence_by_sentence_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said: list[str] = []

    def parts() -> Iterator[object]:
        yield ()
        yield "Göl kurudu [1]. "
        said.append(capsys.readouterr().out)
        yield "Metinde: “Göl.” [1]"
        yield "whole"

    assert terminal.streamed(parts()) == terminal.last(parts()) == "whole"
    assert said == ["Göl kurudu [1].\n", ""]
    assert capsys.readouterr().out == ""


def test_a_quotation_is_printed_with_its_footnote_and_sources(
    capsys: pytest.CaptureFixture[str],
) -> None:
    citation = SimpleNamespace(
        n=2, quote="Göl kurudu.", highlight=[(0, 3)], attribution=["Yılmaz, 1990"],
        notes=[SimpleNamespace(label="4", text="Bkz. harita.")], **PLACE,
    )  # fmt: skip
    terminal.print_citations([citation], "tr")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "", "   Göl kurudu.", "   [2] Göl, GİRİŞ, s. 3; Yılmaz, 1990",
        "       note 4: Bkz. harita.",
    ]  # fmt: skip


def test_nothing_of_a_text_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Göl\x1b]0;x\x07 kurudu\x9b2J\u202e."
    place = {**PLACE, "title": "G\x1b[31möl"}
    note = SimpleNamespace(label=text, text=text)
    citation = SimpleNamespace(
        n=1, quote=text, highlight=[], attribution=[text], notes=[note], **place
    )
    terminal.print_hits([SimpleNamespace(rank=1, text=text, **place)], "en")
    terminal.print_citations([citation], "tr")
    assert all(line.isprintable() for line in capsys.readouterr().out.splitlines())


def test_no_letter_of_a_text_is_taken_for_a_mark(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = "Göl \ue000 \x02kurudu."
    citation = SimpleNamespace(
        n=1, quote=quote, highlight=[(0, 3)], attribution=[], notes=[], **PLACE
    )
    terminal.print_citations([citation], "tr")
    assert "\x1b" not in capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    terminal.print_citations([citation], "tr")
    assert capsys.readouterr().out.splitlines()[1] == "   \x1b[1mGöl\x1b[0m kurudu."


def test_long_lines_are_broken_at_the_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    terminal.print_hits([SimpleNamespace(rank=1, text="söz " * 60, **PLACE)], "tr")
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 40


@pytest.mark.parametrize(
    ("stands", "as_cited", "said"),
    [(True, True, "It stands word for word."), (True, False, "It stands, but not as cited."),
     (False, False, "It does not stand in the texts.")],
)  # fmt: skip
def test_a_check_says_whether_a_quotation_stands(
    capsys: pytest.CaptureFixture[str], said: str, *, stands: bool, as_cited: bool
) -> None:
    check = SimpleNamespace(stands=stands, as_cited=as_cited, places=[], nearest=None)
    terminal.print_check(check, "tr")
    assert capsys.readouterr().out.strip() == said


def test_json_keeps_letters() -> None:
    shape = SimpleNamespace(model_dump_json=lambda indent: json.dumps("göl", ensure_ascii=False))
    assert terminal.as_json(shape) == '"göl"'


def test_a_named_corpus_must_be_there(settings: Settings) -> None:
    terminal.check_corpus(None, Settings())
    terminal.check_corpus("corpus", settings)
    with pytest.raises(CorpusError, match=r"'nowhere' does not exist"):
        terminal.check_corpus("nowhere", Settings(corpus=settings.index / "nowhere"))


def test_without_an_index_no_server_is_looked_for(settings: Settings) -> None:
    with pytest.raises(IndexMissing), terminal.server_of(settings):
        pass


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("http://127.0.0.1:8123\n", "http://127.0.0.1:8123"),
        ("http://[::1]:8123", "http://[::1]:8123"),
        ("file:///etc/passwd", "http://127.0.0.1:7860"),
        ("http://127.0.0.1:8123/x?y", "http://127.0.0.1:7860"),
        (None, "http://127.0.0.1:7860"),
    ],
)
def test_a_server_is_found_where_it_says_that_it_serves_the_index(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, told: str | None, found: str
) -> None:
    class Anywhere:
        def __init__(self, url: str, token: str | None) -> None:
            self.url, self.token = url, token

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def reachable(self) -> SimpleNamespace:
            return SimpleNamespace(generation=engine.index.manifest.generation)

    monkeypatch.setattr(terminal, "Dipnot", Anywhere)
    file = engine.settings.address_file
    assert file is not None
    if told is not None:
        file.write_text(told, "utf-8")
    with terminal.server_of(engine.settings) as server:
        assert isinstance(server, Anywhere)
        assert server.url == found
