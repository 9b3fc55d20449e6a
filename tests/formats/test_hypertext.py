"""Footnotes of an HTML page: which links are markers, and where their notes stand."""

from __future__ import annotations

import lxml.html
import pytest

from dipnot.formats.hypertext import Notes, find_notes


def found(body: str) -> Notes:
    return find_notes(lxml.html.document_fromstring(f"<html><body>{body}</body></html>"))


@pytest.mark.parametrize(
    ("marker", "note"),
    [
        ('<sup><a href="#fn1">1</a></sup>', '<p id="fn1">Not</p>'),
        ('<a href="#n" role="doc-noteref">*</a>', '<aside id="n" role="doc-footnote">Not</aside>'),
        ('<a href="#_ftn1">[1]</a>', '<p><a name="_ftn1">[1]</a> Not</p>'),
    ],
)
def test_a_marker_is_tied_to_the_block_that_its_link_leads_to(marker: str, note: str) -> None:
    notes = found(f"<p>Göl{marker}</p>{note}")
    ((key, label),) = notes.markers.values()
    assert notes.bodies[key][0] == label
    assert "Not" in notes.bodies[key][1].text_content()


@pytest.mark.parametrize(
    "body",
    [
        '<p>Bkz. <a href="#giris">Giriş</a></p><h2 id="giris">Giriş</h2>',
        '<p>Bkz. <a href="https://a.b/#fn1">1</a></p>',
        "<p>10<sup>6</sup></p>",
    ],
)
def test_other_links_and_powers_are_no_markers(body: str) -> None:
    notes = found(body)
    assert notes.markers == {}
    assert notes.bodies == {}


def test_a_marker_without_its_note_is_a_marker_all_the_same() -> None:
    notes = found('<p>Göl<sup><a href="#fn1">1</a></sup></p>')
    assert list(notes.markers.values()) == [("fn1", "1")]
    assert notes.bodies == {}


def test_a_link_back_to_a_marker_is_no_marker_and_a_note_may_be_a_table() -> None:
    notes = found(
        '<p>Göl.<a class="footnote-reference" href="#f1" id="r1">[1]</a></p><table id="f1" '
        'class="docutils footnote"><tr><td class="label"><a class="fn-backref" href="#r1">[1]</a>'
        "</td><td>Not</td></tr></table>"
    )
    assert [label for _, label in notes.markers.values()] == ["1"]
    ((_, body),) = notes.bodies.values()
    assert body.tag == "table"


def test_a_word_before_a_note_in_the_margin_is_no_mark_of_it() -> None:
    notes = found('<p>Göl <a href="x">kıyısında</a><span class="sidenote">Not</span> durur.</p>')
    assert [e.tag for e in notes.left_out] == ["span"]


def test_a_note_in_a_list_of_definitions_stands_behind_its_label() -> None:
    notes = found('<p>Göl<sup><a href="#n">1</a></sup></p><dl><dt id="n">1<dd>Not</dl>')
    ((_, body),) = notes.bodies.values()
    assert body.text_content() == "Not"
    assert {"dt", "dd"} <= {e.tag for e in notes.left_out}
