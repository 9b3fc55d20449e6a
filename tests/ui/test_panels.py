"""What stands around the conversation: head, progress, maintenance."""

from __future__ import annotations

from dipnot_ui import panels
from ui_parts import (
    HOSTILE,
    Reader,
    document,
)


def test_nothing_from_outside_becomes_markup_around_the_conversation() -> None:
    documents = [document(title=HOSTILE, title_en=None, author=HOSTILE, pages=HOSTILE)] * 5
    work = {"state": "running", "stage": HOSTILE, "done": 1, "total": 2, "error": HOSTILE}
    report = {"state": "done", "report": {HOSTILE: HOSTILE}}
    for markup in (
        panels.head("tr", documents),
        panels.maintenance("en", documents, {}, HOSTILE),
        panels.progress("tr", {"stage": HOSTILE, "error": HOSTILE}),
        panels.rebuild("tr", {"rebuild": work}),
        panels.rebuild("tr", {"rebuild": report}),
        panels.rebuild("tr", {}, HOSTILE),
    ):
        seen = Reader(markup)
        assert seen.tags.keys().isdisjoint({"script", "img", "a"})
        assert HOSTILE in seen.text


def test_where_there_is_no_admin_token_the_page_says_how_to_rebuild() -> None:
    off = Reader(panels.maintenance("en", [document()], {"admin": False}, "g1")).text
    assert "DIPNOT_ADMIN_TOKEN" in off
    assert ".venv/bin/dipnot build" in off
    assert "30 pages · 350 passages" in off
    assert "g1" in off
    assert "DIPNOT_ADMIN_TOKEN" not in panels.maintenance("en", [], {"admin": True}, None)


def test_progress_is_told_in_words_and_numbers() -> None:
    made = panels.progress("tr", {"stage": "embedding", "done": 12, "total": 30, "error": None})
    assert "Cümleler işleniyor (12/30)" in Reader(made).text
    assert '<progress aria-label="Cümleler işleniyor" value="12" max="30">' in made
