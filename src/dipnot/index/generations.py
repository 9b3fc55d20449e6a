"""The generations that are kept: what they are, and going back to one.

    index/HELD    one line, after a rollback: the generation that no start of a server builds over

Owns: that file, and which generation is gone back to.
"""

from __future__ import annotations

from pathlib import Path

from dipnot.checksums import open_regular
from dipnot.errors import IndexUnusable, NotFound, listed, shown
from dipnot.index.manifests import manifest_of
from dipnot.index.store import (
    current_generation,
    list_generations,
    make_current,
    open_generation,
    write_line,
    writing,
)
from dipnot.types import Encoder, Generation

_HELD = "HELD"


def describe_generations(folder: Path) -> list[Generation]:
    """Tell of the generations kept, newest first, by their manifests alone."""
    try:
        current = current_generation(folder)
    except IndexUnusable:
        current = ""
    return [_describe(folder, name, current) for name in list_generations(folder)]


def _describe(folder: Path, name: str, current: str) -> Generation:
    try:
        manifest = manifest_of(folder / "generations" / name)
    except IndexUnusable as error:
        return Generation(name, current=name == current, trouble=str(error))
    return Generation(
        name, manifest.created_at, manifest.encoder, len(manifest.documents), manifest.passages,
        name == current,
    )  # fmt: skip


def roll_back(folder: Path, generation: str | None = None, encoder: Encoder | None = None) -> str:
    """Make a generation current, by default the newest before the current one that is whole.

    It is held unless it is the newest: no start of a server builds over it, the next build that is
    asked for does. Raises NotFound where there is none, IndexUnusable where none is whole and of
    ``encoder``. The caller holds ``build_lock``.
    """
    names = [generation] if generation else _older(folder)
    if generation is not None and generation not in list_generations(folder):
        raise NotFound(
            f"There is no generation {shown(generation)}; known: "
            f"{listed(list_generations(folder))}."
        )
    refused: IndexUnusable | None = None
    for name in names:
        try:
            open_generation(folder, name, encoder)
        except IndexUnusable as error:
            refused = refused or error
            continue
        with writing(folder):
            if name == list_generations(folder)[0]:
                (folder / _HELD).unlink(missing_ok=True)
            else:
                write_line(folder, _HELD, name)
            make_current(folder, name)
        return name
    raise refused or NotFound("There is no generation to roll back to.")


def _older(folder: Path) -> list[str]:
    current = current_generation(folder)
    older = [name for name in list_generations(folder) if name < current]
    if not older:
        raise NotFound(f"There is no generation before {current} to roll back to.")
    return older


def release(folder: Path) -> None:
    """Hold no generation any longer. The caller holds ``build_lock``."""
    with writing(folder):
        (folder / _HELD).unlink(missing_ok=True)


def is_held(folder: Path) -> bool:
    """Tell whether the current generation was rolled back to, and is to stay."""
    try:
        with open_regular(folder / _HELD) as file:
            return file.read(4096).decode("utf-8").strip() == current_generation(folder)
    except (OSError, UnicodeDecodeError, IndexUnusable):
        return False
