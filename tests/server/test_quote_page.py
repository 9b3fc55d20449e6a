"""The page that checks a quotation: what it says in both languages; no text acts on it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.api import make_app
from fakes import FakeEncoder


@pytest.fixture
def browser(engine: Engine) -> TestClient:
    return TestClient(make_app(engine), headers={"Accept-Language": "tr"})


def sentence_of(engine: Engine) -> str:
    """A sentence of the lake's text that is on its first page, of more than a few words."""
    sentences = engine.index.places.sentences_of("lake")
    texts = (engine.index.sentence(number).text for number in sentences)
    return next(text for text in texts if len(text.split()) > 5 and text[0].isupper())


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_a_quotation_that_stands_is_shown_with_its_footnote_and_a_link_to_its_place(
    browser: TestClient, engine: Engine
) -> None:
    quote = sentence_of(engine)
    page = browser.get("/verify", params={"quote": quote.upper(), "doc": "lake", "page": "1"})
    assert page.status_code == 200
    assert 'data-stands="true"' in page.text
    assert quote in words_of(page.text.partition("<blockquote")[2])
    address = re.findall(r'href="(/text/lake/p1#c\d+-\d+)"', page.text)[0]
    assert browser.get(address).status_code == 200
    assert "büyük ya da küçük harf" in page.text
    elsewhere = browser.get("/verify", params={"quote": quote, "page": "99"}).text
    assert "gösterilen yerde değil" in elsewhere


def test_of_a_quotation_that_does_not_stand_the_nearest_place_is_shown_with_what_differs(
    browser: TestClient, engine: Engine
) -> None:
    words = sentence_of(engine).split()
    changed = " ".join([*words[:2], "uydurma", *words[3:]])
    page = browser.get("/verify", params={"quote": changed, "lang": "en"}).text
    assert 'data-stands="false"' in page
    assert "<del>uydurma</del>" in page
    assert f"<ins>{words[2]}</ins>" in page
    assert "the quotation has" in page
    longer = " ".join([*words[:3], "fazladan", *words[3:]])
    page = browser.get("/verify", params={"quote": longer}).text
    assert re.search(rf"{words[2]}\W+<del>fazladan</del>", page), "it stands where it was put in"
    nowhere = browser.get("/verify", params={"quote": "zürafa kuantum"}).text
    assert "yakın bir yer de bulunamadı" in nowhere


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"quote": "x" * 8001}, 422, "en çok 8.000 karakter"),
        ({"quote": "göl", "doc": "yok"}, 404, "Böyle bir metin yok."),
        ({"quote": "göl\u0001"}, 422, "denetim karakteri"),
    ],
)
def test_what_cannot_be_checked_is_said_above_the_form_as_it_was_filled_in(
    browser: TestClient, asked: dict[str, str], status: int, said: str
) -> None:
    page = browser.get("/verify", params=asked)
    assert page.status_code == status
    assert said in page.text
    assert asked["quote"][:50] in unescape(page.text)


def test_nothing_typed_acts_and_without_an_index_the_page_says_so(
    browser: TestClient, engine: Engine
) -> None:
    evil = '"></textarea><script>alert(1)</script>'
    page = browser.get("/verify", params={"quote": evil, "page": '1"><b>', "doc": '"><i>'}).text
    assert "<script>alert" not in page
    assert "<b>" not in page
    none = make_app(Engine(engine.settings, FakeEncoder()))
    bare = TestClient(none, headers={"Accept-Language": "tr"})
    answer = bare.get("/verify", params={"quote": "göl"})
    assert answer.status_code == 503
    assert "Dizin henüz hazır değil" in answer.text
