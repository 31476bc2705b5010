"""The tools for agents, used by the protocol's own client."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from assistant.access.keys import KeyStore
from assistant.access.scopes import Scope
from assistant.assistant import Assistant
from assistant.server import create_tools_app
from assistant.settings import Settings
from assistant.tools import create_tools
from index.embedding import PackagedEmbedder
from index.library import Library
from tests.conftest import BRIDGE, FLOOD, NAQVI
from tests.serving import served


@pytest.fixture(scope="module")
def tooled(tmp_path_factory: pytest.TempPathFactory, minilm: PackagedEmbedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("tools") / "library"
    with Library(folder, minilm) as library:
        library.add([NAQVI, BRIDGE, FLOOD])
        yield Assistant(library, Settings(library=folder))


async def used(server: Any) -> None:
    """What must hold however the server is reached."""
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == {"ask", "search", "get_article"}
        assert all(tool.description and tool.annotations and tool.annotations.read_only_hint for tool in tools)
        asked = await client.call_tool("ask", {"question": "Who received Natalie Baker?"})
        assert not asked.is_error
        answer = asked.structured_content or {}
        assert "Mohsin Naqvi" in answer["answer"]
        (citation,) = answer["citations"]
        shown = await client.call_tool("get_article", {"article_id": citation["article_id"]})
        text = (shown.structured_content or {})["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        found = await client.call_tool("search", {"query": "river Ossa peak", "since": "2025-03-01", "k": 1})
        (passage,) = (found.structured_content or {})["result"]
        assert passage["article_id"] == FLOOD.id
        for tool, arguments, says in (
            ("ask", {"question": " "}, "empty"),
            ("ask", {"question": "x", "k": 99}, "50"),
            ("get_article", {"article_id": "../../etc/passwd"}, "no article"),
        ):
            refused = await client.call_tool(tool, arguments)
            assert refused.is_error
            assert says in str(refused.content)


def test_within_one_process(tooled: Assistant) -> None:
    asyncio.run(used(create_tools(tooled)))


def test_over_stdin_and_stdout(tooled: Assistant) -> None:
    words = ["-c", "from assistant.cli import main; main()", "--library", str(tooled.settings.library), "mcp"]
    environment = {"PYTHONPATH": str(Path(__file__).parents[1])}
    asyncio.run(used(StdioServerParameters(command=sys.executable, args=words, env=environment)))


def test_over_http_behind_the_guard(tooled: Assistant) -> None:
    with served(create_tools_app(tooled)) as url:
        asyncio.run(used(f"{url}/mcp"))
        keys = KeyStore(tooled.settings.library)
        _, secret = keys.create("agent", [Scope.ASK, Scope.READ])
        assert httpx2.post(f"{url}/mcp", json={}).status_code == 401
        assert httpx2.get(f"{url}/other").status_code == 401

        async def with_key() -> None:
            async with httpx2.AsyncClient(headers={"authorization": f"Bearer {secret}"}) as http:
                await used(streamable_http_client(f"{url}/mcp", http_client=http))

        asyncio.run(with_key())
