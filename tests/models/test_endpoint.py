"""The one request to a language model: what is sent, what may come back, and its limits."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from dipnot.models.endpoint import Endpoint, EndpointTrouble, Limits, _Deadline
from fake_endpoint import (
    FakeEndpoint,
    Reply,
    dribbling,
    event,
    nothing,
    saying,
    sending,
    serving,
    without_end,
)

ASKED = [{"role": "user", "content": "Göl?"}]
CUT_OFF = b'{"choices": [{"message": {"content": "Half a"}, "finish_reason": "length"}]}'


@pytest.fixture
def fake() -> Iterator[FakeEndpoint]:
    with serving() as running:
        yield running


def said(fake: FakeEndpoint, limits: Limits | None = None, key: str | None = None) -> list[str]:
    return list(Endpoint(fake.url, "small", key, limits or Limits()).stream(ASKED))


def trouble(fake: FakeEndpoint, limits: Limits | None = None) -> tuple[str, str]:
    """The reason of a failure, and its sentence; the key must not stand in it."""
    with pytest.raises(EndpointTrouble) as caught:
        said(fake, limits, "k-secret")
    assert "k-secret" not in str(caught.value)
    return caught.value.reason, str(caught.value)


def test_pieces_come_as_they_are_sent_and_one_request_is_made(fake: FakeEndpoint) -> None:
    fake.reply = saying("The lake ", "was drained [1].")
    assert "".join(said(fake)) == "The lake was drained [1]."
    assert fake.paths == ["/v1/chat/completions"]
    assert fake.bodies == [
        {"model": "small", "messages": ASKED, "stream": True, "temperature": 0, "max_tokens": 400}
    ]


def test_the_key_stands_in_one_header_and_nowhere_else(fake: FakeEndpoint) -> None:
    fake.reply = saying("Yes.")
    said(fake, key="k-secret")
    said(fake)
    assert fake.headers[0].pop("Authorization") == "Bearer k-secret"
    assert "k-secret" not in json.dumps([fake.headers, fake.bodies])
    assert "k-secret" not in repr(Endpoint("http://a", "m", "k-secret"))


def test_no_proxy_of_the_environment_is_asked(
    fake: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    fake.reply = saying("Yes.")
    assert "".join(said(fake)) == "Yes."


def test_a_whole_answer_is_taken_where_the_endpoint_does_not_stream(fake: FakeEndpoint) -> None:
    value = {"choices": [{"message": {"role": "assistant", "content": "Göl kurudu [1]."}}]}
    fake.reply = sending(json.dumps(value).encode(), "application/json; charset=utf-8")
    assert said(fake) == ["Göl kurudu [1]."]


def test_comments_usage_and_other_line_ends_are_passed_over(fake: FakeEndpoint) -> None:
    usage = b'data: {"choices": [], "usage": {"total_tokens": 3}}\r\n\r\n'
    fake.reply = sending(b": ping\r\n\r\n" + event("Yes.") + usage + b"data: [DONE]\r\n\r\n")
    assert "".join(said(fake)) == "Yes."


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (sending(b"slow down", status=429), "busy"),
        (sending(b"loading", status=503), "busy"),
        (sending(b"who are you", status=401), "refused"),
        (sending(b"", status=404), "refused"),
        (sending(b"", status=302, Location="http://127.0.0.1:1/"), "refused"),
        (sending(b"oh no", status=500), "failed"),
        (sending(b"<html>Welcome!</html>", "text/html"), "wrong"),
        (sending(b"<html>Welcome!</html>", "application/json"), "wrong"),
        (sending(b'{"error": {"message": "no"}}', "application/json"), "wrong"),
        (sending(b'data: {"error": {"message": "no"}}\n\n'), "wrong"),
        (sending(b"data: [1, 2]\n\n"), "wrong"),
        (sending(b'data: {"choices": 5}\n\n'), "wrong"),
        (sending(b"data: " + b"[" * 100_000 + b"\n\n"), "wrong"),
        (sending(b""), "broken"),
        (saying("Half a", whole=False), "broken"),
        (sending(event("Half a")[:-9]), "broken"),
        (nothing, "broken"),
        (sending(event("Half a") + event(None, "length") + b"data: [DONE]\n\n"), "long"),
        (sending(CUT_OFF, "application/json"), "long"),
    ],
)
def test_what_is_no_answer_has_its_reason(fake: FakeEndpoint, reply: Reply, reason: str) -> None:
    fake.reply = reply
    assert trouble(fake)[0] == reason
    assert len(fake.paths) == 1


def test_a_model_that_takes_the_newer_form_alone_gets_it_and_from_then_on_at_once(
    fake: FakeEndpoint,
) -> None:
    def choosy(handler: BaseHTTPRequestHandler) -> None:
        fits = not {"max_tokens", "temperature"} & set(fake.bodies[-1])
        (saying("Yes.") if fits else sending(b'{"error": {}}', "application/json", 400))(handler)

    fake.reply = choosy
    endpoint = Endpoint(fake.url, "small")
    for _ in range(2):
        assert "".join(endpoint.stream(ASKED)) == "Yes."
    assert [body.get("max_completion_tokens") for body in fake.bodies] == [None, 400, 400]


def test_a_request_that_is_wrong_in_either_form_is_refused(fake: FakeEndpoint) -> None:
    fake.reply = sending(b"", status=400)
    assert trouble(fake) == ("refused", "The endpoint answered with HTTP 400.")
    assert len(fake.paths) == 2


def test_what_the_endpoint_says_of_an_error_is_not_repeated(fake: FakeEndpoint) -> None:
    fake.reply = sending(b'{"error": "the key k-secret is wrong"}', "application/json", 401)
    assert trouble(fake)[1] == "The endpoint answered with HTTP 401."


def test_an_answer_without_end_is_cut_off_and_the_endpoint_hears_it(fake: FakeEndpoint) -> None:
    fake.reply = without_end("again and again ")
    assert trouble(fake, Limits(size=10_000))[0] == "long"
    assert fake.hung_up.wait(30)
    fake.reply = without_end("again and again ")
    assert trouble(fake, Limits(whole=0.05))[0] == "slow"


def test_a_line_without_end_does_not_fill_the_memory(fake: FakeEndpoint) -> None:
    fake.reply = sending(b"data: " + b"x" * 200_000)
    assert trouble(fake, Limits(size=100_000))[0] == "long"


def test_who_stops_listening_ends_the_request(fake: FakeEndpoint) -> None:
    fake.reply = without_end("again and again ")
    pieces = Endpoint(fake.url, "small").stream(ASKED)
    assert next(pieces) == "again and again "
    pieces.close()
    assert fake.hung_up.wait(30)


def test_an_endpoint_that_says_nothing_is_too_slow(fake: FakeEndpoint) -> None:
    done = threading.Event()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        assert done.wait(30)

    fake.reply = wait
    assert trouble(fake, Limits(pause=0.05))[0] == "slow"
    done.set()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


@pytest.mark.parametrize(
    ("pieces", "every"),
    [
        ([HEAD, b"X-Again: and again\r\n"], 0.02),  # headers without end
        ([HEAD, b"\r\n", b": ping\n\n"], 0.02),
        ([HEAD, b"\r\n" + event("Half a")], 30),  # silence in the midst of it
        ([HEAD], 30),  # and before
        ([b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"], 30),
    ],
)
def test_all_of_an_exchange_has_one_deadline_whatever_is_waited_for(
    fake: FakeEndpoint, pieces: list[bytes], every: float
) -> None:
    """Each wait by itself may take far longer here, and that there is an answer proves it."""
    fake.reply = dribbling(*pieces, every=every)
    assert trouble(fake, Limits(connect=600, pause=600, whole=0.3))[0] == "slow"


def test_a_deadline_over_before_there_is_a_connection_shuts_it_at_once() -> None:
    ours, theirs = socket.socketpair()

    class Stream:
        def get_extra_info(self, _: str) -> socket.socket:
            return ours

    with ours, theirs, _Deadline(0) as deadline:
        deadline._timer.join()
        deadline.saw("connection.connect_tcp.complete", {"return_value": Stream()})
        assert theirs.recv(1) == b""


def test_where_nobody_listens_the_endpoint_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(EndpointTrouble) as caught:
        list(Endpoint(f"http://127.0.0.1:{port}/v1", "small").stream(ASKED))
    assert caught.value.reason == "gone"
