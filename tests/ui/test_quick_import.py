"""Importing Gradio: no stubs are written, and nothing is changed afterwards."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from dipnot_ui.quick_import import no_stubs

IMPORTED = """
import inspect, pathlib
read = pathlib.Path.read_text
pathlib.Path.read_text = lambda p, *a, **k: print(p) or read(p, *a, **k)
found = inspect.getfile
import dipnot_ui, gradio
assert inspect.getfile is found
assert gradio.Textbox(label="a").label == "a" and gradio.Textbox().submit
"""


def test_the_librarys_classes_alone_are_in_no_file_and_only_while_it_is_imported() -> None:
    inside = type("Component", (), {"__module__": "gradio.components.textbox"})
    with no_stubs():
        assert inspect.getfile(no_stubs)
        with pytest.raises(OSError, match="not looked into"):
            inspect.getfile(inside)
    assert inspect.getfile(pytest.Item).endswith("nodes.py")


def test_no_source_of_a_component_is_read_where_the_page_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], check=True, capture_output=True, text=True
    )
    assert not [line for line in done.stdout.splitlines() if "components" in line]
