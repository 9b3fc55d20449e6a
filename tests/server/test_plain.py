"""Plain pages: nothing of a title is mark-up, and nothing may be loaded."""

from __future__ import annotations

from dipnot.server.plain import page_of, plain_response


def test_a_hostile_title_stays_text() -> None:
    page = page_of("</title><script>alert(1)</script>", "<p>gövde</p>", lang='tr" onload="x')
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert 'onload="x' not in page
    assert "<p>gövde</p>" in page


def test_a_page_may_load_nothing_and_run_nothing() -> None:
    response = plain_response(page_of("a", "b"), status=404)
    policy = response.headers["Content-Security-Policy"]
    assert response.status_code == 404
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
