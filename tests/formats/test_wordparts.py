"""The parts of a Word file: taken out of their zip and parsed, with bounds."""

from __future__ import annotations

import pytest

from dipnot.errors import CorpusError
from dipnot.formats.docx import read
from dipnot.formats.wordnumbers import W as NAMESPACE
from dipnot.formats.wordparts import parse_part, unpack
from format_files import W, docx

OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(b"no zip", "cannot be read as DOCX", id="no zip"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"x" * 99, "encrypted, or an old .doc", id="ole"),
        pytest.param(docx({"a.xml": "x"}), "holds no Word text", id="another zip"),
        pytest.param(docx({"word/document.xml": "<a"}), "is not well-formed XML", id="cut xml"),
        pytest.param(
            docx({"word/document.xml": b" " * 5_000_000}), "5,000,000 bytes, .* times", id="bomb"
        ),
        pytest.param(
            docx({"word/document.xml": f"{OUTSIDE}<w:document {W}>&e;</w:document>"}),
            "declares a document type", id="entity",
        ),
    ],
)  # fmt: skip
def test_a_docx_that_is_none_or_means_harm_is_an_error(data: bytes, found: str) -> None:
    with pytest.raises(CorpusError, match=rf"'a\.docx'.*{found}"):
        read("a.docx", data)


def test_docx_entities_that_multiply_are_an_error() -> None:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    xml = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><w:document {W}>&l11;</w:document>'
    with pytest.raises(CorpusError, match=r"'a\.docx': 'word/document.xml'"):
        read("a.docx", docx({"word/document.xml": xml}))


def test_only_the_parts_that_are_read_are_unpacked() -> None:
    parts = unpack("a.docx", docx({"word/document.xml": "<a/>", "word/media/image1.png": b"x"}))
    assert parts == {"word/document.xml": b"<a/>"}


def test_the_names_of_strict_files_are_those_of_all_others() -> None:
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    for names in (W, strict):
        root = parse_part("a.docx", "word/document.xml", f"<w:document {names}/>".encode())
        assert root.tag == f"{NAMESPACE}document"


def test_a_part_that_is_not_there_is_none_and_a_damaged_one_is_named() -> None:
    assert parse_part("a.docx", "word/styles.xml", b"") is None
    with pytest.raises(CorpusError, match=r"'a\.docx': 'word/styles\.xml' is not well-formed"):
        parse_part("a.docx", "word/styles.xml", b"<w:styles")
