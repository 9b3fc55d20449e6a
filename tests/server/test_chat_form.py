"""OpenAI's form, tried with its own package: answers, streams, errors, and side requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.errors import IndexDamaged
from dipnot.server.api import make_app
from dipnot.server.chat_form import event_data, turns_of
from dipnot.types import Turn

QUESTION: Any = {"role": "user", "content": "Değirmen ne zaman yandı?"}


@pytest.fixture
def client(engine: Engine) -> Iterator[openai.OpenAI]:
    http = TestClient(make_app(engine), base_url="http://localhost")
    with openai.OpenAI(
        base_url="http://localhost/v1", api_key="none", http_client=http, max_retries=0
    ) as made:
        yield made


def test_the_one_model_is_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["dipnot"]
    assert client.models.retrieve("dipnot").id == "dipnot"
    with pytest.raises(openai.NotFoundError, match="There is no model 'x'; expected dipnot"):
        client.models.retrieve("x")


def test_an_answer_is_the_quotations_with_their_footnotes(
    client: openai.OpenAI, engine: Engine
) -> None:
    said = client.chat.completions.create(model="dipnot", messages=[QUESTION], temperature=0.3)
    content = said.choices[0].message.content or ""
    _, answer = engine.ask(QUESTION["content"])
    assert content.startswith(answer.text)
    for citation in answer.citations:
        span = citation.span
        assert f"](http://localhost/text/lake/p1#c{span.start}-{span.end})" in content
    assert said.choices[0].finish_reason == "stop"


def test_a_stream_says_the_same_piece_by_piece(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="dipnot", messages=[QUESTION])
    chunks = list(client.chat.completions.create(model="dipnot", messages=[QUESTION], stream=True))
    told = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert told == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_the_data_of_an_event_is_one_line_to_every_client() -> None:
    told = event_data({"text": "Göl\u2028ve\u2029Kıyısı\x85"})
    assert len(told.splitlines()) == 2  # it and the empty one after it
    assert json.loads(told.removeprefix("data: ")) == {"text": "Göl\u2028ve\u2029Kıyısı\x85"}


def test_a_stream_tells_its_usage_in_a_last_chunk_where_that_is_wanted(
    client: openai.OpenAI,
) -> None:
    chunks = list(
        client.chat.completions.create(
            model="dipnot", messages=[QUESTION], stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 0
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert chunks[-2].choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    ("error", "words"),
    [(RuntimeError("/secret"), "unexpected error"), (IndexDamaged("A file is gone."), "is gone")],
)
def test_an_answer_that_fails_in_the_middle_ends_with_an_error_of_that_form(
    client: openai.OpenAI, engine: Engine, monkeypatch: pytest.MonkeyPatch, error: Exception,
    words: str,
) -> None:  # fmt: skip
    def failing(*_: object, **__: object) -> tuple[object, Iterator[object]]:
        def parts() -> Iterator[object]:
            yield ()
            yield "Metinde "
            raise error

        return engine.index, parts()

    monkeypatch.setattr(engine, "ask_stream", failing)
    stream = client.chat.completions.create(model="dipnot", messages=[QUESTION], stream=True)
    got: list[str] = []
    with pytest.raises(openai.APIError, match=words) as told:
        got += (chunk.choices[0].delta.content or "" for chunk in stream)
    assert "secret" not in str(told.value)


def test_earlier_messages_are_the_history_and_parts_are_read(client: openai.OpenAI) -> None:
    messages: Any = [
        {"role": "system", "content": "Be brief."},
        QUESTION,
        {"role": "assistant", "content": "…"},
        {"role": "user", "content": [{"type": "text", "text": "Peki bekçi ne yaptı?"}]},
    ]
    said = client.chat.completions.create(model="dipnot", messages=messages)
    assert said.choices[0].message.content
    assert turns_of([("user", "a"), ("user", "b"), ("assistant", "c"), ("assistant", "d")]) == [
        Turn("b", "c")
    ]


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], "last message must be the user's"),
        ([{"role": "assistant", "content": "a"}], "last message must be the user's"),
        ([{"role": "user", "content": ""}], "question is empty"),
        ([{"role": "user", "content": "x" * 2001}], "2,001 characters"),
        ([{"role": "user", "content": 5}], "messages.0.content"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_bad_request_is_one_in_that_form(
    client: openai.OpenAI, messages: Any, said: str, stream: bool
) -> None:
    with pytest.raises(openai.BadRequestError, match=said):
        client.chat.completions.create(model="dipnot", messages=messages, stream=stream)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b"null"])
def test_a_body_that_is_none_is_400(engine: Engine, body: bytes) -> None:
    response = TestClient(make_app(engine)).post("/v1/chat/completions", content=body)
    assert response.status_code == 400
    assert response.json()["error"]["type"] == "invalid_request_error"


def test_another_model_and_another_path_are_404(client: openai.OpenAI, engine: Engine) -> None:
    with pytest.raises(openai.NotFoundError, match="expected dipnot"):
        client.chat.completions.create(model="other", messages=[QUESTION])
    response = TestClient(make_app(engine)).post("/v1/embeddings", json={})
    assert (response.status_code, response.json()["error"]["code"]) == (404, None)


HISTORY = "<chat_history>\nUSER: Değirmen ne zaman yandı?\nASSISTANT: …\n</chat_history>"


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ('### Task:\nGenerate a concise title.\nJSON format: { "title": "…" }\n' + HISTORY,
         {"title": "Değirmen ne zaman yandı?"}),
        ('### Task:\nGenerate 1-3 broad tags.\nJSON format: { "tags": [] }\n' + HISTORY,
         {"tags": []}),
        ('### Task:\nSuggest 3-5 relevant follow-up questions.\nJSON: { "follow_ups": [] }\n'
         + HISTORY, {"follow_ups": []}),
        ("### Task:\nAnalyze the chat history to decide on search queries.\n" + HISTORY,
         {"queries": []}),
    ],
)  # fmt: skip
def test_side_requests_are_answered_without_asking_the_texts(
    client: openai.OpenAI, engine: Engine, prompt: str, answer: dict[str, Any]
) -> None:
    asked = list(engine._encoder.queries)  # type: ignore[union-attr]
    messages: Any = [{"role": "user", "content": prompt}]
    said = client.chat.completions.create(model="dipnot", messages=messages)
    assert json.loads(said.choices[0].message.content or "") == answer
    assert engine._encoder.queries == asked  # type: ignore[union-attr]


def test_a_title_without_json_is_plain_and_short(client: openai.OpenAI) -> None:
    prompt = "Provide a concise title for the conversation.\n\nUser: " + "uzun soru " * 20
    messages: Any = [{"role": "user", "content": prompt}]
    said = client.chat.completions.create(model="dipnot", messages=messages)
    title = said.choices[0].message.content or ""
    assert len(title) <= 62
    assert title.endswith("soru uzun soru …")


def test_a_question_about_a_title_is_a_question(client: openai.OpenAI, engine: Engine) -> None:
    messages: Any = [{"role": "user", "content": "What is the title of the text?"}]
    client.chat.completions.create(model="dipnot", messages=messages)
    assert "What is the title of the text?" in engine._encoder.queries  # type: ignore[union-attr]
