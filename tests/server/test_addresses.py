"""Addresses of ranges of a text."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import unquote, urlsplit

import pytest

from dipnot.server.addresses import address_of
from dipnot.types import Span


@pytest.mark.parametrize("doc_id", ["lake", "göl & deniz", "a/b#c?d", "..", "<script>"])
def test_an_address_names_the_document_page_and_range(doc_id: str) -> None:
    parts = urlsplit(address_of(doc_id, 3, Span(12, 40)))
    begin, name, page = parts.path.removeprefix("/").split("/")
    assert (begin, unquote(name), page, parts.fragment) == ("text", doc_id, "p3", "c12-40")
    assert not parts.query


def test_what_a_command_prints_needs_no_web_framework() -> None:
    code = "import sys, dipnot.server.schemas; print('fastapi' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
