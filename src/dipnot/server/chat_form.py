"""Dipnot as if it were a language model: OpenAI's form of models and chat completions.

Owns: that form under /v1, its errors, and what is answered to the side requests of chat programs
(titles, tags, follow-ups). Answers are extractive as everywhere: quotations with their footnotes;
what asks for more randomness or fewer tokens is passed over.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, Literal
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from dipnot.engine import Engine
from dipnot.errors import DipnotError, InvalidInput, shown
from dipnot.index.build import Index
from dipnot.question.limits import MOST_TURNS, TURN_LENGTH
from dipnot.server import schemas
from dipnot.server.problems import problem_of
from dipnot.types import Answer, Part, Turn

log = logging.getLogger(__name__)

MODEL = "dipnot"
_LONGEST_TITLE = 60
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}  # no model counts any
_KINDS = {404: "invalid_request_error", 422: "invalid_request_error", 429: "rate_limit_error"}


class Message(BaseModel):
    """A message of the conversation; ``content`` may come in parts."""

    role: str
    content: str | list[dict[str, Any]] | None = None

    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(str(p["text"]) for p in self.content if isinstance(p.get("text"), str))
        return self.content or ""


class StreamOptions(BaseModel):
    """What a chat program wants of a stream."""

    include_usage: bool = False


class ChatBody(BaseModel):
    """What a chat program sends, as far as it matters here."""

    model: str
    messages: list[Message]
    stream: bool = False
    stream_options: StreamOptions | None = None

    @property
    def wants_usage(self) -> bool:
        """Whether the last chunk of a stream tells how many tokens were used."""
        return self.stream_options is not None and self.stream_options.include_usage


def serve_chat_form(app: FastAPI, engine: Engine) -> None:
    """Serve models and chat completions under /v1."""

    @app.get("/v1/models", include_in_schema=False)
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [_model()]}

    @app.get("/v1/models/{name}", include_in_schema=False)
    def model(name: str) -> Response:
        return JSONResponse(_model()) if name == MODEL else _no_model(name)

    @app.post("/v1/chat/completions", include_in_schema=False)
    async def complete(request: Request) -> Response:
        try:
            body = ChatBody.model_validate_json(await request.body())
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(p) for p in first["loc"]) or "body"
            return _failure(422, f"{shown(field)}: {first['msg'].lower()}.", field)
        if body.model != MODEL:
            return _no_model(body.model)
        base = str(request.base_url).rstrip("/")
        try:
            return await run_in_threadpool(_completed, engine, body, base)
        except DipnotError as error:
            problem = problem_of(error)
            return _failure(problem["status"], str(error), problem.get("field"))

    @app.api_route("/v1/{path:path}", methods=["GET", "POST"], include_in_schema=False)
    def nothing(path: str) -> Response:
        told = f"There is nothing at {shown('/v1/' + path)}; expected models or chat/completions."
        return _failure(404, told)


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}


def _no_model(name: str) -> Response:
    return _failure(404, f"There is no model {shown(name)}; expected {MODEL}.", "model")


def _failure(status: int, message: str, param: str | None = None) -> Response:
    """An error in that form; a bad value is 400 there."""
    kind = _KINDS.get(status, "server_error")
    error = {"message": message, "type": kind, "param": param, "code": None}
    headers = {"Retry-After": "2"} if status in (429, 503) else None
    return JSONResponse({"error": error}, 400 if status == 422 else status, headers)


def _completed(engine: Engine, body: ChatBody, base: str) -> Response:
    """Answer the last message; raises DipnotError where nothing was sent yet."""
    said = [(m.role, m.text()) for m in body.messages if m.role in ("user", "assistant")]
    if not said or said[-1][0] != "user":
        raise InvalidInput("The last message must be the user's.", "messages")
    question = said[-1][1]
    side = _side_answer(engine, question)
    if side is not None:
        texts: Iterator[str] = iter([side])
    else:
        index, parts = engine.ask_stream(question, turns_of(said[:-1]))
        first = next(parts)
        texts = _texts(index, chain([first], parts), base)
    if body.stream:
        return StreamingResponse(
            _chunks(texts, usage=body.wants_usage), media_type="text/event-stream"
        )
    message = {"role": "assistant", "content": "".join(texts)}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return JSONResponse({**_head("chat.completion"), "choices": [choice], "usage": _USAGE})


def turns_of(said: Sequence[tuple[str, str]]) -> list[Turn]:
    """Pair the questions of a conversation with their answers, as many as are looked back at."""
    turns = [
        Turn(question[:TURN_LENGTH], answer[:TURN_LENGTH])
        for (role, question), (other, answer) in pairwise(said)
        if (role, other) == ("user", "assistant")
    ]
    return turns[-MOST_TURNS:]


def _texts(index: Index, parts: Iterable[Part], base: str) -> Iterator[str]:
    """The text of an answer as soon as it is known, then its footnotes, as Markdown."""
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Answer) and part.citations:
            cited = (schemas.citation_shape(index, c) for c in part.citations)
            yield "\n\n" + "\n".join(_footnote(c, base) for c in cited)


def _footnote(citation: schemas.CitationShape, base: str) -> str:
    author = f"{_plain(citation.author)}, " if citation.author else ""
    year = f", {citation.year}" if citation.year else ""
    where = f"{author}*{_plain(citation.title)}*{year}, {_page(citation)}"
    sources = "".join(f"; {_plain(source)}" for source in citation.attribution)
    return f"\\[{citation.n}\\] [{where}]({base}{citation.url}){sources}  "


def _page(citation: schemas.CitationShape) -> str:
    first = citation.label or citation.page
    return f"{'s.' if citation.language == 'tr' else 'p.'} {first}"


def _plain(text: str) -> str:
    """Keep signs of a text from being mark-up."""
    return re.sub(r"([\\\[\]*_`<>])", r"\\\1", text)


def _head(kind: Literal["chat.completion", "chat.completion.chunk"]) -> dict[str, Any]:
    created = int(time.time())
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": created, "model": MODEL}


def _chunks(texts: Iterator[str], *, usage: bool) -> Iterator[str]:
    head = _head("chat.completion.chunk")

    def chunk(delta: dict[str, str], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        return event_data({**head, "choices": [choice], **({"usage": None} if usage else {})})

    yield chunk({"role": "assistant", "content": ""})
    try:
        for text in texts:
            yield chunk({"content": text})
    except Exception as error:
        if not isinstance(error, DipnotError):
            log.exception("an answer failed in the middle of a stream")
        told = problem_of(error)["detail"]
        yield event_data({"error": {"message": told, "type": "server_error"}})
        return
    yield chunk({}, "stop")
    if usage:
        yield event_data({**head, "choices": [], "usage": _USAGE})
    yield "data: [DONE]\n\n"


def event_data(value: Any) -> str:
    """The data of a server-sent event, without what some clients take for the end of a line."""
    data = json.dumps(value, ensure_ascii=False)
    for end in "\x85\u2028\u2029":
        data = data.replace(end, f"\\u{ord(end):04x}")
    return f"data: {data}\n\n"


# --- side requests -------------------------------------------------------------------------------

# Chat programs ask their model for such things after each answer, in long English instructions.
_TASK = re.compile(r"\s*(?:#+ ?Task:|(?:Create|Generate|Provide|Write|Suggest)\b)", re.IGNORECASE)
_SIDE = (
    ("follow_ups", re.compile(r"follow[-_ ]?ups?\b", re.IGNORECASE)),
    ("tags", re.compile(r"\btags?\b", re.IGNORECASE)),
    ("title", re.compile(r"\btitle\b", re.IGNORECASE)),
    ("queries", re.compile(r"\bsearch quer(?:y|ies)\b", re.IGNORECASE)),
)
_FIRST_ASKED = re.compile(r"^(?:USER|User|Human|user): ?(.+)$", re.MULTILINE)
_HISTORY = re.compile(r"<chat_history>|conversation|chat history", re.IGNORECASE)


def _side_answer(engine: Engine, prompt: str) -> str | None:
    """Answer a request for a title, tags or follow-ups; None where it is a question."""
    begins = _TASK.match(prompt)
    if not begins or not _HISTORY.search(prompt):
        return None
    instruction = prompt.split("<chat_history>", maxsplit=1)[0]
    kind = next((name for name, words in _SIDE if words.search(instruction)), None)
    if kind is None:
        return None
    asked = _FIRST_ASKED.search(prompt)
    value: Any = []
    if kind == "title":
        value = _title(asked.group(1) if asked else "Dipnot")
        if "json" not in instruction.lower():
            return str(value)
    elif kind == "follow_ups" and engine.is_ready:
        examples = (e for d in engine.index.documents.values() for e in d.examples)
        value = [e for e in examples if e not in prompt][:3]
    return json.dumps({kind: value}, ensure_ascii=False)


def _title(question: str) -> str:
    words = " ".join(question.split())
    if len(words) <= _LONGEST_TITLE:
        return words
    return f"{words[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"
