"""The routes of the corpus page: who may put and take, and what is told of each file."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dipnot.building import update_index
from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.settings import Settings
from fakes import LIGHTHOUSE, RAILWAY, FakeEncoder

ADMIN = {"Authorization": "Bearer secret"}
BROKEN = b"%PDF-1.4\nthis is no PDF"


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(make_app(engine), raise_server_exceptions=False)


def test_a_file_is_put_listed_understood_and_taken_out(client: TestClient, engine: Engine) -> None:
    data = LIGHTHOUSE.encode()
    put = client.put("/api/documents/fener.txt", content=data, headers=ADMIN)
    assert put.status_code == 201, put.text
    assert put.json() == {
        "file": "fener.txt", "doc_id": "fener", "replaced": False, "size": len(data),
    }  # fmt: skip
    fener, lake = client.get("/api/corpus").json()["files"]
    assert (fener["state"], fener["title"], fener["removable"]) == ("new", None, True)
    assert (lake["state"], lake["title"], lake["pages"]) == ("indexed", "Göl ve Kıyısı", 1)
    assert len(lake["examples"]) >= 2
    told = client.get("/api/corpus/fener.txt").json()
    assert told["title"] == "On the Lighthouse"
    assert "year" in told["missing"]
    assert client.delete("/api/documents/fener.txt", headers=ADMIN).status_code == 204
    assert client.get("/api/corpus/fener.txt").status_code == 404
    assert client.delete("/api/documents/fener.txt", headers=ADMIN).status_code == 404


def test_only_the_admin_puts_and_takes(client: TestClient, engine: Engine) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        put = client.put("/api/documents/a.txt", content=b"A lake.", headers=headers)
        assert (put.status_code, put.json()["code"]) == (401, "not-authorized")
        assert client.delete("/api/documents/lake.txt", headers=headers).status_code == 401
    elsewhere = ADMIN | {"Origin": "https://other.example"}
    assert client.put("/api/documents/a.txt", content=b"A", headers=elsewhere).status_code == 403
    engine.settings = replace(engine.settings, admin_token=None)
    off = TestClient(make_app(engine)).put("/api/documents/a.txt", content=b"A", headers=ADMIN)
    assert (off.status_code, off.json()["code"]) == (403, "admin-is-off")
    assert [p.name for p in engine.settings.corpus.iterdir()] == ["lake.txt"]


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("lake.txt", b"Another.", 409, "already-there"),
        ("broken.pdf", BROKEN, 422, "invalid-input"),
        ("a.exe", b"MZ", 422, "invalid-input"),
        ("%2e%2e", b"A", 422, "invalid-input"),
        ("..%2fa.txt", b"A", 404, "not-found"),
        ("..%5ca.txt", b"A", 422, "invalid-input"),
        ("a%00.txt", b"A", 422, "invalid-input"),
        (".a.txt", b"A", 422, "invalid-input"),
    ],
)
def test_what_may_not_be_put_leaves_the_folder_as_it_was(
    client: TestClient, engine: Engine, name: str, data: bytes, status: int, code: str
) -> None:
    put = client.put(f"/api/documents/{name}", content=data, headers=ADMIN)
    assert (put.status_code, put.json()["code"]) == (status, code)
    assert [p.name for p in engine.settings.corpus.iterdir()] == ["lake.txt"]


def test_a_file_is_replaced_where_that_is_asked_for(client: TestClient, engine: Engine) -> None:
    data = LIGHTHOUSE.encode()
    put = client.put("/api/documents/lake.txt?replace=true", content=data, headers=ADMIN)
    assert (put.status_code, put.json()["replaced"]) == (201, True)
    assert client.get("/api/corpus").json()["files"][0]["state"] == "changed"


def test_a_file_larger_than_other_bodies_may_be_is_taken(client: TestClient) -> None:
    data = b"A lake lies here. " * 80_000
    assert len(data) > 1024 * 1024
    assert client.put("/api/documents/big.txt", content=data, headers=ADMIN).status_code == 201


def test_a_damaged_index_is_told_of_where_an_older_one_is_served(
    client: TestClient, engine: Engine, settings: Settings
) -> None:
    told = client.get("/api/corpus").json()
    assert (told["damaged"], told["stale_reason"]) == (False, None)
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    made = update_index(settings, FakeEncoder(), lambda *_: None).generation
    (settings.index / "generations" / made / "dense" / "vectors.npy").write_bytes(b"")
    engine.catch_up()
    told = client.get("/api/corpus").json()
    assert told["damaged"] is True
    assert "vectors.npy" in told["stale_reason"]


def test_a_corpus_that_went_while_its_index_is_served_is_told_of(
    client: TestClient, settings: Settings
) -> None:
    shutil.rmtree(settings.corpus)
    told = client.get("/api/corpus")
    assert told.status_code == 200
    assert "does not exist" in told.json()["catalogue"]


@pytest.mark.parametrize("trouble", ["missing", "catalogue"])
def test_a_corpus_that_cannot_be_used_is_said_with_what_to_mend(
    client: TestClient, settings: Settings, trouble: str
) -> None:
    if trouble == "missing":
        shutil.rmtree(settings.corpus)
    else:
        (settings.corpus / "corpus.toml").write_text("[[document\n")
    asked = [client.put("/api/documents/a.txt", content=b"A lake.", headers=ADMIN),
             client.get("/api/corpus/lake.txt")]  # fmt: skip
    if trouble == "missing":
        asked.append(client.delete("/api/documents/lake.txt", headers=ADMIN))
    for answer in asked:
        assert (answer.status_code, answer.json()["code"]) == (503, "corpus-unusable")
        assert "corpus" in answer.json()["detail"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes")
def test_a_file_whose_name_is_of_an_old_code_page_is_read_replaced_and_taken_out(
    client: TestClient, settings: Settings
) -> None:
    old = Path(os.fsdecode(os.fsencode(settings.corpus) + b"/g\xf6l.txt"))
    old.write_text(LIGHTHOUSE, "utf-8")
    assert client.get("/api/corpus/göl.txt").json()["file"] == "göl.txt"
    put = client.put("/api/documents/göl.txt", content=RAILWAY.encode(), headers=ADMIN)
    assert put.json()["code"] == "already-there"
    replaced = client.put(
        "/api/documents/göl.txt?replace=true", content=RAILWAY.encode(), headers=ADMIN
    )
    assert replaced.json()["replaced"] is True
    assert old.read_text("utf-8") == RAILWAY
    assert client.delete("/api/documents/göl.txt", headers=ADMIN).status_code == 204
    assert [p.name for p in settings.corpus.iterdir()] == ["lake.txt"]
    (settings.index.parent / "outside.txt").write_text("Metin.")
    old.symlink_to(settings.index.parent / "outside.txt")
    listed = {f["file"]: f for f in client.get("/api/corpus").json()["files"]}
    assert (listed["göl.txt"]["state"], listed["göl.txt"]["removable"]) == ("failed", True)


def test_an_empty_corpus_and_a_missing_one_are_told_of_before_there_is_an_index(
    tmp_path: Path, settings: Settings
) -> None:
    (settings.corpus / "lake.txt").unlink()
    client = TestClient(make_app(Engine(settings, FakeEncoder())))
    told = client.get("/api/corpus").json()
    assert (told["files"], told["catalogue"], told["ready"]) == ([], None, False)
    gone = replace(settings, corpus=tmp_path / "gone")
    told = TestClient(make_app(Engine(gone, FakeEncoder()))).get("/api/corpus").json()
    assert "does not exist" in told["catalogue"]
