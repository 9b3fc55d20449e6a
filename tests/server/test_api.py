"""The HTTP API over a small corpus: bad input, methods, admin, rebuilding while it answers."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from dipnot.answer import respond as respond_module
from dipnot.building import update_index
from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.codes import KINDS
from dipnot.server.schemas import Event
from dipnot.settings import Settings
from fake_endpoint import nothing, saying, serving
from fakes import LAKE, LIGHTHOUSE, RAILWAY, FakeEncoder, FakeReader

Response = Any  # the test client's, whichever library it stands on
JSON = {"Content-Type": "application/json"}
ADMIN = {"Authorization": "Bearer secret"}


def client_of(engine: Engine) -> TestClient:
    return TestClient(make_app(engine), raise_server_exceptions=False)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return client_of(engine)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A client of an index that no test changes."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    engine = Engine(
        Settings(
            corpus=folder / "corpus",
            index=folder / "index",
            admin_token="secret",
            allowed_hosts=("testserver",),
        ),
        FakeEncoder(),
    )
    engine.load()
    return client_of(engine)


def check_problem(response: Response, status: int, field: str | None = None) -> str:
    """Check that an answer is a problem as RFC 9457 has it; gives its sentence."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert set(problem) - {"field"} == {"type", "title", "status", "detail", "code"}
    assert problem["status"] == status
    assert problem["type"] == f"/api/problems/{problem['code']}"
    assert KINDS[problem["code"]][:2] == (status, problem["title"])
    assert problem.get("field") == field
    assert "Traceback" not in response.text
    assert "\n" not in problem["detail"]
    assert len(problem["detail"]) < 500
    return str(problem["detail"])


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"), ("q=", "q"), ("q=%20%09", "q"), ("q=%00a", "q"), ("q=a%1Bb", "q"),
        ("q=%ED%A0%80", "q"), ("q=a%ED%A0%80b", "q"), ("q=%FF", "q"), ("q=" + "x" * 2001, "q"),
        ("q=a&k=0", "k"), ("q=a&k=101", "k"), ("q=a&k=-1", "k"), ("q=a&k=x", "k"),
        ("q=a&k=1.5", "k"), ("q=a&k=", "k"), ("q=a&k=NaN", "k"), ("q=a&k=" + "9" * 5000, "k"),
        ("q=a&offset=-1", "offset"), ("q=a&offset=1001", "offset"), ("q=a&offset=x", "offset"),
        ("query=a", "query"), ("q=a&limit=3", "limit"), ("q=a&%ED%A0%80=1", "%ED%A0%80"),
    ],
)  # fmt: skip
def test_a_bad_search_is_a_problem_that_names_the_field(
    asked: TestClient, query: str, field: str
) -> None:
    check_problem(asked.get(f"/api/search?{query}"), 422, field)


HISTORY = [{"question": "a", "answer": "b"}]


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"), (b"{", "body"), (b"\xff\xfe", "body"), (b'{"question":"\xff"}', "body"),
        (b"[" * 100_000, "body"), (b'{"question":' * 20_000, "body"), (b"[]", "body"),
        (b"null", "body"), (b'"a"', "body"), (b"5", "body"), (b"NaN", "body"), (b"{}", "question"),
        (b'{"question":""}', "question"), (b'{"question":" \\n"}', "question"),
        (b'{"question":null}', "question"), (b'{"question":5}', "question"),
        (b'{"question":["a"]}', "question"), (b'{"question":"\\u0000a"}', "question"),
        (b'{"question":"\\ud800"}', "question"), (b'{"question":"a\\udfffb"}', "question"),
        (b'{"question":"a","k":0}', "k"), (b'{"question":"a","k":101}', "k"),
        (b'{"question":"a","k":"8"}', "k"), (b'{"question":"a","k":8.5}', "k"),
        (b'{"question":"a","k":true}', "k"), (b'{"question":"a","k":null}', "k"),
        (b'{"question":"a","k":NaN}', "k"), (b'{"question":"a","k":Infinity}', "k"),
        (b'{"question":"a","k":1e999}', "k"), (b'{"question":"a","k":' + b"9" * 400 + b"}", "k"),
        (b'{"question":"a","k":' + b"9" * 5000 + b"}", "body"),
        (b'{"question":"a","doc_id":7}', "doc_id"), (b'{"question":"a","doc_id":{}}', "doc_id"),
        (b'{"question":"a","top_k":3}', "top_k"), (b'{"question":"a","":3}', "body"),
        (b'{"question":"a","\\ud800":3}', "body"), (b'{"question":"a","history":{}}', "history"),
        (b'{"question":"a","history":["b"]}', "history.0"),
        (b'{"question":"a","history":[{"question":"b"}]}', "history.0.answer"),
        (b'{"question":"a","history":[{"question":"\\ud800","answer":"b"}]}', "history.0.question"),
        (b'{"question":"a","history":[{"question":"b","answer":"c","d":1}]}', "history.0.d"),
        (json.dumps({"question": "a", "history": HISTORY * 51}).encode(), "history"),
        (b'{"question":"a","mode":"spoken"}', "mode"), (b'{"question":"a","mode":1}', "mode"),
        (b'{"question":"a","mode":"written"}', "mode"),
        (b'{"question":"a","history":[{"question":"b","answer":"' + b"c" * 8001 + b'"}]}',
         "history.0.answer"),
        (json.dumps({"question": "x" * 2001}).encode(), "question"),
    ],
)  # fmt: skip
def test_a_bad_question_is_a_problem_that_names_the_field(
    asked: TestClient, body: bytes, field: str, path: str
) -> None:
    response = asked.post(path, content=body, headers=JSON)
    check_problem(response, 422, field)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_of_another_content_type_is_refused_with_the_right_one(
    asked: TestClient, kind: str | None
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    response = asked.post("/api/ask", content=b'{"question":"a"}', headers=headers)
    assert "Content-Type: application/json" in check_problem(response, 422, "body")


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 10_000_000])
@pytest.mark.parametrize("path", ["/api/ask", "/api/search?q=a", "/api/index/rebuild"])
def test_a_body_over_the_limit_is_too_large(asked: TestClient, path: str, size: int) -> None:
    body = b'{"question":"' + b"a" * size + b'"}'
    check_problem(asked.post(path, content=body, headers=JSON), 413, "body")


def test_a_body_at_the_limit_is_read(asked: TestClient) -> None:
    body = b'{"question":"g\xc3\xb6l"}'.ljust(1024 * 1024)
    assert asked.post("/api/ask", content=body, headers=JSON).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/api/search?q=a&doc_id=x", "/api/search?q=a&language=de", "/api/search?q=a&kind=BODY",
     "/api/documents/x", "/api/documents/x/text", "/api/documents/x/pages/1",
     "/api/documents/lake/pages/0", "/api/documents/lake/pages/2", "/api/documents/lake/pages/-1",
     "/api/passages/x", "/api/documents/%ED%A0%80", "/api/passages/..%2f..%2fetc%2fpasswd", "/api",
     "/api/", "/api/nope", "/api/search/", "/api/documents/lake/nope", "/api/docs/nope",
     "/api/docs/..%2f__init__.py", "/api//search?q=a", "/api/%00"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_404(asked: TestClient, path: str) -> None:
    check_problem(asked.get(path), 404)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/documents/lake/pages/x", "page"), ("/api/documents/lake/pages/1.5", "page"),
        ("/api/documents/lake/pages/" + "9" * 5000, "page"),
        ("/api/documents/lake/text?start=-1", "start"),
        ("/api/documents/lake/text?start=9&end=3", "end"),
        ("/api/documents/lake/text?end=99999999999999999999", "end"),
        ("/api/documents/lake/text?from=1", "from"), ("/api/documents?x=1", "x"),
        ("/api/health?x=1", "x"), ("/api/index?x=1", "x"), ("/api/passages/p?x=1", "x"),
    ],
)  # fmt: skip
def test_a_bad_value_in_an_address_is_a_problem_422(
    asked: TestClient, path: str, field: str
) -> None:
    check_problem(asked.get(path), 422, field)


def test_an_unknown_document_in_a_question_is_not_found(asked: TestClient) -> None:
    response = asked.post("/api/ask", json={"question": "göl", "doc_id": "x"})
    assert "known: lake" in check_problem(response, 404)


@hypothesis_settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["question", "history", "k", "doc_id", "answer", "x"]), inner, max_size=4),
    max_leaves=8,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_body_whatever_gives_a_500(asked: TestClient, body: bytes) -> None:
    response = asked.post("/api/ask", content=body, headers=JSON)
    assert response.status_code in (200, 404, 422)
    response.json()


# --- methods -------------------------------------------------------------------------------------

ROUTES = {
    "/api/search?q=a": "GET", "/api/documents": "GET", "/api/documents/lake/text": "GET",
    "/api/ask": "POST", "/api/index/rollback": "POST", "/api/health": "GET",
    "/api/docs": "GET", "/api/openapi.json": "GET",
}  # fmt: skip


@pytest.mark.parametrize(("path", "method"), ROUTES.items())
def test_another_method_is_405_and_says_which_are_allowed(
    asked: TestClient, path: str, method: str
) -> None:
    for wrong in {"GET", "POST", "PUT", "PATCH", "DELETE", "BREW"} - {method}:
        response = asked.request(wrong, path)
        check_problem(response, 405)
        assert method in response.headers["allow"].split(", ")
        assert wrong not in response.headers["allow"].split(", ")


@pytest.mark.parametrize(("path", "method"), ROUTES.items())
def test_options_lists_the_methods(asked: TestClient, path: str, method: str) -> None:
    response = asked.options(path)
    assert (response.status_code, response.content) == (204, b"")
    allowed = set(response.headers["allow"].split(", "))
    assert allowed == ({"GET", "HEAD", "OPTIONS"} if method == "GET" else {"POST", "OPTIONS"})


def test_head_answers_as_get_without_the_body(asked: TestClient) -> None:
    for path in ("/api/documents/lake", "/api/health", "/api/nope", "/api/search"):
        number = {"X-Request-ID": "1"}
        got, head = asked.get(path, headers=number), asked.head(path, headers=number)
        assert head.status_code == got.status_code
        assert head.headers == got.headers
        assert head.content == b""


# --- not ready, too many ---------------------------------------------------------------------


def test_before_there_is_an_index_every_route_says_503_and_what_to_run(settings: Settings) -> None:
    client = client_of(Engine(settings, FakeEncoder()))
    for path in ("/api/health", "/api/search?q=a", "/api/documents", "/api/documents/lake",
                 "/api/documents/lake/text", "/api/documents/lake/pages/1", "/api/passages/x",
                 "/api/index"):  # fmt: skip
        response = client.get(path)
        assert "Run `.venv/bin/dipnot build`" in check_problem(response, 503)
        assert response.headers["retry-after"]
    for path in ("/api/ask", "/api/ask/stream"):
        check_problem(client.post(path, json={"question": "göl"}), 503)
    assert client.get("/api/index/rebuild").json()["state"] == "idle"
    assert client.get("/api/docs").status_code == 200


def test_too_many_questions_at_once_are_429_and_health_still_answers(
    settings: Settings,
) -> None:
    encoder = FakeEncoder()
    engine = Engine(replace(settings, max_concurrent=1), encoder)
    engine.load()
    client = client_of(engine)
    encoder.gate, encoder.asked = threading.Event(), threading.Event()
    answers: list[int] = []
    first = threading.Thread(
        target=lambda: answers.append(client.post("/api/ask", json={"question": "göl"}).status_code)
    )
    first.start()
    assert encoder.asked.wait(10)
    response = client.get("/api/search?q=a")
    check_problem(response, 429)
    assert response.headers["retry-after"]
    check_problem(client.post("/api/ask/stream", json={"question": "göl"}), 429)
    assert client.get("/api/health").status_code == 200
    encoder.gate.set()
    first.join()
    assert answers == [200]


def test_an_unexpected_failure_is_a_problem_500_without_its_details(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(engine, "_need_encoder", fail)
    client = client_of(engine)
    response = client.post("/api/ask", json={"question": "göl"})
    check_problem(response, 500)
    assert "secret" not in response.text
    response = client.post("/api/ask/stream", json={"question": "göl"})
    check_problem(response, 500)
    assert "secret" not in response.text


def test_a_failure_after_the_hits_were_sent_is_the_last_event(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(respond_module, "consider", fail)
    text = client_of(engine).post("/api/ask/stream", json={"question": "göl"}).text
    (first, found), (last, problem) = events(text)
    assert (first, last, problem["status"]) == ("hits", "error", 500)
    assert found["hits"]
    assert "secret" not in text


# --- streaming -------------------------------------------------------------------------------


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.split("\n\n")[:-1]:
        name, data = block.split("\n")
        assert name.startswith("event: ")
        assert data.startswith("data: ")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


@pytest.mark.parametrize("question", ["Değirmen ne zaman yandı?", "zürafa\u2028ve balina"])
def test_a_stream_gives_hits_citations_text_and_ends_with_what_ask_gives(
    asked: TestClient, question: str
) -> None:
    body = {"question": question, "k": 3}
    response = asked.post("/api/ask/stream", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    found = events(response.text)
    whole = asked.post("/api/ask", json=body).json()
    names = ["hits", *["citation"] * len(whole["citations"]), "text", "done"]
    assert [name for name, _ in found] == names
    done = found[-1][1]
    assert {**done, "took_ms": 0} == {**whole, "took_ms": 0}
    assert found[0][1] == {"hits": done["hits"]}
    assert [data for name, data in found if name == "citation"] == done["citations"]
    assert found[-2][1] == {"text": done["answer"]}
    typed: TypeAdapter[Event] = TypeAdapter(Event)
    for name, data in found:
        assert typed.validate_python({"event": name, "data": data}).event == name


# --- what is answered ------------------------------------------------------------------------


def test_hits_can_be_leafed_through(asked: TestClient) -> None:
    def hits(**how: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = asked.get("/api/search", params={"q": "göl", **how}).json()[
            "hits"
        ]
        return found

    whole = hits(k=3)
    assert [h["rank"] for h in whole] == [1, 2, 3]
    assert hits(k=2, offset=1) == whole[1:]
    assert hits(k=2, offset=1000) == []


def test_a_follow_up_says_what_was_searched_for(asked: TestClient) -> None:
    history = [{"question": "Değirmen ne zaman yandı?", "answer": "…"}]
    body = {"question": "Peki neden?", "history": history, "mode": "extractive"}
    answer = asked.post("/api/ask", json=body).json()
    assert answer["question"] == "Peki neden?"
    assert answer["resolved_question"] == "Değirmen: Peki neden?"


def test_an_answer_that_was_read_has_its_confidence(engine: Engine) -> None:
    engine._reader = FakeReader()
    answer = client_of(engine).post("/api/ask", json={"question": "Değirmen ne zaman yandı?"})
    assert 0 < answer.json()["confidence"] < 1
    engine._reader = None
    answer = client_of(engine).post("/api/ask", json={"question": "Değirmen ne zaman yandı?"})
    assert answer.json()["confidence"] is None


def test_a_citation_names_its_author_and_leads_to_its_place(
    settings: Settings, encoder: FakeEncoder
) -> None:
    (settings.corpus / "corpus.toml").write_text(
        '[[document]]\nfile = "lake.txt"\nauthor = "Ayşe Su"\nyear = 2022\n', "utf-8"
    )
    engine = Engine(settings, encoder)
    engine.load()
    client = client_of(engine)
    answer = client.post("/api/ask", json={"question": "Değirmen ne zaman yandı?"}).json()
    for cited in answer["citations"]:
        assert (cited["author"], cited["year"], cited["label"]) == ("Ayşe Su", 2022, None)
        assert cited["url"] == f"/text/lake/p1#c{cited['start']}-{cited['end']}"
        page = client.get(cited["url"])
        assert f'id="c{cited["start"]}-{cited["end"]}"' in page.text


def test_what_has_not_changed_is_not_sent_again(client: TestClient, engine: Engine) -> None:
    paths = ("/api/search?q=a", "/api/documents", "/api/documents/lake/pages/1", "/text/lake/p1")
    for path in paths:
        first = client.get(path)
        tag = first.headers["etag"]
        assert engine.index.manifest.generation in tag
        again = client.get(path, headers={"If-None-Match": f'"x", {tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    assert "etag" not in client.get("/api/documents/x").headers
    (engine.settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    rebuild(client)
    assert client.get("/api/documents", headers={"If-None-Match": tag}).status_code == 200


def test_a_quotation_is_checked_and_its_places_have_footnotes(asked: TestClient) -> None:
    body = {"quote": "bekçi yangını kimseye haber vermedi", "doc_id": "lake", "page": 1}
    check = asked.post("/api/verify", json=body).json()
    assert set(check) == {"stands", "as_cited", "places", "nearest", "generation"}
    assert (check["stands"], check["as_cited"], check["nearest"]) == (True, True, None)
    (place,) = check["places"]
    assert {"doc_id", "start", "end", "page", "text", "differences", "title", "url"} <= set(place)
    assert [d["kind"] for d in place["differences"]] == ["case"]
    assert place["url"] == f"/text/lake/p1#c{place['start']}-{place['end']}"
    other = asked.post("/api/verify", json={"quote": "Bekçi yangını herkese haber verdi"}).json()
    assert (other["stands"], other["as_cited"], other["places"]) == (False, False, [])
    assert "kimseye" in {d["found"] for d in other["nearest"]["differences"]}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "quote"), ({"quote": ""}, 422, "quote"), ({"quote": "ve bir"}, 422, "quote"),
        ({"quote": "x" * 8001}, 422, "quote"), ({"quote": "a\u0000b"}, 422, "quote"),
        ({"quote": "göl", "page": 0}, 422, "page"), ({"quote": "göl", "page": True}, 422, "page"),
        ({"quote": "göl", "page": " "}, 422, "page"),
        ({"quote": "göl", "page": "x" * 21}, 422, "page"),
        ({"quote": "göl", "page": [1]}, 422, "page"),
        ({"quote": "göl", "doc_id": "x"}, 404, None), ({"quote": "göl", "k": 1}, 422, "k"),
    ],
)  # fmt: skip
def test_a_bad_quotation_is_a_problem(
    asked: TestClient, body: dict[str, Any], status: int, field: str | None
) -> None:
    check_problem(asked.post("/api/verify", json=body), status, field)


# --- the API's page --------------------------------------------------------------------------


def test_the_description_is_valid_openapi_with_examples_and_problems(asked: TestClient) -> None:
    described = asked.get("/api/openapi.json").json()
    OpenAPI.model_validate(described)
    assert described["openapi"].startswith("3.1")
    paths = described["paths"]
    assert set(paths) == {
        "/api/search", "/api/ask", "/api/ask/stream", "/api/verify", "/api/documents",
        "/api/documents/{doc_id}",
        "/api/documents/{doc_id}/text", "/api/documents/{doc_id}/pages/{page}",
        "/api/passages/{passage_id}", "/api/index", "/api/index/rebuild", "/api/index/rollback",
        "/api/health", "/api/health/live", "/api/index/generations", "/api/cite",
        "/api/export", "/api/feedback", "/api/corpus", "/api/corpus/{file}",
    }  # fmt: skip
    for operation in (o for path in paths.values() for o in path.values()):
        assert operation["description"]
        failures = {s: r for s, r in operation["responses"].items() if int(s) >= 400}
        assert "503" in failures or operation["tags"] == ["corpus"]  # it needs no index
        for failure in failures.values():
            assert set(failure["content"]) == {"application/problem+json"}
            assert failure["content"]["application/problem+json"]["example"]["code"] in KINDS
    events_ = paths["/api/ask/stream"]["post"]["responses"]["200"]["content"]["text/event-stream"]
    assert len(events_["schema"]["oneOf"]) == 5
    rebuild = paths["/api/index/rebuild"]["post"]
    assert {"202", "401", "403", "409"} <= set(rebuild["responses"])
    assert rebuild["security"]
    schemas = described["components"]["schemas"]
    assert "HTTPValidationError" not in schemas
    for name in ("AskBody", "PassageShape", "CitationShape", "Problem"):
        assert any("examples" in field for field in schemas[name]["properties"].values()), name
    assert {s for s, k in KINDS.items() if k.status == 503} == {
        "no-index-yet", "index-unusable", "corpus-unusable", "stopping",
    }  # fmt: skip
    for reference in _references(described):
        assert reference.removeprefix("#/components/schemas/") in schemas


def _references(value: Any) -> Iterator[str]:
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            yield from _references(inner)
    if isinstance(value, dict) and "$ref" in value:
        yield value["$ref"]


def test_every_request_on_the_page_succeeds_as_it_is_filled_in(asked: TestClient) -> None:
    for path, operations in asked.get("/api/openapi.json").json()["paths"].items():
        for method, operation in operations.items():
            if "security" in operation:
                continue
            query, filled = {}, path
            for parameter in operation.get("parameters", ()):
                if "example" in parameter:
                    value = parameter["example"]
                    filled = filled.replace(f"{{{parameter['name']}}}", str(value))
                    if parameter["in"] == "query":
                        query[parameter["name"]] = value
                assert not parameter.get("required") or "example" in parameter, path
            bodies = operation.get("requestBody", {}).get("content", {})
            body = next((content["example"] for content in bodies.values()), None)
            response = asked.request(method, filled, params=query, json=body)
            assert response.status_code in (200, 204), (path, response.text)


def test_every_kind_of_problem_is_explained(asked: TestClient) -> None:
    listed = asked.get("/api/problems").text
    for code, kind in KINDS.items():
        page = asked.get(f"/api/problems/{code}")
        assert page.headers["content-type"].startswith("text/html")
        assert kind.title in page.text
        assert f'href="/api/problems/{code}"' in listed
        assert "<script" not in page.text
    check_problem(asked.get("/api/problems/nope"), 404)


def test_the_api_page_and_its_files_come_from_this_server(asked: TestClient) -> None:
    page = asked.get("/api/docs")
    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    for name, kind in (("swagger-ui-bundle.js", "text/javascript"), ("swagger-ui.css", "text/css")):
        assert f'"/api/docs/{name}"' in page.text
        file = asked.get(f"/api/docs/{name}")
        assert file.headers["content-type"].startswith(kind)
        assert len(file.content) > 10_000


# --- admin -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/index/rebuild", "/api/index/rollback"])
@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "secret",
        "Basic secret",
        "Bearer",
        "Bearer wrong",
        "Bearer secret2",
        b"Bearer \xff",
    ],
)
def test_a_wrong_token_is_401(asked: TestClient, given: str | bytes | None, path: str) -> None:
    headers = {"Authorization": given} if given is not None else {}
    response = asked.post(path, headers=headers)  # type: ignore[arg-type]
    check_problem(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/api/index/rebuild", "/api/index/rollback"])
def test_without_an_admin_token_nobody_is_admin(
    settings: Settings, encoder: FakeEncoder, path: str
) -> None:
    engine = Engine(replace(settings, admin_token=None), encoder)
    engine.load()
    client = client_of(engine)
    for headers in ({}, ADMIN, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert "DIPNOT_ADMIN_TOKEN" in check_problem(client.post(path, headers=headers), 403)


def test_a_second_rebuild_at_once_is_409_and_the_first_can_be_cancelled(
    client: TestClient, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_problem(client.delete("/api/index/rebuild", headers=ADMIN), 404)
    check_problem(client.delete("/api/index/rebuild"), 401)
    monkeypatch.setenv("FAKE_HOLD", str(tmp_path / "never"))
    (engine.settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    started = client.post("/api/index/rebuild", headers=ADMIN)
    assert started.status_code == 202
    assert started.json().keys() == client.get("/api/index/rebuild").json().keys()
    check_problem(client.post("/api/index/rebuild", headers=ADMIN), 409)
    cancelled = client.delete("/api/index/rebuild", headers=ADMIN).json()
    assert cancelled["state"] == "failed"
    assert "cancelled" in cancelled["error"]
    assert finished(client) == cancelled


def finished(client: TestClient) -> dict[str, Any]:
    for thread in threading.enumerate():
        if thread.name == "rebuild":
            thread.join(600)  # however busy this machine is
    state: dict[str, Any] = client.get("/api/index/rebuild").json()
    return state


def rebuild(client: TestClient) -> dict[str, Any]:
    response = client.post("/api/index/rebuild", headers=ADMIN)
    assert response.status_code == 202, response.text
    return finished(client)


def test_texts_come_change_and_go_while_questions_are_answered(
    client: TestClient, engine: Engine
) -> None:
    """Every answer is exact against the generation that it names, whatever is being swapped."""
    corpus = engine.settings.corpus
    texts = {engine.index.manifest.generation: texts_of(engine)}
    answers: list[Response] = []
    enough = threading.Event()

    def ask() -> None:
        while not enough.wait(0.02):  # the builds want the cores too
            body = {"question": "When was it built? Ne zaman kurutuldu?", "k": 20}
            answers.append(client.post("/api/ask", json=body))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    reports = []
    for change in (
        lambda: (corpus / "light.txt").write_text(LIGHTHOUSE, "utf-8"),
        lambda: (corpus / "light.txt").write_text(LIGHTHOUSE.replace("olive", "whale"), "utf-8"),
        (corpus / "light.txt").unlink,
    ):
        change()
        reports.append(rebuild(client))
        texts[engine.index.manifest.generation] = texts_of(engine)
        found = client.get("/api/search", params={"q": "lamp burned oil"}).json()["hits"]
        reports[-1]["found"] = sorted(
            word for word in ("olive", "whale") if any(word in hit["text"] for hit in found)
        )
    enough.set()
    for asker in askers:
        asker.join()
    assert [r["state"] for r in reports] == ["done"] * 3
    assert [r["found"] for r in reports] == [["olive"], ["whale"], []]
    report = reports[0]["report"]
    assert [report[key] for key in ("added", "changed", "removed", "reused", "failed")] == [
        ["light"], [], [], ["lake"], [],
    ]  # fmt: skip
    assert reports[1]["report"]["changed"] == ["light"]
    assert reports[2]["report"]["removed"] == ["light"]
    check_problem(client.get("/api/documents/light"), 404)
    assert len(texts) == 4
    assert {a.status_code for a in answers} == {200}
    for answer in (a.json() for a in answers):
        for place in answer["hits"] + answer["citations"]:
            text = texts[answer["generation"]][place["doc_id"]]
            assert text[place["start"] : place["end"]] == place.get("text", place.get("quote"))


def texts_of(engine: Engine) -> dict[str, str]:
    return {doc_id: document.text for doc_id, document in engine.index.documents.items()}


def test_a_broken_text_is_reported_and_the_others_are_served(
    client: TestClient, engine: Engine
) -> None:
    (engine.settings.corpus / "broken.txt").write_text(" \n")
    (engine.settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    state = rebuild(client)
    assert state["state"] == "done"
    assert [f["file"] for f in state["report"]["failed"]] == ["broken.txt"]
    assert state["report"]["added"] == ["railway"]
    described = client.get("/api/index").json()
    assert (described["documents"], described["stale"]) == (2, False)
    assert described["failed"] == state["report"]["failed"]


def test_an_emptied_corpus_fails_and_the_old_index_goes_on_serving(
    client: TestClient, engine: Engine
) -> None:
    generation = engine.index.manifest.generation
    (engine.settings.corpus / "lake.txt").unlink()
    assert client.get("/api/index").json()["stale"] is True
    state = rebuild(client)
    assert (state["state"], state["report"]) == ("failed", None)
    assert "holds no text" in state["error"]
    answer = client.post("/api/ask", json={"question": "Göl ne zaman kurutuldu?"}).json()
    assert answer["generation"] == generation
    assert answer["hits"]


def test_a_rebuild_without_a_change_reuses_everything(client: TestClient, engine: Engine) -> None:
    generation = engine.index.manifest.generation
    state = rebuild(client)
    assert state["report"]["reused"] == ["lake"]
    assert client.get("/api/health").json()["generation"] == generation


def test_a_build_from_a_terminal_is_served_after_a_rebuild(
    client: TestClient, engine: Engine
) -> None:
    (engine.settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    made = update_index(engine.settings, FakeEncoder(), lambda *_: None)
    check_problem(client.get("/api/documents/railway"), 404)
    assert rebuild(client)["report"]["reused"] == ["lake", "railway"]
    assert client.get("/api/health").json()["generation"] == made.generation
    assert client.get("/api/documents/railway").status_code == 200


def test_rolling_back_serves_the_generation_before(client: TestClient, engine: Engine) -> None:
    check_problem(client.post("/api/index/rollback", headers=ADMIN), 404)
    generation = engine.index.manifest.generation
    (engine.settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    rebuild(client)
    assert client.get("/api/documents/railway").status_code == 200
    response = client.post("/api/index/rollback", headers=ADMIN)
    assert response.json() == {"generation": generation}
    check_problem(client.get("/api/documents/railway"), 404)
    newer, current = client.get("/api/index/generations").json()["generations"]
    assert (current["generation"], current["current"], newer["current"]) == (
        generation,
        True,
        False,
    )
    body = {"generation": newer["generation"]}
    assert client.post("/api/index/rollback", headers=ADMIN, json=body).json() == body
    body = {"generation": "../.."}
    check_problem(client.post("/api/index/rollback", headers=ADMIN, json=body), 404)


# --- a language model ----------------------------------------------------------------------------


def test_a_written_answer_streams_sentence_by_sentence_and_says_who_wrote_it(
    settings: Settings,
) -> None:
    with serving(saying("Değirmen 3 Mayıs 1902’de yandı [1]. Selim yaktı [1].")) as fake:
        told = replace(settings, llm_url=fake.url, llm_model="small", llm_key="k-secret")
        engine = Engine(told, FakeEncoder(), FakeReader())
        engine.load()
        client = client_of(engine)
        body: dict[str, Any] = {"question": "Değirmen ne zaman yandı?"}
        whole = client.post("/api/ask", json=body | {"mode": "written"}).json()
        streamed = client.post("/api/ask/stream", json=body).text
        plain = client.post("/api/ask", json=body | {"mode": "extractive"}).json()
        described = client.get("/api/index").text
        task = {"model": "dipnot", "messages": [{"role": "user", "content": body["question"]}]}
        chat = client.post("/v1/chat/completions", json=task).json()
        fake.reply = nothing
        fallen = client.post("/api/ask", json=body).json()
    assert whole["mode"] == "written"
    assert whole["writing"] == {
        "endpoint": fake.url,
        "model": "small",
        "sentences": [{"text": "Değirmen 3 Mayıs 1902’de yandı [1].", "citations": [1]}],
        "struck": ["name"],
        "reason": None,
        "trouble": None,
        "notes": ["(Dil modelinin bir cümlesi çıkarıldı: metinde yok.)"],
    }
    texts = [json.loads(d)["text"] for d in re.findall(r"event: text\ndata: (.*)", streamed)]
    assert texts[0] == "Değirmen 3 Mayıs 1902’de yandı [1]. "
    assert "".join(texts) == whole["answer"]
    assert (plain["mode"], plain["writing"]) == ("extractive", None)
    assert plain["citations"] == whole["citations"]
    assert json.loads(described)["llm"] == {"endpoint": fake.url, "model": "small"}
    assert chat["choices"][0]["message"]["content"].startswith("Değirmen 3 Mayıs 1902’de yandı [1]")
    assert fallen["mode"] == "extractive"
    assert fallen["answer"].startswith("(Dil modelinin yanıtı yarıda kesildi.)")
    assert fallen["writing"]["reason"] == "broken"
    assert len(fake.bodies) == 4
    everything = json.dumps([whole, plain, fallen, chat]) + streamed + described
    assert "k-secret" not in everything + json.dumps(fake.bodies)


def test_without_a_language_model_nothing_of_one_is_there(asked: TestClient) -> None:
    assert asked.get("/api/index").json()["llm"] is None
    answer = asked.post("/api/ask", json={"question": "Değirmen ne zaman yandı?"}).json()
    assert (answer["mode"], answer["writing"]) == ("extractive", None)
    body = {"question": "Değirmen ne zaman yandı?", "mode": "written"}
    assert "no language model" in check_problem(asked.post("/api/ask", json=body), 422, "mode")
