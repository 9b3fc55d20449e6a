"""The page as a host serves it: nothing from elsewhere, no telemetry."""

from __future__ import annotations

import re
from collections import Counter

import fastapi
from fastapi.testclient import TestClient

import dipnot_ui
from ui_parts import (
    FakeBackend,
)


def test_the_page_is_served_and_loads_nothing_from_elsewhere() -> None:
    backend = FakeBackend()
    client = TestClient(dipnot_ui.mount(fastapi.FastAPI(), backend))
    served = client.get("/")
    assert served.status_code == 200
    assert client.get("/config").json()["title"] == "Dipnot"
    loaded = re.findall(r"(?:src|href)=[\"'](https?:)?//(?!testserver)", served.text)
    assert loaded == []
    assert "https://" not in client.get("/theme.css").text
    assert backend.calls == Counter()


def test_the_page_advertises_no_api_and_sends_no_telemetry() -> None:
    client = TestClient(dipnot_ui.mount(fastapi.FastAPI(), FakeBackend()))
    info = client.get("/gradio_api/info").json()
    assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}
    config = client.get("/config").json()
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []


def test_routes_added_before_the_page_are_kept() -> None:
    app = fastapi.FastAPI()
    app.get("/health")(lambda: {"ok": True})
    client = TestClient(dipnot_ui.mount(app, FakeBackend()))
    assert client.get("/health").json() == {"ok": True}
