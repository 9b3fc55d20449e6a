"""Examples of the API's page: made of the texts that are served."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.examples import _values
from fakes import LIGHTHOUSE


def test_values_name_what_the_index_holds(engine: Engine) -> None:
    values = _values(engine.index)
    assert values["doc_id"] in engine.index.documents
    assert engine.index.row_of(values["passage_id"]) is not None
    assert values["quote"] in engine.index.documents[values["doc_id"]].text
    assert engine.search(values["q"])[1]


def test_the_description_changes_with_the_index_and_not_before_there_is_one(
    engine: Engine,
) -> None:
    with_texts = str(make_app(engine).openapi())
    without = str(make_app(Engine(engine.settings, engine._encoder)).openapi())
    assert "'lake'" in with_texts
    assert "'lake'" not in without


def test_a_file_is_put_and_taken_out_by_the_names_that_are_filled_in(engine: Engine) -> None:
    client = TestClient(make_app(engine))
    path = client.get("/api/openapi.json").json()["paths"]["/api/documents/{doc_id}"]
    names = {
        method: next(p["example"] for p in operation["parameters"] if p["name"] == "doc_id")
        for method, operation in path.items()
    }
    assert names["get"] == "lake"
    admin = {"Authorization": "Bearer secret"}
    put = client.put(f"/api/documents/{names['put']}", content=LIGHTHOUSE, headers=admin)
    assert put.status_code == 201, put.text
    assert client.delete(f"/api/documents/{names['delete']}", headers=admin).status_code == 204


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/api/cite", "post", "409", "text-changed"),
        ("/api/feedback", "post", "429", "too-often"),
        ("/api/feedback", "post", "409", "text-changed"),
        ("/api/documents/{doc_id}", "put", "409", "already-there"),
        ("/api/index/rebuild", "post", "409", "rebuild-already-running"),
        ("/api/ask", "post", "429", "too-many-at-once"),
    ],
)
def test_a_route_shows_the_problem_that_it_answers_with(
    engine: Engine, path: str, method: str, status: str, code: str
) -> None:
    answer = make_app(engine).openapi()["paths"][path][method]["responses"][status]
    assert set(answer["content"]) == {"application/problem+json"}
    assert answer["content"]["application/problem+json"]["example"]["code"] == code


_REFUSED = {
    "get /api/search": "q=a&k=0",
    "get /api/documents/{doc_id}/text": "start=-1",
    "get /api/documents/{doc_id}/pages/{page}": "",
    "put /api/documents/{doc_id}": b"x",
    "post /api/ask": {"question": " "},
    "post /api/ask/stream": {"question": " "},
    "post /api/verify": {"quote": " "},
    "post /api/cite": {"citations": []},
    "post /api/export": {"turns": [], "format": "markdown"},
    "post /api/feedback": {
        "question": " ",
        "verdict": "answered",
        "citations": [],
        "helpful": True,
    },
    "post /api/index/rollback": {"generation": 5},
}


def test_each_route_refuses_a_bad_request_in_the_words_of_its_example(engine: Engine) -> None:
    client = TestClient(make_app(engine), headers={"Authorization": "Bearer secret"})
    routes = {
        f"{method} {path}": operation["responses"]["422"]
        for path, operations in client.get("/api/openapi.json").json()["paths"].items()
        for method, operation in operations.items()
        if path.startswith("/api/") and "422" in operation["responses"]
    }
    assert set(_REFUSED) <= set(routes)
    for route, described in routes.items():
        method, path = route.split(" ")
        sent = _REFUSED.get(route, "x=1")
        named = path.format(doc_id="lake", page="iv", passage_id="x", file="lake.txt")
        if method == "put":
            answered = client.put("/api/documents/harita.exe", content=b"x")
        elif isinstance(sent, dict):
            answered = client.request(method, named, json=sent)
        else:
            answered = client.request(method, f"{named}?{sent!s}")
        assert answered.status_code == 422, (route, answered.text)
        example = described["content"]["application/problem+json"]["example"]
        assert answered.json() == example, route
