"""Raised figures and letters: powers, ordinals, or markers of notes."""

from __future__ import annotations

import pytest

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.formats.raised import RAISED, as_text, is_power, plain_label, raised_text
from dipnot.types import Document, Mark, Source


def read(name: str, data: str | bytes) -> Document:
    raw = data.encode() if isinstance(data, str) else data
    return make_document(Source(name, "a"), read_pages(name, raw))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("10<sup>6</sup> çuval", "10⁶ çuval"),
        ("40 m<sup>2</sup> idi", "40 m² idi"),
        ("<i>x</i><sup>n+1</sup> idi", "xⁿ⁺¹ idi"),
        ("E=mc<sup>2</sup>.", "E=mc²."),
        ("the 19<sup>th</sup> century", "the 19th century"),
        ("<sup>14</sup>C ile", "¹⁴C ile"),
        ("H<sub>2</sub>O ve SO<sub>4</sub><sup>2-</sup>", "H₂O ve SO₄²⁻"),
        ("köprü kuruldu.<sup>7</sup> Sonra", "köprü kuruldu. Sonra"),
    ],
)
def test_what_is_raised_and_leads_nowhere_is_a_power_an_ordinal_or_a_lonely_mark(
    html: str, text: str
) -> None:
    document = read("a.html", f"<p>{html}</p>")
    assert document.text == text
    assert document.footnotes == ()


@pytest.mark.parametrize(
    ("before", "label", "power"),
    [
        ("Alan 40 m", "2", True), ("10", "6", True), ("x", "2", True), ("the 19", "e", True),
        ("E=mc", "2", True), ("kuruldu.", "1", False), ("köprü", "12", False), ("1887", "3", False),
    ],
)  # fmt: skip
def test_what_stands_before_it_tells_a_power_from_a_marker(
    before: str, label: str, *, power: bool
) -> None:
    assert is_power(before, Mark(RAISED, label, len(before))) == power


def test_a_figure_behind_a_word_stays_a_marker_and_a_power_becomes_text() -> None:
    words, mark = as_text("kuruldu.", Mark(RAISED, "7", 8), marks_notes=False)
    assert (words, mark and mark.label) == ("", "7")
    assert as_text("Alan 40 m", Mark(RAISED, "2", 9), marks_notes=True) == ("²", None)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("sin<sup>2</sup> x ve log<sup>2</sup> n", "sin² x ve log² n"),
        ("|x|<sup>2</sup> ve f(x)<sup>2</sup> idi", "|x|² ve f(x)² idi"),
        ("Cs<sup>137</sup> ile Sr<sup>90</sup> idi", "Cs¹³⁷ ile Sr⁹⁰ idi"),
        (
            "köprü<sup>1</sup> ile göl<sup>2</sup> ve ada<sup>3</sup> idi",
            "köprü ile göl ve ada idi",
        ),
    ],
)
def test_a_figure_behind_a_word_is_kept_unless_raised_figures_mark_notes(
    html: str, text: str
) -> None:
    assert read("a.html", f"<p>{html}</p>").text == text


def test_a_figure_behind_a_word_is_a_lonely_mark_beside_notes_that_are_tied() -> None:
    page = "<p>Göl<sup>1</sup> kurudu, ada<sup>5</sup> battı.</p><hr><p><sup>1</sup> Yazın.</p>"
    assert read("a.html", page).text.startswith("Göl kurudu, ada battı.")


@pytest.mark.parametrize(("raised", "label"), [("[1]", "1"), ("(a)", "a"), ("*", "*"), ("th", "")])
def test_a_label_is_taken_out_of_its_brackets(raised: str, label: str) -> None:
    assert plain_label(raised) == label
    assert raised_text("n+1") == "ⁿ⁺¹"
    assert raised_text("th") == ""
