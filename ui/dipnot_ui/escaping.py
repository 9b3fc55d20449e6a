"""Making text safe for a page, and marking ranges of it.

Owns: the only way by which what comes from outside gets into HTML.
"""

from __future__ import annotations

import html
from collections.abc import Sequence


def esc(value: object) -> str:
    """Make a value safe inside an element and inside a quoted attribute."""
    # A lone surrogate cannot be sent at all.
    return html.escape(str(value).encode("utf-8", "replace").decode("utf-8"), quote=True)


def spans_within(spans: object, length: int) -> list[tuple[int, int]]:
    """Clip spans to a text, drop what is no span, and join what overlaps."""
    clipped: list[tuple[int, int]] = []
    for span in spans if isinstance(spans, Sequence) and not isinstance(spans, str) else ():
        try:
            start, end = (int(edge) for edge in span)
        except (TypeError, ValueError):
            continue
        start, end = max(0, start), min(length, end)
        if start < end:
            clipped.append((start, end))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(clipped):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, spans: object) -> str:
    """Escape a text and put ``<mark>`` around the spans."""
    parts: list[str] = []
    at = 0
    for start, end in spans_within(spans, len(text)):
        parts += (esc(text[at:start]), f"<mark>{esc(text[start:end])}</mark>")
        at = end
    return "".join((*parts, esc(text[at:])))
