"""The tools for assistants, called by the protocol's own client: in memory, over HTTP, stdio."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.server import MCPServer

from dipnot.building import update_index
from dipnot.engine import Engine
from dipnot.server.api import make_app
from dipnot.server.mcp import make_mcp, run_stdio
from dipnot.settings import Settings
from fakes import LAKE, RAILWAY, FakeEncoder


def with_client(
    server: MCPServer[Any] | StdioServerParameters | str,
    use: Callable[[Client], Awaitable[Any]],
    mode: Any = "auto",
) -> Any:
    async def run() -> Any:
        async with Client(server, mode=mode) as client:
            return await use(client)

    return asyncio.run(run())


def called(engine: Engine, name: str, **arguments: Any) -> Any:
    return with_client(make_mcp(engine), lambda client: client.call_tool(name, arguments))


def told(result: Any) -> dict[str, Any]:
    """The structured content, which is the JSON of the last text as well."""
    assert not result.is_error, result.content
    assert json.loads(result.content[-1].text) == result.structured_content
    content: dict[str, Any] = result.structured_content
    return content


def test_the_tools_have_titles_and_only_read(engine: Engine) -> None:
    tools = with_client(make_mcp(engine), lambda client: client.list_tools()).tools
    assert [t.name for t in tools] == ["search", "fetch", "ask", "verify_quote", "get_page"]
    for tool in tools:
        assert tool.title
        assert tool.description
        assert tool.output_schema
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)


def test_what_search_finds_can_be_fetched_with_its_address(engine: Engine) -> None:
    results = told(called(engine, "search", query="değirmen"))["results"]
    for found in results:
        assert set(found) == {"id", "title", "url", "text"}
        fetched = told(called(engine, "fetch", id=found["id"]))
        assert set(fetched) == {"id", "title", "text", "url", "metadata"}
        assert (fetched["text"], fetched["url"]) == (found["text"], found["url"])
        path = found["url"].removeprefix("http://127.0.0.1:7860")
        assert TestClient(make_app(engine)).get(path).status_code == 200
    whole = told(called(engine, "fetch", id="lake"))
    assert whole["text"] == engine.document("lake").text


def test_an_answer_begins_with_links_to_its_citations(engine: Engine) -> None:
    result = called(engine, "ask", question="Değirmen ne zaman yandı?")
    answer = told(result)
    links = [c for c in result.content if c.type == "resource_link"]
    assert result.content[: len(links)] == links
    assert [link.uri for link in links] == [c["url"] for c in answer["citations"]]
    assert answer["citations"]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("search", {"query": "değirmen"}), ("fetch", {"id": "lake"}),
        ("ask", {"question": "Değirmen ne zaman yandı?"}),
        ("verify_quote", {"quote": "Bekçi yangını kimseye haber vermedi"}),
        ("get_page", {"doc_id": "lake", "page": 1}),
    ],
)  # fmt: skip
def test_every_result_begins_with_a_link_to_a_page_of_ours(
    engine: Engine, name: str, given: dict[str, Any]
) -> None:
    first = called(engine, name, **given).content[0]
    assert first.type == "resource_link"
    assert first.uri.startswith("http://127.0.0.1:7860/text/lake/p1")


def test_an_answer_tells_how_long_it_took(engine: Engine) -> None:
    assert told(called(engine, "ask", question="Değirmen ne zaman yandı?"))["took_ms"] > 0


def test_a_quotation_is_checked_and_a_page_read(engine: Engine) -> None:
    check = told(called(engine, "verify_quote", quote="Bekçi yangını kimseye haber vermedi"))
    assert check["stands"]
    assert check["places"][0]["url"].startswith("http://127.0.0.1:7860/text/lake/p1#c")
    page = told(called(engine, "get_page", doc_id="lake", page=1))
    assert page["text"] == engine.document("lake").text


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("search", {"query": ""}, "q is empty"),
        ("fetch", {"id": "x"}, "There is no passage 'x'"),
        ("ask", {"question": "göl", "doc_id": "x"}, "known: lake"),
        ("get_page", {"doc_id": "lake", "page": 9}, "no page 9"),
        ("verify_quote", {"quote": "ve"}, "function words"),
    ],
)
def test_an_error_is_a_sentence(
    engine: Engine, name: str, arguments: dict[str, Any], said: str
) -> None:
    result = called(engine, name, **arguments)
    assert result.is_error
    assert said in result.content[0].text


def test_documents_are_resources(engine: Engine, settings: Settings) -> None:
    async def read(client: Client) -> Any:
        (listed,) = (await client.list_resources()).resources
        return listed, (await client.read_resource(listed.uri)).contents[0]

    listed, content = with_client(make_mcp(engine), read)
    assert (listed.uri, content.text) == ("dipnot://documents/lake", engine.document("lake").text)
    unready = make_mcp(Engine(settings))
    assert with_client(unready, lambda client: client.list_resources()).resources == []


@contextmanager
def serving(engine: Engine) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(make_app(engine), log_level="error", access_log=False))
    thread = threading.Thread(target=running.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    finally:
        running.should_exit = True
        thread.join()
        listening.close()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_old_and_new_clients_are_served_over_http(engine: Engine, mode: str) -> None:
    async def use(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "Değirmen ne zaman yandı?"})

    with serving(engine) as url:
        answer = told(with_client(url, use, mode))
        assert answer["verdict"]
        # Its links lead to where the assistant came from, whatever port the settings name.
        reached = url.removesuffix("/mcp")
        assert all(c["url"].startswith(f"{reached}/text/") for c in answer["citations"])
        assert answer["citations"]


@pytest.mark.model
def test_the_command_serves_over_standard_input_and_output(tmp_path: Path) -> None:
    """Started as an assistant starts it, by the protocol's own client."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lake.txt").write_text(LAKE, "utf-8")
    env = {
        **os.environ, "DIPNOT_CORPUS": str(tmp_path / "corpus"),
        "DIPNOT_INDEX": str(tmp_path / "index"),
    }  # fmt: skip
    command = [sys.executable, "-m", "dipnot"]
    subprocess.run([*command, "build"], env=env, check=True, capture_output=True)
    parameters = StdioServerParameters(command=command[0], args=[*command[1:], "mcp"], env=env)

    async def use(client: Client) -> Any:
        tools = (await client.list_tools()).tools
        return tools, await client.call_tool("ask", {"question": "Değirmen ne zaman yandı?"})

    tools, result = with_client(parameters, use)
    assert len(tools) == 5
    assert "1902" in told(result)["citations"][0]["quote"]


def test_a_generation_that_is_published_meanwhile_is_served_until_the_input_ends(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = engine.index.manifest.generation

    def run(_: MCPServer[Any], transport: str) -> None:
        assert transport == "stdio"
        (engine.settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
        update_index(engine.settings, FakeEncoder(), lambda *_: None)
        begun = time.monotonic()
        while engine.index.manifest.generation == old:
            assert time.monotonic() - begun < 60
            time.sleep(0.01)
        quote = {"quote": "Demiryolu kasabaya 1911 yılında ulaştı."}
        assert called(engine, "verify_quote", **quote).structured_content["stands"] is True

    monkeypatch.setattr(MCPServer, "run", run)
    run_stdio(engine)
    assert engine.is_closing
    assert "keep-up" not in {thread.name for thread in threading.enumerate()}


def test_a_wrong_host_is_421_and_a_wrong_origin_403(engine: Engine) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    with TestClient(make_app(engine)) as client:
        assert client.post("/mcp", json=body, headers={"Host": "evil.example"}).status_code == 421
        evil = {"Origin": "http://evil.example"}
        assert client.post("/mcp", json=body, headers=evil).status_code == 403
    assert TestClient(make_app(engine)).post("/mcp", json=body).status_code == 503
