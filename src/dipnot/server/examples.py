"""Examples that work: they are made of the texts that are served.

Owns: which values the API's page begins with, so that each request on it succeeds as it stands, and
which questions a text suggests of itself; and what each route says of a request that it refuses.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import Any

from fastapi import FastAPI

from dipnot.engine import Engine
from dipnot.formats import MAX_BYTES, SUFFIXES
from dipnot.index.build import Index
from dipnot.types import Document

_QUESTIONS: dict[str, dict[str, str]] = {
    "tr": {
        "heading": "“{}” bölümünde ne anlatılıyor?",
        "cited": "{} kaynağından ne aktarılıyor?",
        "gist": "Bu metin neyi anlatıyor?",
    },
    "en": {
        "heading": "What does the section “{}” say?",
        "cited": "What is cited from {}?",
        "gist": "What is this text about?",
    },
}
_NEW_FILE = "yeni-metin.txt"
_SUGGESTED = 4
_LONGEST = 60  # characters of a heading that makes a question


def examples_of(document: Document) -> tuple[str, ...]:
    """Give questions to begin with: those of ``corpus.toml``, else of headings and names."""
    if document.examples:
        return document.examples
    words = _QUESTIONS["en" if document.languages[:1] == ("en",) else "tr"]
    headings = [s.heading for s in document.sections if s.level > 1 or len(document.sections) < 9]
    asked = [
        words["heading"].format(" ".join(heading.split()))
        for heading in headings
        if len(heading) <= _LONGEST and heading != document.title
    ]
    authors = Counter(r.author for r in document.references if " " not in r.author.strip())
    cited = [words["cited"].format(author) for author, _ in authors.most_common(1)]
    return (words["gist"], *asked[: _SUGGESTED - 1 - len(cited)], *cited)


def fill_in_examples(app: FastAPI, engine: Engine) -> None:
    """Fill in values from the open index whenever the description is asked for."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        schema = deepcopy(describe())
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                _say_refusals(operation["responses"], f"{method} {path}")
        if not engine.is_ready:
            return schema
        values = _values(engine.index)
        for path in schema["paths"].values():
            for method, operation in path.items():
                # What is put or taken out is named by its file.
                names = {"put": _NEW_FILE, "delete": values["file"]}
                named = {"doc_id": names[method]} if method in names else {}
                _fill_in(operation, values | named)
        return schema

    app.openapi = described  # type: ignore[method-assign]


def _values(index: Index) -> dict[str, Any]:
    """A value for every parameter and field that has to be given."""
    documents = list(index.documents.values())
    document = next((d for d in documents if d.examples), documents[0])
    question = document.examples[0] if document.examples else document.title
    sentences = index.places.sentences_of(document.doc_id)
    running = (n for n in sentences if index.sentence(n).kind == "body")
    first = index.places.sentences_of(document.doc_id)[0]
    place = {
        "doc_id": document.doc_id,
        "start": int(index.places.starts[first]),
        "end": int(index.places.ends[first]),
    }
    return {
        "citations": [place],
        "turns": [{"question": question, "answer": "… [1]", "citations": [place]}],
        "q": question,
        "question": question,
        "quote": index.sentence(next(running, sentences[0])).text,
        "doc_id": document.doc_id,
        "page": 1,
        "file": document.source,
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


def _say_refusals(responses: dict[str, Any], route: str) -> None:
    """Say of a route what it answers to a request that it refuses."""
    for status, of_route, else_ in (
        ("422", _REFUSED, _NO_PARAMETER),
        ("413", _TOO_LARGE, None),
    ):
        told = of_route.get(route, else_)
        if told and status in responses:
            (content,) = responses[status]["content"].values()
            field, detail = told
            content["example"] = content["example"] | {"detail": detail, "field": field}


_EMPTY = ("question", "question is empty; expected a question.")
_NO_ITEM = "{0}: found a list, list should have at least 1 item after validation, not 0."
_NO_PARAMETER = ("x", "The query parameter 'x' is unknown; none is expected.")
_REFUSED = {
    "get /api/search": ("k", "k: found '0', input should be greater than or equal to 1."),
    "get /api/documents/{doc_id}/text": (
        "start",
        "start: found '-1', input should be greater than or equal to 0.",
    ),
    "get /api/documents/{doc_id}/pages/{page}": (
        "page",
        "page: found 'iv', input should be a valid integer, unable to parse string as an integer.",
    ),
    "put /api/documents/{doc_id}": (
        "file",
        f"'harita.exe' has a format that is not read; expected {', '.join(SUFFIXES)}.",
    ),
    "post /api/ask": _EMPTY,
    "post /api/ask/stream": _EMPTY,
    "post /api/feedback": _EMPTY,
    "post /api/verify": ("quote", "quote is empty; expected a quotation."),
    "post /api/cite": ("citations", _NO_ITEM.format("citations")),
    "post /api/export": ("turns", _NO_ITEM.format("turns")),
    "post /api/index/rollback": (
        "generation",
        "generation: found '5', input should be a valid string.",
    ),
}
_TOO_LARGE = {
    "put /api/documents/{doc_id}": (
        "body",
        (
            f"'{_NEW_FILE}' has more than {MAX_BYTES:,} bytes, which is the most that is read. "
            "Split the file."
        ),
    ),
}
_BODIES: dict[str, dict[str, Any]] = {
    "AskBody": {"question": ..., "history": [], "k": 8, "doc_id": None, "mode": None},
    "VerifyBody": {"quote": ..., "doc_id": None, "page": None},
    "CiteBody": {"citations": ..., "style": "chicago", "lang": "tr", "format": "text"},
    "ExportBody": {"turns": ..., "format": "markdown", "style": "chicago", "lang": "tr"},
    "FeedbackBody": {
        "question": ...,
        "verdict": "answered",
        "citations": ...,
        "helpful": True,
        "comment": "",
    },
}
