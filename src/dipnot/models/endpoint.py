"""An optional language model behind an endpoint of OpenAI's form: text in, a stream of text out.

Owns: the one request that is sent, its limits of time and size, and what can go wrong, each as a
reason. Nothing follows a redirect, no proxy of the environment is asked, the key stands in one
header and nowhere else. Only who sets an endpoint up imports this.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import httpx

from dipnot.errors import DipnotError
from dipnot.types import Trouble

Message = dict[str, str]
_Form = Literal["max_tokens", "max_completion_tokens"]


class EndpointTrouble(DipnotError):
    """A language model gave no text, or ended early; ``reason`` says why in a word.

    The sentence may hold the status of the answer, never what the endpoint said: that is another's.
    """

    def __init__(self, reason: Trouble, message: str) -> None:
        """Keep the reason."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Limits:
    """What an endpoint may take: seconds to connect, between two pieces, in all; bytes in all."""

    connect: float = 5.0
    pause: float = 30.0
    whole: float = 60.0
    size: int = 1 << 20
    tokens: int = 400


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a language model is; ``url`` ends before `/chat/completions`."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    limits: Limits = Limits()
    # How it is told to be short; the one that it takes comes first once that is known.
    _forms: list[_Form] = field(
        default_factory=lambda: ["max_tokens", "max_completion_tokens"],
        init=False, repr=False, compare=False,
    )  # fmt: skip

    def stream(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """Send messages; gives the pieces of the answer as they come.

        Raises EndpointTrouble, also in the middle. Closing the iterator ends the request.
        """
        with _Deadline(self.limits.whole) as deadline:
            try:
                yield from self._exchange(messages, deadline)
            except (EndpointTrouble, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                # What was cut off looks like an answer that broke off, or like a wrong one.
                raise _trouble_of(
                    httpx.TimeoutException("") if deadline.is_over else error
                ) from None

    def _exchange(
        self, messages: Sequence[Message], deadline: _Deadline
    ) -> Generator[str, None, None]:
        limits = self.limits
        with httpx.Client(
            timeout=httpx.Timeout(limits.pause, connect=limits.connect),
            trust_env=False,
            follow_redirects=False,
            verify=self.url.startswith("https:"),  # certificates take long to load
        ) as client:
            first, second = self._forms
            for form in (first, second):
                with client.stream(
                    "POST",
                    f"{self.url}/chat/completions",
                    json=self._body(messages, form),
                    headers=self._headers(),
                    extensions={"trace": deadline.saw},
                ) as response:
                    if form == first and response.status_code == httpx.codes.BAD_REQUEST:
                        continue
                    _check(response)
                    self._forms[:] = [form, second if form == first else first]
                    yield from _pieces(response, limits.size)
                    return

    def _body(self, messages: Sequence[Message], form: _Form) -> dict[str, Any]:
        """What is sent; models that take the newer form often take no temperature."""
        body = {"model": self.model, "messages": list(messages), "stream": True}
        plain = {"temperature": 0} if form == "max_tokens" else {}
        return body | plain | {form: self.limits.tokens}

    def _headers(self) -> dict[str, str]:
        # Uncompressed, so that the limit of size is one.
        own = {"Accept": "text/event-stream", "Accept-Encoding": "identity", "User-Agent": "dipnot"}
        return own if self.key is None else own | {"Authorization": f"Bearer {self.key}"}


class _Deadline:
    """Shuts a connection when its time is over, whatever is waited for on it.

    httpx bounds each wait by itself: headers may trickle for ever. A socket that is shut wakes
    whoever reads from it, one that is closed by another thread does not.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def saw(self, event: str, told: Mapping[str, Any]) -> None:
        """Take the connection where httpx has made one, or put TLS on it."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = told["return_value"].get_extra_info("socket")
            if self.is_over:
                self._shut()

    def _end(self) -> None:
        self.is_over = True
        self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it may be closed already
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _trouble_of(error: Exception) -> EndpointTrouble:
    if isinstance(error, EndpointTrouble):
        return error
    if isinstance(error, httpx.TimeoutException):
        return EndpointTrouble("slow", "The endpoint took too long.")
    if isinstance(error, httpx.RemoteProtocolError):
        return EndpointTrouble("broken", "The endpoint broke off.")
    return EndpointTrouble("gone", "The endpoint cannot be reached.")


_STATUS: dict[int, Trouble] = {429: "busy", 503: "busy", 401: "refused", 403: "refused"}


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.OK:
        return
    reason = _STATUS.get(status) or ("refused" if 300 <= status < 500 else "failed")
    raise EndpointTrouble(reason, f"The endpoint answered with HTTP {status}.")


def _pieces(response: httpx.Response, size: int) -> Iterator[str]:
    """The text of a stream of events, or of one whole answer where the endpoint does not stream."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    chunks = _limited(response, size)
    if kind == "application/json":
        whole = _parsed(b"".join(chunks))
        yield _content(whole, "message")
        _is_last(whole)
        return
    if kind != "text/event-stream":
        raise EndpointTrouble("wrong", "The endpoint answered with something else than text.")
    for data in _events(chunks):
        if data == b"[DONE]":
            return
        event = _parsed(data)
        yield _content(event, "delta")
        if _is_last(event):
            return
    raise EndpointTrouble("broken", "The endpoint broke off.")


def _limited(response: httpx.Response, size: int) -> Iterator[bytes]:
    for chunk in response.iter_raw():
        size -= len(chunk)
        if size < 0:
            raise EndpointTrouble("long", "The endpoint sent too much.")
        yield chunk


def _events(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The data of server-sent events; comments and other fields are passed over."""
    left = b""
    for chunk in chunks:
        *lines, left = re.split(rb"\r\n|\n|\r", left + chunk)
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip()


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or "error" in value or not _choices(value):
        raise EndpointTrouble("wrong", "The endpoint answered with something else than text.")
    return value


def _choices(value: dict[str, Any]) -> bool:
    """Whether it has the form; an event with usage alone has no choices."""
    choices = value.get("choices")
    return isinstance(choices, list) and all(isinstance(c, dict) for c in choices)


def _content(value: dict[str, Any], name: str) -> str:
    part = value["choices"][0].get(name) if value["choices"] else None
    text = part.get("content") if isinstance(part, dict) else None
    return text if isinstance(text, str) else ""


def _is_last(value: dict[str, Any]) -> bool:
    """Whether the answer ends here; raises EndpointTrouble where it was cut off."""
    reason = value["choices"][0].get("finish_reason") if value["choices"] else None
    if reason == "length":
        raise EndpointTrouble("long", "The endpoint cut the answer off: it was too long.")
    return bool(reason)
