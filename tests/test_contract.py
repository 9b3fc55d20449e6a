"""What programs rely on: every route's exact keys, from a real server over the real article.

The model, FAISS, the server and the sockets are real; only loopback is reached.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn

from conftest import ARTICLE, ROOT
from dipnot.client import URL
from dipnot.engine import Engine
from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.models.reader import load_reader
from dipnot.server.api import make_app
from dipnot.settings import Settings

pytestmark = pytest.mark.model

PASSAGE = {
    "passage_id", "doc_id", "title", "text", "kind", "language", "headings", "page", "page_end",
    "start", "end",
}  # fmt: skip
HIT = PASSAGE | {"rank", "score"}
CITATION = {
    "n", "quote", "highlight", "doc_id", "title", "headings", "kind", "language", "page",
    "page_end", "start", "end", "attribution", "voice", "notes", "passage_id", "author", "year",
    "label", "url", "journal", "volume", "issue",
}  # fmt: skip
ANSWER = {
    "question", "resolved_question", "confidence", "verdict", "answer",
    "mode", "writing", "language", "generation", "took_ms", "citations",
    "hits",
}  # fmt: skip
FOOTNOTE = {"label", "text", "page", "start", "end", "marker"}
REBUILD = {
    "state", "stage", "done", "total", "rate", "seconds_left", "started_at", "report", "error",
}  # fmt: skip
KINDS = {"front", "body", "list", "quotation", "abstract", "summary", "footnote"}

SIGNED = "Moskova Antlaşması ne zaman imzalandı?"
QUESTIONS = (
    SIGNED,
    "moskova antlasmasi ne zaman imzalandi",
    "When was the Treaty of Moscow signed?",
    "Gümrü Antlaşması neden yürürlüğe girmedi?",
    "Montrö'de boğazların statüsü nasıl değişti?",
    "Kars Antlaşması kimler arasında imzalandı?",
    "SSCB 1939'da Almanya ile ne yaptı?",
    "Lozan'da Sovyetler hangi görüşü savundu?",
    "Balkan Antantı nedir",
    "BİRİNCİ BEŞ YILLIK KALKINMA PLANI",
    "Why did the two states come closer?",
    "What does the article conclude?",
    "What method does the author use?",
    "Who was Chicherin?",
    "İngiltere Türkiye'ye karşı hangi siyaseti izledi?",
    "1925 tarafsızlık antlaşması",
    "Çarlık borçları",
    "How is pumpkin soup cooked?",
    "Где находится Карс?",
    "p.s. 419)1. “ ” ’ — %20 <b> & ; -- '\" \\",
)


@pytest.fixture(scope="module")
def server(article: Engine) -> Iterator[httpx.Client]:
    """A client of a real server on a free port of loopback."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(make_app(article), log_level="error", access_log=False)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, args=([listening],))
    thread.start()
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
            yield client
    finally:
        running.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture(scope="module")
def text(server: httpx.Client) -> str:
    whole: str = get(server, f"/api/documents/{ARTICLE}/text")["text"]
    return whole


def get(server: httpx.Client, path: str, **params: Any) -> dict[str, Any]:
    response = server.get(path, params=params)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    found: dict[str, Any] = response.json()
    return found


def ask(server: httpx.Client, question: str, **body: Any) -> dict[str, Any]:
    response = server.post("/api/ask", json={"question": question, **body})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def check_place(place: dict[str, Any], text: str) -> None:
    """The invariant, and what a place says of itself."""
    assert place["doc_id"] == ARTICLE
    assert text[place["start"] : place["end"]] == place.get("text", place.get("quote"))
    assert place["kind"] in KINDS
    assert place["language"] in ("tr", "en")
    assert 1 <= place["page"] <= place["page_end"] <= 30


# --- what the pages tell to type ------------------------------------------------------------------

SNIPPETS = [
    pytest.param(kind, code, id=f"{name} {n}")
    for name in ("README.md", "docs/api.md")
    for n, (kind, code) in enumerate(
        re.findall(r"```(python|sh)\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    )
    if kind == "python" or "curl" in code
]


def test_there_are_snippets_of_both_kinds() -> None:
    assert {snippet.values[0] for snippet in SNIPPETS} == {"python", "sh"}


@pytest.mark.parametrize(("kind", "code"), SNIPPETS)
def test_what_readme_and_the_page_about_the_api_tell_to_type_runs(
    server: httpx.Client, kind: str, code: str
) -> None:
    url = str(server.base_url).rstrip("/")
    code = code.replace(URL, url).replace("Dipnot()", f'Dipnot("{url}")')
    assert url in code
    if kind == "python":
        command = [sys.executable, "-W", "error", "-c", code]
    else:
        command = ["sh", "-ec", code.replace("curl ", "curl -sS --fail --noproxy '*' ")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert kind == "python" or json.loads(ran.stdout)["citations"]


# --- search and ask ------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_hit_and_citation_stands_in_the_text_word_for_word(
    server: httpx.Client, text: str, question: str
) -> None:
    found = get(server, "/api/search", q=question)
    assert set(found) == {"query", "generation", "took_ms", "hits"}
    assert found["query"] == question
    assert [hit["rank"] for hit in found["hits"]] == list(range(1, 11))
    answer = ask(server, question, k=5)
    assert set(answer) == ANSWER
    assert (answer["question"], answer["mode"]) == (question, "extractive")
    assert answer["verdict"] in ("answered", "partial", "not_in_text", "no_question")
    assert (answer["verdict"] in ("not_in_text", "no_question")) == (answer["citations"] == [])
    assert len(answer["hits"]) == 5
    for hit in (*found["hits"], *answer["hits"]):
        assert set(hit) == HIT
        check_place(hit, text)
    for n, citation in enumerate(answer["citations"], start=1):
        assert set(citation) == CITATION
        check_place(citation, text)
        assert citation["n"] == n
        assert f"[{n}]" in answer["answer"]
        assert citation["quote"] in answer["answer"]
        assert citation["voice"] in ("author", "cited", "quoted")
        assert all(0 <= a < b <= len(citation["quote"]) for a, b in citation["highlight"])
        assert get(server, f"/api/passages/{citation['passage_id']}")["doc_id"] == ARTICLE
        address, _, anchor = citation["url"].partition("#")
        assert f'id="{anchor}"' in server.get(address).text


@pytest.mark.parametrize("question", QUESTIONS[:3])
def test_when_the_treaty_of_moscow_was_signed_is_found_with_page_and_section(
    server: httpx.Client, question: str
) -> None:
    for hits in (get(server, "/api/search", q=question)["hits"], ask(server, question)["hits"]):
        found = (h for h in hits[:3] if "16 Mart 1921" in h["text"] and "imzalan" in h["text"])
        hit = next(found)
        assert hit["page"] == 10
        assert hit["headings"][-1] == "Kararsızlık Dönemi (1918-1923)"


def test_the_answer_to_it_marks_nothing_without_a_reader_and_the_date_with_one(
    server: httpx.Client, article_settings: Settings, real_encoder: SentenceTransformerEncoder
) -> None:
    assert ask(server, SIGNED)["verdict"] == "answered"
    assert not any(citation["highlight"] for citation in ask(server, SIGNED)["citations"])
    engine = Engine(article_settings, real_encoder, load_reader(real_encoder))
    engine.load()
    answer = engine.ask(SIGNED)[1]
    assert answer.verdict == "answered"
    marked = [c.quote[slice(*span)] for c in answer.citations for span in c.highlight]
    assert any("16 Mart 1921" in words for words in marked)


@pytest.mark.parametrize("k", [1, 2, 99, 100])
def test_k_hits_are_given_as_far_as_there_are_places(server: httpx.Client, k: int) -> None:
    assert len(get(server, "/api/search", q="Sovyet", k=k)["hits"]) == k
    assert len(ask(server, "Sovyet dış politikası neydi?", k=k)["hits"]) == k


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        ({"doc_id": ARTICLE}, lambda h: h["doc_id"] == ARTICLE),
        ({"language": "en"}, lambda h: h["language"] == "en"),
        ({"language": "tr"}, lambda h: h["language"] == "tr"),
        ({"kind": "body"}, lambda h: h["kind"] in ("body", "list", "quotation")),
        ({"kind": "quotation"}, lambda h: h["kind"] == "quotation"),
        ({"kind": "list"}, lambda h: h["kind"] == "list"),
        ({"kind": "footnote"}, lambda h: h["kind"] == "footnote"),
        ({"kind": "summary", "language": "en"}, lambda h: h["kind"] == "summary"),
        ({"kind": "front"}, lambda h: h["kind"] == "front"),
        ({"kind": "abstract"}, lambda h: h["kind"] == "abstract"),
    ],
)
def test_filters_leave_only_what_they_name(
    server: httpx.Client, article: Engine, filters: dict[str, str], fits: Any
) -> None:
    hits = get(server, "/api/search", q="Türkiye", k=100, **filters)["hits"]
    shown = [article.index.passages[row] for row in article.index.places.shown]
    fitting = [
        p for p in shown if fits({"doc_id": p.doc_id, "language": p.language, "kind": p.kind})
    ]
    assert hits
    assert fitting
    assert all(fits(hit) for hit in hits)
    assert {hit["passage_id"] for hit in hits} <= {p.passage_id for p in fitting}


def test_the_stream_ends_with_what_ask_gives(server: httpx.Client) -> None:
    names, data = [], []
    with server.stream("POST", "/api/ask/stream", json={"question": SIGNED}) as response:
        for line in response.iter_lines():
            if line.startswith("event: "):
                names.append(line.removeprefix("event: "))
            elif line:
                data.append(json.loads(line.removeprefix("data: ")))
    answer = ask(server, SIGNED)
    assert names == ["hits", *["citation"] * len(answer["citations"]), "text", "done"]
    assert {**data[-1], "took_ms": 0} == {**answer, "took_ms": 0}


def test_a_follow_up_is_understood_with_its_history(server: httpx.Client) -> None:
    history = [{"question": "Moskova Antlaşması nerede imzalandı?", "answer": "…"}]
    hits = ask(server, "Peki ne zaman?", history=history)["hits"]
    assert any("16 Mart 1921" in hit["text"] for hit in hits)


# --- reading -------------------------------------------------------------------------------------


def test_documents_are_listed_with_their_counts(server: httpx.Client) -> None:
    listed = get(server, "/api/documents")
    assert set(listed) == {"documents"}
    (document,) = listed["documents"]
    assert set(document) == {"doc_id", "title", "author", "languages", "pages", "passages"}
    assert (document["doc_id"], document["pages"]) == (ARTICLE, 30)
    assert document["languages"] == ["tr", "en"]
    assert document["passages"] == get(server, "/api/health")["passages"]


def test_a_document_gives_its_parts_at_their_offsets(server: httpx.Client, text: str) -> None:
    document = get(server, f"/api/documents/{ARTICLE}")
    assert set(document) == {
        "doc_id", "title", "author", "languages", "passages", "pages", "sections", "footnotes",
        "references",
    }  # fmt: skip
    assert [page["number"] for page in document["pages"]] == list(range(1, 31))
    for page in document["pages"]:
        assert set(page) == {"number", "label", "start", "end"}
    for section in document["sections"]:
        assert set(section) == {"heading", "level", "page", "start", "end"}
        assert section["start"] < section["end"] <= len(text)
    assert [note["label"] for note in document["footnotes"]] == [str(i) for i in range(1, 12)]
    for note in document["footnotes"]:
        assert set(note) == FOOTNOTE
        assert text[note["start"] : note["end"]] == note["text"]
        assert note["marker"] <= document["pages"][-1]["end"] <= note["start"]
    for reference in document["references"]:
        assert set(reference) == {"text", "author", "year", "locator", "start", "end"}
        assert text[reference["start"] : reference["end"]] == reference["text"]


def test_pages_cover_the_running_text_without_gaps(server: httpx.Client, text: str) -> None:
    document = get(server, f"/api/documents/{ARTICLE}")
    end, notes = 0, []
    for number in range(1, 31):
        page = get(server, f"/api/documents/{ARTICLE}/pages/{number}")
        assert set(page) == {
            "doc_id", "number", "label", "text", "start", "end", "headings", "footnotes",
        }  # fmt: skip
        assert page["start"] == end
        assert text[page["start"] : page["end"]] == page["text"]
        end = page["end"]
        notes += page["footnotes"]
    assert notes == document["footnotes"]


@pytest.mark.parametrize(("start", "end"), [(None, None), (0, 0), (21873, 22190), (100, None)])
def test_a_range_of_the_text_is_given_by_code_points(
    server: httpx.Client, text: str, start: int | None, end: int | None
) -> None:
    asked = {k: v for k, v in (("start", start), ("end", end)) if v is not None}
    part = get(server, f"/api/documents/{ARTICLE}/text", **asked)
    assert set(part) == {"doc_id", "start", "end", "text"}
    assert part["text"] == text[start or 0 : end if end is not None else len(text)]
    assert part["end"] - part["start"] == len(part["text"])


def test_a_passage_is_found_by_its_id(server: httpx.Client) -> None:
    for hit in get(server, "/api/search", q=SIGNED, k=3)["hits"]:
        passage = get(server, f"/api/passages/{hit['passage_id']}")
        assert set(passage) == PASSAGE
        assert passage == {key: hit[key] for key in PASSAGE}


# --- the index -----------------------------------------------------------------------------------


def test_the_index_says_what_it_is_and_that_it_is_not_stale(server: httpx.Client) -> None:
    index = get(server, "/api/index")
    assert set(index) == {
        "generation", "created_at", "documents", "passages", "encoder", "encoder_fingerprint",
        "dimension", "metric", "chunking", "stale", "stale_reason", "failed", "llm", "feedback",
    }  # fmt: skip
    assert (index["dimension"], index["metric"]) == (384, "inner_product")
    assert (index["stale"], index["stale_reason"], index["failed"]) == (False, None, [])
    health = get(server, "/api/health")
    assert set(health) == {"status", "generation", "documents", "passages", "version"}
    assert (health["status"], health["generation"]) == ("ok", index["generation"])
    assert get(server, "/api/search", q="a b")["generation"] == index["generation"]


def test_a_rebuild_that_was_never_asked_for_is_idle(server: httpx.Client) -> None:
    state = get(server, "/api/index/rebuild")
    assert set(state) == REBUILD
    assert (state["state"], state["report"], state["error"]) == ("idle", None, None)


def test_answers_are_the_same_from_many_threads(server: httpx.Client) -> None:
    expected = {q: ask(server, q)["hits"] for q in QUESTIONS[:4]}
    wrong: list[str] = []

    def check(question: str) -> None:
        if ask(server, question)["hits"] != expected[question]:
            wrong.append(question)

    threads = [threading.Thread(target=check, args=(q,)) for q in expected for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_body_of_ten_megabytes_gets_its_answer_and_not_a_broken_connection(
    server: httpx.Client,
) -> None:
    response = server.post("/api/ask", content=b"x" * 10_000_000)
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert get(server, "/api/health")


def test_raw_requests_that_are_no_http_or_half_of_one_do_no_harm(server: httpx.Client) -> None:
    port = server.base_url.port
    assert port is not None
    for sent in (
        b"\r\n\r\n",
        b"GET /api/search?q=\xed\xa0\x80 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /api/\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{",
        b"POST /api/ask HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n{",
        b"\x16\x03\x01\x02\x00",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(sent)
    assert get(server, "/api/health")
