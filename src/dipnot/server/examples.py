"""Examples on the API's page that work: they are made of the texts that are served.

Owns: which values the page begins with, so that each request on it succeeds as it stands.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from fastapi import FastAPI

from dipnot.engine import Engine
from dipnot.index.build import Index


def fill_in_examples(app: FastAPI, engine: Engine) -> None:
    """Fill in values from the open index whenever the description is asked for."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        if not engine.is_ready:
            return describe()
        schema = deepcopy(describe())
        values = _values(engine.index)
        for path in schema["paths"].values():
            for operation in path.values():
                _fill_in(operation, values)
        return schema

    app.openapi = described  # type: ignore[method-assign]


def _values(index: Index) -> dict[str, Any]:
    """A value for every parameter and field that has to be given."""
    documents = list(index.documents.values())
    document = next((d for d in documents if d.examples), documents[0])
    question = document.examples[0] if document.examples else document.title
    sentences = index.places.sentences_of(document.doc_id)
    running = (n for n in sentences if index.sentence(n).kind == "body")
    return {
        "q": question,
        "question": question,
        "quote": index.sentence(next(running, sentences[0])).text,
        "doc_id": document.doc_id,
        "page": 1,
        "passage_id": index.passages[int(index.places.shown[0])].passage_id,
    }


def _fill_in(operation: dict[str, Any], values: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter.get("required") and parameter["name"] in values:
            parameter["example"] = values[parameter["name"]]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
        body = _BODIES.get(name)
        if body is not None:
            content["example"] = {k: values[k] if v is ... else v for k, v in body.items()}


_BODIES: dict[str, dict[str, Any]] = {
    "AskBody": {"question": ..., "history": [], "k": 8, "doc_id": None, "mode": None},
    "VerifyBody": {"quote": ..., "doc_id": None, "page": None},
}
