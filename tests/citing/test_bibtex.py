"""BibTeX: what is written is read back as it was."""

from __future__ import annotations

import re
from itertools import accumulate

from hypothesis import example, given
from hypothesis import strategies as st

from citing_parts import ARTICLE, BARE, BOOK, text_of
from dipnot.citing.bibtex import as_bibtex, escaped
from dipnot.citing.items import item_of

LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1
).map(lambda s: " ".join(s.split())).filter(bool)  # fmt: skip


def fields_of(entry: str) -> dict[str, str]:
    """Read the fields of one entry by its braces, all of which BibTeX counts."""
    found, at = {}, entry.index(",")
    while (head := re.compile(r",\s*(\w+) = ").match(entry, at)) is not None:
        at, depth = head.end(), 0
        while entry[at] not in ",\n" or depth:
            depth += {"{": 1, "}": -1}.get(entry[at], 0)
            at += 1
        found[head[1]] = entry[head.end() : at]
    return found


def plain(value: str) -> str:
    """What LaTeX sets of a field."""
    words = {
        r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
        r"\textbraceleft{}": "{", r"\textbraceright{}": "}",
    }  # fmt: skip
    inner = re.sub(r"^\{(.*)\}$", r"\1", value)
    return re.sub(r"\\text\w+\{\}|\\([&%$#_])", lambda m: m[1] or words[m[0]], inner)


@given(title=LINE, journal=LINE, quote=LINE)
def test_every_text_comes_back_whatever_signs_it_has(title: str, journal: str, quote: str) -> None:
    item = item_of(text_of(title=title, journal=journal))
    fields = fields_of(as_bibtex([item], {"goller": [quote]}))
    assert plain(fields["title"].removeprefix("{").removesuffix("}")) == title
    assert plain(fields["journal"]) == journal
    assert plain(fields["annote"]) == quote


@example("Bir { kaldı")
@given(LINE)
def test_braces_are_balanced(text: str) -> None:
    depths = list(accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in escaped(text)))
    assert min(depths) >= 0
    assert depths[-1] == 0


def test_an_article_and_a_book_have_the_fields_of_their_kind() -> None:
    article, book, bare = as_bibtex(map(item_of, (ARTICLE, BOOK, BARE)), {}).split("\n\n")
    assert article == (
        "@article{goller,\n  author = {Demir, Işıl},\n  title = {{Göller ve Kıyıları}},\n"
        "  year = {2023},\n  journal = {Taş Dergisi},\n  volume = {19},\n  number = {4},\n"
        "  pages = {201--230},\n  doi = {10.1000/abc},\n  langid = {turkish}\n}"
    )
    assert book.startswith("@book{kuyular,\n  author = {Şahin, İnci and Çınar, Ömer},")
    assert "address = {İzmir}" in book
    assert bare.startswith("@misc{yalin,")


def test_a_month_is_a_word_of_bibtex_and_a_body_keeps_its_name_whole() -> None:
    item = item_of(text_of(author="{Ak and Kara}", year="2001-06", url="https://a.example/{x}_y"))
    entry = as_bibtex([item], {})
    assert "  month = jun\n" in entry
    assert "author = {{Ak and Kara}}" in entry
    assert "url = {https://a.example/%7Bx%7D_y}" in entry
