"""The parts of a Word file: taken out of their zip and parsed, with bounds.

Owns: those bounds, and what is said where a file is damaged, encrypted or made to harm.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from typing import Any

from lxml import etree

from dipnot.errors import CorpusError, shown
from dipnot.formats.wordnumbers import W

Node = Any  # lxml names no public type for an element

_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MAX_PART = 100 * 1024 * 1024
_MAX_RATIO = 200
_DAMAGES = (  # what zipfile raises on a damaged or encrypted file
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError,
    NotImplementedError, ValueError, OverflowError,
)  # fmt: skip
_SMALL = 1024 * 1024  # below this no ratio is dangerous
_PARTS = (
    "word/document.xml", "word/styles.xml", "word/footnotes.xml", "word/endnotes.xml",
    "word/numbering.xml", "word/settings.xml", "docProps/core.xml",
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0"


def unpack(name: str, data: bytes) -> dict[str, bytes]:
    """Take the parts we read out of the zip, none larger than it may be."""
    if data.startswith(_OLE):
        raise CorpusError(
            f"{shown(name)} is encrypted, or an old .doc under another name. Open it in Word and "
            "save it as DOCX without a password."
        )
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.filename not in _PARTS:
                    continue
                ratio = info.file_size / max(info.compress_size, 1)
                if info.file_size > _MAX_PART or (ratio > _MAX_RATIO and info.file_size > _SMALL):
                    raise CorpusError(
                        f"{shown(name)}: {shown(info.filename)} unpacks to {info.file_size:,} "
                        f"bytes, {ratio:,.0f} times its size; at most {_MAX_PART:,} and "
                        f"{_MAX_RATIO} times are read. Split the file."
                    )
                with archive.open(info) as part:
                    parts[info.filename] = part.read(_MAX_PART)
    except _DAMAGES as error:
        raise CorpusError(
            f"{shown(name)} cannot be read as DOCX: {error}. Save it as DOCX again."
        ) from None
    return parts


def parse_part(name: str, part: str, data: bytes) -> Node:
    """Parse a part without entities and network; None where the file has no such part."""
    if not data:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
        remove_comments=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data.replace(_STRICT[1:-1].encode(), W[1:-1].encode()), parser)
    except (etree.LxmlError, ValueError) as error:
        raise CorpusError(
            f"{shown(name)}: {shown(part)} is not well-formed XML: {error}. Save it as DOCX again."
        ) from None
    if root.getroottree().docinfo.doctype:
        raise CorpusError(
            f"{shown(name)}: {shown(part)} declares a document type, which no Word file does. "
            "Save it as DOCX again."
        )
    return root
