"""Numbers that Word prints without their being typed."""

from __future__ import annotations

import pytest

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.formats.wordnumbers import as_printed
from dipnot.types import Document, Source
from format_files import paragraph, word


def read(name: str, data: str | bytes) -> Document:
    raw = data.encode() if isinstance(data, str) else data
    return make_document(Source(name, "a"), read_pages(name, raw))


def numbered(text: str, level: int = 0, number: int = 1) -> str:
    return paragraph(
        text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )


def rule(level: int, form: str, text: str) -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


@pytest.mark.parametrize(
    ("number", "form", "printed"),
    [
        (4, "decimal", "4"), (4, "decimalZero", "04"), (4, "lowerRoman", "iv"),
        (9, "upperRoman", "IX"), (28, "lowerLetter", "bb"), (3, "upperLetter", "C"),
        (1, "chicago", "*"), (6, "chicago", "††"), (3, "bullet", ""), (2, "unheard of", "2"),
        (10**9, "lowerLetter", "fff" + "f"),
    ],
)  # fmt: skip
def test_numbers_look_as_word_prints_them(number: int, form: str, printed: str) -> None:
    assert as_printed(number, form)[:4] == printed


def test_numbers_of_several_levels_count_and_begin_anew() -> None:
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{rule(0, "upperRoman", "%1.")}'
        f"{rule(1, 'decimal', '%1.%2.')}</w:abstractNum>"
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    )
    body = (
        numbered("Bir.") + numbered("İki.", 1) + numbered("Üç.", 1) + numbered("Dört.")
        + numbered("Beş.", 1) + numbered("Altı.", 0, 2) + numbered("Yedi.", 0, 99)
    )  # fmt: skip
    document = read("a.docx", word(body, numbering=numbering))
    assert document.text.split("\n\n") == [
        "I. Bir.", "I.1. İki.", "I.2. Üç.", "II. Dört.", "II.1. Beş.", "VII. Altı.", "Yedi.",
    ]  # fmt: skip


def test_notes_are_numbered_as_their_section_says() -> None:
    def note(number: int) -> str:
        return f"<w:p><w:r><w:t>Söz.</w:t></w:r><w:r>{reference(number)}</w:r></w:p>"

    def reference(number: int) -> str:
        return f'<w:footnoteReference w:id="{number}"/>'

    def section(form: str) -> str:
        kind = f'<w:numFmt w:val="{form}"/><w:numRestart w:val="eachSect"/>'
        return f"<w:sectPr><w:footnotePr>{kind}</w:footnotePr></w:sectPr>"

    first = note(1) + note(2) + f"<w:p><w:pPr>{section('upperLetter')}</w:pPr></w:p>"
    footnotes = "".join(
        f'<w:footnote w:id="{i}"><w:p><w:r><w:t>Not {i}.</w:t></w:r></w:p></w:footnote>'
        for i in (1, 2, 3)
    )
    document = read("a.docx", word(first + note(3) + section("chicago"), footnotes=footnotes))
    assert [note.label for note in document.footnotes] == ["A", "B", "*"]
