"""The files that every page is set in: served by ourselves, kept by the browser, nothing else."""

from __future__ import annotations

import re

from fastapi import FastAPI
from fastapi.testclient import TestClient

from dipnot.server.look import serve_look


def client() -> TestClient:
    app = FastAPI()
    serve_look(app)
    return TestClient(app)


def test_the_style_names_only_files_that_are_served() -> None:
    browser = client()
    style = browser.get("/look/text.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    fonts = re.findall(r'url\("([^"]+)"\)', style.text)
    assert {browser.get(font).headers["content-type"] for font in fonts} == {"font/woff2"}
    assert "SIL Open Font License" in browser.get("/look/OFL.txt").text


def test_a_file_that_has_not_changed_is_not_sent_again() -> None:
    browser = client()
    tag = browser.get("/look/text.js").headers["etag"]
    again = browser.get("/look/text.js", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_no_other_file_can_be_had() -> None:
    for name in ("look.py", "..%2Flook.py", "%2e%2e/api.py", "x"):
        assert client().get(f"/look/{name}").status_code == 404
