"""What the styles of a Word file say: roles, levels and looks."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from dipnot.formats.wordnumbers import W
from dipnot.formats.wordstyles import Styles, read_styles
from format_files import W as NAMES


def styles(content: str) -> Styles:
    return read_styles(etree.fromstring(f"<w:styles {NAMES}>{content}</w:styles>"))


def style(style_id: str, name: str, more: str = "") -> str:
    return f'<w:style w:styleId="{style_id}"><w:name w:val="{name}"/>{more}</w:style>'


def run_of(style_id: str, look: str = "") -> Any:
    paragraph = etree.fromstring(
        f'<w:p {NAMES}><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr>'
        f"<w:r><w:rPr>{look}</w:rPr></w:r></w:p>"
    )
    return paragraph.find(f"{W}r")


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("heading 2", ("heading", 2)), ("Title", ("title", 0)), ("Quote", ("quotation", 0)),
        ("List Bullet", ("list", 0)), ("Normal", None),
    ],
)  # fmt: skip
def test_names_of_styles_tell_roles(name: str, role: tuple[str, int] | None) -> None:
    assert styles(style("a", name)).roles.get("a") == role


def test_a_style_has_the_role_of_the_one_it_is_based_on_unless_it_says_its_own() -> None:
    based = '<w:basedOn w:val="h"/>'
    found = styles(
        style("h", "heading 1") + style("x", "Bölüm", based) + style("t", "Title", based)
    )
    assert found.roles == {"h": ("heading", 1), "x": ("heading", 1), "t": ("title", 0)}


def test_styles_based_on_each_other_in_a_circle_are_read() -> None:
    circle = style("a", "A", '<w:basedOn w:val="b"/>') + style("b", "B", '<w:basedOn w:val="a"/>')
    assert styles(circle).roles == {}


def test_the_look_of_a_run_comes_before_its_styles_and_the_defaults_come_last() -> None:
    found = styles(
        "<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='20'/></w:rPr></w:rPrDefault>"
        "</w:docDefaults>" + style("b", "Kalın", "<w:rPr><w:b/></w:rPr>") + style("n", "Normal")
    )
    assert found.bold_of(run_of("b"))
    assert not found.bold_of(run_of("b", '<w:b w:val="0"/>'))
    assert not found.bold_of(run_of("n"))
    assert found.size_of(run_of("n")) == 20
    assert found.size_of(run_of("n", '<w:sz w:val="28"/>')) == 28


def test_styles_that_raise_and_styles_of_contents_are_known() -> None:
    raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    found = styles(style("r", "Üst", raised) + style("c", "toc 1"))
    assert (found.raised, found.contents) == ({"r"}, {"c"})
    assert read_styles(None).roles == {}
