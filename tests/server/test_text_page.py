"""The plain page of a text: a citation's address leads to its marked place, and no text acts."""

from __future__ import annotations

import re
from html import unescape

from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.question.exact import exact_in
from dipnot.server.addresses import address_of
from dipnot.server.api import make_app
from dipnot.settings import Settings
from dipnot.types import Span
from fakes import FakeEncoder

OUR_SCRIPT = '<script type="module" src="/look/text.js">'


def shown(engine: Engine, path: str, status: int = 200, lang: str = "en") -> str:
    response = TestClient(make_app(engine)).get(path, headers={"Accept-Language": lang})
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert set(re.findall("<script[^>]*>", response.text)) <= {OUR_SCRIPT}
    return response.text


def words_of(html: str) -> str:
    sheet = html.partition('<article class="sheet"')[2].partition("</article>")[0]
    return unescape(re.sub(r"<[^>]*>", "", sheet))


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
    assert re.search(r'<p lang="en"[^>]*><span class="s" data-at="', html)
    assert re.search(r'<h2 id="h\d+">GİRİŞ</h2>', html)
    assert html.count("<main>") == 1


def test_hostile_text_stays_text(settings: Settings) -> None:
    evil = '<script>alert(1)</script> & "x" \'></style>'
    (settings.corpus / "evil.txt").write_text(f"{evil}\n\nGöl {evil} kurudu. Su bitti.\n", "utf-8")
    engine = Engine(settings, FakeEncoder())
    engine.load()
    html = shown(engine, "/text/evil/p1")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html
    assert "</style>" not in html


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


def test_what_is_searched_for_is_marked_and_every_place_is_listed(engine: Engine) -> None:
    html = shown(engine, "/text/lake/p1?find=GOL")
    assert re.search(r'<mark class="hit" id="f\d+">[Gg]öl</mark>', html)
    assert html.count("<mark") == html.count("</mark>")
    assert len(re.findall(r'id="f\d+"', html)) == len(set(re.findall(r'id="f\d+"', html)))
    assert not re.search(r"<mark[^>]*><mark", html)
    listed = re.findall(r'href="/text/lake/p1\?find=GOL#f(\d+)"', html)
    assert listed == sorted(set(listed), key=int)
    assert all(f'id="f{start}"' in html for start in listed)
    assert words_of(html) == words_of(shown(engine, "/text/lake/p1"))
    assert "metinde geçmiyor" in shown(engine, "/text/lake/p1?find=%3Cb%3E")
    assert "<b>" not in shown(engine, "/text/lake/p1?find=%3Cb%3E")


def test_the_words_around_the_text_are_in_the_language_that_is_asked_for(engine: Engine) -> None:
    html = shown(engine, "/text/lake/p1?lang=en&find=x")
    assert '<html lang="en">' in html
    assert "does not occur in the text" in html
    assert '<html lang="tr">' in shown(engine, "/text/lake/p1?lang=%22%3E")


def test_a_wrong_address_says_so(engine: Engine, settings: Settings) -> None:
    for path in ("/text/x/p1", "/text/lake/p2", "/text/lake/p0", "/text/lake/p-1", "/text",
                 "/text/lake", "/text/lake/p1/x", "/text/%3Cb%3E/p1",
                 f"/text/lake/p{'9' * 5000}", "/text/lake/p", "/text/lake/p1x"):  # fmt: skip
        assert "There is no" in shown(engine, path, 404) or "has no page" in shown(
            engine, path, 404
        )
    assert "Run `.venv/bin/dipnot build`" in shown(Engine(settings), "/text/lake/p1", 503)
    assert "Bu adreste bir sayfa yok" in shown(engine, "/text/lake/p99", 404, "tr")


def test_asking_about_a_sentence_is_not_asking_for_the_sentence(engine: Engine) -> None:
    for lang in ("tr", "en"):
        (about,) = re.findall('data-about="([^"]*)"', shown(engine, "/text/lake/p1", lang=lang))
        assert exact_in(unescape(about).replace("{quote}", "Kıyıdaki değirmen yandı.")) == ()
