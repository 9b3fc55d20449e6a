"""Gradio's page as it is served here: our language, no social tags, no host but ours."""

from __future__ import annotations

import fastapi
import pytest
from fastapi.testclient import TestClient

import dipnot_ui
from dipnot_ui.look import FILES
from ui_parts import FakeBackend


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(dipnot_ui.mount(fastapi.FastAPI(), FakeBackend()))


@pytest.mark.parametrize(
    "query",
    [
        "page=10",
        "page=",
        "deep_link=x",
        "q=%00%ff",
        "%",
        "c=../..&c=1",
        "view=api&__theme=x",
        "=&&=",
        "a" * 5000,
    ],
)
def test_no_query_string_makes_the_page_fail(client: TestClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200


def test_the_page_is_in_the_language_chosen_or_preferred(client: TestClient) -> None:
    def served(**headers: str) -> str:
        return client.get("/", headers=headers).text.partition("<html")[2][:40]

    assert 'lang="tr"' in served(**{"accept-language": "tr"})
    assert 'lang="en"' in served(**{"accept-language": "de"})
    assert 'lang="en"' in served(**{"accept-language": "tr", "cookie": "dipnot-lang=en"})
    assert 'lang="tr"' in served(**{"accept-language": "tr", "cookie": "dipnot-lang=<x>; a\x7f"})


def test_the_framework_is_not_advertised_and_no_host_is_named(client: TestClient) -> None:
    page = client.get("/")
    assert "og:" not in page.text
    assert "twitter:" not in page.text
    assert "manifest" not in page.text
    assert page.text.index("/ui/style.css") < page.text.index("<body")
    assert 'id="dn-first"' in page.text
    policy = page.headers["content-security-policy"]
    assert "script-src-attr 'none'" in policy
    assert "http" not in policy
    assert client.head("/").status_code in (200, 405)


def test_files_are_served_once_and_no_others(client: TestClient) -> None:
    for name, kind in FILES.items():
        served = client.get(f"/ui/{name}")
        assert served.headers["content-type"] == kind
        again = client.get(f"/ui/{name}", headers={"If-None-Match": served.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get("/ui/app.py").status_code == 404
