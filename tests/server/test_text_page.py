"""The plain page of a text: a citation's address leads to its marked place, and no text acts."""

from __future__ import annotations

import re
from html import unescape

from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.text_page import address_of
from dipnot.settings import Settings
from dipnot.types import Span
from fakes import FakeEncoder


def shown(engine: Engine, path: str, status: int = 200) -> str:
    response = TestClient(make_app(engine)).get(path)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "<script" not in response.text
    return response.text


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html.split("</style>", 1)[1]))


def test_every_run_of_sentences_has_its_anchor_once(engine: Engine) -> None:
    html = shown(engine, "/text/lake/p1")
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    places = engine.index.places
    sentences = list(places.sentences_of("lake"))
    for first in sentences:
        for last in sentences[first : first + 3]:
            span = Span(int(places.starts[first]), int(places.ends[last]))
            assert address_of("lake", 1, span).split("#")[1] in ids


def test_the_page_holds_the_text_word_for_word_with_headings_and_languages(engine: Engine) -> None:
    html = shown(engine, "/text/lake/p1")
    told = words_of(html)
    for sentence in engine.index.places.sentences_of("lake"):
        assert engine.index.sentence(sentence).text in told
    assert '<html lang="tr">' in html
    assert '<p lang="en"><span class="s">' in html
    assert ">GİRİŞ</h2>" in html
    assert html.count("<main>") == 1


def test_hostile_text_stays_text(settings: Settings) -> None:
    evil = '<script>alert(1)</script> & "x" \'></style>'
    (settings.corpus / "evil.txt").write_text(f"{evil}\n\nGöl {evil} kurudu. Su bitti.\n", "utf-8")
    engine = Engine(settings, FakeEncoder())
    engine.load()
    html = shown(engine, "/text/evil/p1")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert html.count("</style>") == 1


def test_pages_link_to_one_another_and_sentences_go_on_over_the_break(settings: Settings) -> None:
    (settings.corpus / "two.txt").write_text(
        "Göl Üzerine\n\nGöl kurudu. Köylüler kıyıya\n\fyeni evler yaptı. Su bitti.\n", "utf-8"
    )
    engine = Engine(settings, FakeEncoder())
    engine.load()
    first, second = shown(engine, "/text/two/p1"), shown(engine, "/text/two/p2")
    assert "Köylüler kıyıya yeni evler yaptı." in words_of(first)
    assert "Su bitti." not in words_of(first)
    assert 'rel="next" href="/text/two/p2"' in first
    assert 'rel="prev" href="/text/two/p1"' in second


def test_a_wrong_address_says_so(engine: Engine, settings: Settings) -> None:
    for path in ("/text/x/p1", "/text/lake/p2", "/text/lake/p0", "/text/lake/p-1", "/text",
                 "/text/lake", "/text/lake/p1/x", "/text/%3Cb%3E/p1"):  # fmt: skip
        assert "There is no" in shown(engine, path, 404) or "has no page" in shown(
            engine, path, 404
        )
    assert "Run `.venv/bin/dipnot build`" in shown(Engine(settings), "/text/lake/p1", 503)
