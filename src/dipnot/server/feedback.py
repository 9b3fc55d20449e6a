"""What readers thought of answers: a local file for the maintainer, a JSON object a line.

Owns: the form of a line, how one is added and how they are read. Nothing of it leaves the machine,
and nothing in it says who wrote it. The file is its owner's alone (0600).
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dipnot.errors import DipnotError, NotFound, TooLarge, TooOften
from dipnot.language.detection import question_language

MOST_BYTES = 16 * 1024 * 1024
A_MINUTE = 30  # pieces of feedback that are kept


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thinks of an answer; ``citations``: place and words of each quotation."""

    question: str
    verdict: str
    citations: tuple[dict[str, Any], ...]
    helpful: bool
    comment: str
    generation: str
    at: str = ""


class Keeper:
    """Adds lines to the file, so many a minute and no more than it may hold."""

    def __init__(self, file: Path | None) -> None:
        """Keep in a file; None: keep nothing."""
        self._file = file
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=A_MINUTE)

    def keep(self, feedback: Feedback, now: float | None = None) -> None:
        """Add a line, and have it on the disk before this returns.

        Raises NotFound where feedback is off, TooOften, TooLarge where the file is full.
        """
        if self._file is None:
            raise NotFound("This server keeps no feedback: the setting `feedback` is off.")
        at = datetime.now(UTC).isoformat(timespec="seconds")
        line = json.dumps(asdict(feedback) | {"at": at}, ensure_ascii=False).encode(
            "utf-8", "backslashreplace"
        )
        with self._lock:
            self._count(time.monotonic() if now is None else now)
            try:
                _append(self._file, line)
            except OSError as error:
                raise DipnotError(
                    f"The feedback could not be kept in {self._file}: {error.strerror}."
                ) from None

    def _count(self, now: float) -> None:
        if len(self._times) == A_MINUTE and now - self._times[0] < 60:
            raise TooOften(
                f"More than {A_MINUTE} pieces of feedback came within a minute. Try again later."
            )
        self._times.append(now)


def _append(file: Path, line: bytes) -> None:
    """Add a line in one write; a line that a crash cut off is ended first."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(file, flags, 0o600)
    try:
        size = os.fstat(handle).st_size
        if size + len(line) + 2 > MOST_BYTES:
            raise TooLarge(
                f"{file.name} is full: it may have {MOST_BYTES:,} bytes. Its maintainer may move "
                "it away."
            )
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, (b"\n" if torn else b"") + line + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def read_feedback(file: Path) -> Iterator[Feedback]:
    """Give what is kept, oldest first; a line that is torn or of another form is passed over."""
    try:
        text = file.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return
    for line in text.split("\n"):
        try:
            value = json.loads(line)
            kept = Feedback(**value | {"citations": tuple(value["citations"])})
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        if _is_whole(kept):
            yield kept


def _is_whole(kept: Feedback) -> bool:
    """Whether each value is of its kind, as nothing sees to where a line is read."""
    texts = (kept.question, kept.verdict, kept.comment, kept.generation, kept.at)
    quoted: tuple[Any, ...] = kept.citations
    return (
        all(isinstance(text, str) for text in texts)
        and isinstance(kept.helpful, bool)
        and all(isinstance(c, dict) and isinstance(c.get("quote"), str) for c in quoted)
    )


def as_lines(kept: Sequence[Feedback]) -> str:
    """List feedback for a terminal."""
    return "\n".join(
        f"{_line(f.at[:16].replace('T', ' '))}  {'+' if f.helpful else '-'}  "
        f"{_line(f.verdict)}: {_line(f.question)}"
        + (f"\n    {_line(f.comment)}" if f.comment.strip() else "")
        for f in kept
    )


def _line(text: str) -> str:
    """Bring what a stranger wrote to one line that a terminal can show."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def as_questions(kept: Sequence[Feedback]) -> str:
    """Write lines of a question set for ``dipnot eval``: of what readers found right.

    An answer that did not help says nothing of what would have: its question is left out, and so
    is one that stands already.
    """
    lines: list[str] = []
    seen: set[str] = set()
    for feedback in kept:
        answered = feedback.verdict in ("answered", "partial")
        right = feedback.helpful and (feedback.verdict == "not_in_text" or answered)
        if not right or feedback.question in seen:
            continue
        seen.add(feedback.question)
        line = {
            "id": f"feedback-{len(lines) + 1:03}",
            "lang": question_language(feedback.question) or "tr",
            "type": "fact" if answered else "unanswerable",
            "question": feedback.question,
            "history": [],
            "evidence": [citation["quote"] for citation in feedback.citations] if answered else [],
            "note": " ".join(feedback.comment.split()),
        }
        lines.append(json.dumps(line, ensure_ascii=False))
    return "\n".join(lines)
