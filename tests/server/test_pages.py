"""The plain pages beside the chat, and what is said where an address leads nowhere."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.serve import make_server_app
from dipnot.settings import Settings
from fakes import FakeEncoder

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """One app for all: the page takes seconds to make."""
    folder = tmp_path_factory.mktemp("pages")
    told = Settings(folder / "corpus", folder / "index", allowed_hosts=("testserver",))
    return TestClient(make_server_app(Engine(told, FakeEncoder())), raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/nonsense", "/corpus/x", "/login", "/verify/x", "/%3Cb%3E"])
def test_an_unknown_address_is_a_page_to_a_browser_and_a_problem_to_a_program(
    client: TestClient, path: str
) -> None:
    for accepted, lang, words, back in (
        ("tr-TR,tr;q=0.9", "tr", "Bu adreste bir şey yok.", "Soru sor"),
        ("en-GB", "en", "There is nothing at", "Ask a question"),
    ):
        page = client.get(path, headers={**BROWSER, "Accept-Language": accepted})
        assert page.status_code == 404
        assert page.headers["content-type"].startswith("text/html")
        assert f'<html lang="{lang}">' in page.text
        assert words in page.text
        assert f'<a href="/">{back}</a>' in page.text
        assert "<b>" not in page.text
    for accept in ("*/*", "application/json"):
        problem = client.get(path, headers={"Accept": accept})
        assert problem.status_code == 404
        assert problem.headers["content-type"] == "application/problem+json"
        assert problem.json()["code"] == "not-found"


@pytest.mark.parametrize(
    "path",
    ["/verify", "/corpus", "/corpus/corpus.css", "/metrics", "/v1/models", "/text/a/p1", "/text",
     "/api/docs", "/api/health/live", "/api/nonsense"],
)  # fmt: skip
def test_head_is_answered_as_get_without_the_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


def test_the_api_answers_a_browser_too_with_a_problem(client: TestClient) -> None:
    problem = client.get("/api/nonsense", headers=BROWSER)
    assert (problem.status_code, problem.json()["code"]) == (404, "not-found")


def test_each_kind_of_problem_has_its_page(engine: Engine) -> None:
    client = TestClient(make_app(engine))
    assert "Too large" in client.get("/api/problems/too-large").text
    assert "/api/problems/too-large" in client.get("/api/problems").text
    assert client.get("/api/problems/x").status_code == 404
