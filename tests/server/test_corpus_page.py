"""The corpus page as it is served: its languages, its files, and what it may load."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine, _cancelled
from dipnot.errors import CorpusError
from dipnot.formats import read_pages
from dipnot.server.api import make_app
from dipnot_ui.labels import has_label

STATIC = resources.files("dipnot.server") / "static"
WORDS = json.loads((STATIC / "corpus.json").read_text("utf-8"))


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(make_app(engine))


@pytest.mark.parametrize(
    ("query", "header", "lang"),
    [
        ("?lang=en", "tr", "en"),
        ("", "en-GB,tr;q=0.5", "en"),
        ("", "de", "en"),
        ("?lang=x", "tr-TR", "tr"),
    ],
)
def test_the_page_is_in_the_language_that_is_asked_for(
    client: TestClient, query: str, header: str, lang: str
) -> None:
    page = client.get(f"/corpus{query}", headers={"Accept-Language": header})
    assert f'<html lang="{lang}">' in page.text
    assert f"<h1>{WORDS[lang]['title']}</h1>" in page.text
    assert "{{" not in page.text


def test_the_page_runs_no_script_but_ours(client: TestClient) -> None:
    page = client.get("/corpus")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert re.findall(r"\son\w+=|style=|https?://", page.text) == []
    for name in re.findall(r'(?:src|href)="(/corpus/[\w.]+)"', page.text):
        assert client.get(name).status_code == 200
    assert client.get("/corpus/corpus.json").status_code == 404


def test_both_languages_have_the_same_words_and_the_script_uses_them() -> None:
    assert set(WORDS["tr"]) == set(WORDS["en"])
    used = (STATIC / "corpus.js").read_text("utf-8") + (STATIC / "corpus.html").read_text("utf-8")
    named = set(re.findall(r'(?:words\.|say\(")(\w+)', used)) | set(re.findall(r"{{(\w+)}}", used))
    assert named - {"words", "lang", *WORDS["said_in_turkish"]} - set(WORDS["tr"]) == set()
    for language in WORDS["tr"], WORDS["en"]:
        assert all(language.values())


def test_every_stage_of_a_build_has_its_words_here_and_in_the_chat() -> None:
    source = Path(str(resources.files("dipnot")))
    stages = {"starting"}  # what the engine says first
    for module in source.rglob("*.py"):
        if module.parent.name != "evaluation":  # its progress is the terminal's alone
            stages |= set(re.findall(r'progress\("(\w+)"', module.read_text("utf-8")))
    assert stages > {"comparing", "reading", "cutting", "embedding", "indexing", "writing"}
    for stage in stages:
        assert f"stage_{stage}" in WORDS["tr"]
        assert has_label(f"stage_{stage}") or stage == "starting"  # a rebuild is not told there


def test_holes_in_a_sentence_are_the_same_in_both_languages() -> None:
    for key, sentence in WORDS["tr"].items():
        holes = [set(re.findall(r"\{(\w+)\}", s)) for s in (sentence, WORDS["en"][key])]
        assert holes[0] == holes[1], key


def in_turkish(reason: str) -> str:
    """What the page's script makes of a sentence of the server's."""
    for pattern, told in WORDS["said_in_turkish"]["reasons"]:
        if found := re.search(pattern, reason, re.DOTALL):
            return re.sub(r"\$(\d)", lambda n: found[int(n[1])] or "", told)
    return reason


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("bozuk.pdf", b"%PDF-1.4 x", "'bozuk.pdf' PDF olarak okunamıyor"),
        ("bos.txt", b"", "'bos.txt' boş"),
        ("ikili.txt", b"a\x00b", "metin dosyası değil"),
        ("kod.txt", "Değirmen".encode("utf-16-le") + b"\xd8", "kodlaması okunamıyor|metin dosyası"),
        ("bozuk.docx", b"PK\x03\x04", "DOCX olarak okunamıyor"),
        ("eski.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "şifreli ya da|DOCX olarak okunamıyor"),
        ("derin.md", b"> " * 500 + b"a", "çok derin"),
        ("a.xyz", b"a", "okunmaz"),
    ],
)
def test_why_a_file_cannot_be_read_is_said_in_turkish(name: str, data: bytes, told: str) -> None:
    with pytest.raises(CorpusError) as raised:
        read_pages(name, data)
    said = in_turkish(str(raised.value))
    assert re.search(told, said), said
    assert "Save" not in said


def test_a_build_that_was_stopped_too_late_is_said_in_turkish() -> None:
    assert "g2 kuşağı yayımlanmıştı" in in_turkish(_cancelled("g1", "g2"))


def test_every_kind_of_doubtful_place_has_its_word() -> None:
    source = (resources.files("dipnot.document") / "oddities.py").read_text("utf-8")
    kinds = set(re.findall(r'Oddity\("([a-z ]+)"', source))
    assert kinds == set(WORDS["said_in_turkish"]["oddity"])
