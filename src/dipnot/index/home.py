"""The home of an index: a folder of files, or an engine. Here one `if` chooses.

Owns: what every home can do, and that choice. Whoever opens, locks or goes back in an index does it
through its home, and does not know which it is.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dipnot.index import generations, store
from dipnot.index.build import Index
from dipnot.index.milvus import Milvus
from dipnot.index.milvus_home import MilvusHome
from dipnot.index.milvus_upkeep import check_texts
from dipnot.types import Address, Encoder, Generation, Manifest


class Home(Protocol):
    """Where generations are kept; its methods raise what those of ``store`` do."""

    def lock(self) -> AbstractContextManager[None]:
        """Hold the one right to build."""

    def current(self) -> str:
        """Name the generation being served."""

    def manifest(self) -> Manifest:
        """Read the manifest of the generation being served."""

    def open(self, encoder: Encoder | None = None) -> Index:
        """Open the generation being served."""

    def open_newest(self, encoder: Encoder | None = None) -> tuple[Index, str | None]:
        """Open it, or else the newest that is whole; gives why it is another."""

    def generations(self) -> list[Generation]:
        """Tell of the generations kept, newest first."""

    def roll_back(self, generation: str | None, encoder: Encoder | None = None) -> str:
        """Serve a generation kept; the caller holds ``lock``."""

    def is_held(self) -> bool:
        """Tell whether the current generation was rolled back to, and is to stay."""

    def release(self) -> None:
        """Let the next start of a server build again; the caller holds ``lock``."""


@dataclass(frozen=True, slots=True)
class FolderHome:
    """An index in a folder."""

    folder: Path

    def lock(self) -> AbstractContextManager[None]:
        """See ``store.build_lock``."""
        return store.build_lock(self.folder)

    def current(self) -> str:
        """See ``store.current_generation``."""
        return store.current_generation(self.folder)

    def manifest(self) -> Manifest:
        """See ``store.read_manifest``."""
        return store.read_manifest(self.folder)

    def open(self, encoder: Encoder | None = None) -> Index:
        """See ``store.open_index``."""
        return store.open_index(self.folder, encoder)

    def open_newest(self, encoder: Encoder | None = None) -> tuple[Index, str | None]:
        """See ``store.open_newest``."""
        return store.open_newest(self.folder, encoder)

    def generations(self) -> list[Generation]:
        """See ``generations.describe_generations``."""
        return generations.describe_generations(self.folder)

    def roll_back(self, generation: str | None, encoder: Encoder | None = None) -> str:
        """See ``generations.roll_back``."""
        return generations.roll_back(self.folder, generation, encoder)

    def is_held(self) -> bool:
        """See ``generations.is_held``."""
        return generations.is_held(self.folder)

    def release(self) -> None:
        """See ``generations.release``."""
        generations.release(self.folder)


def home_of(folder: Path, address: Address | None, key: str | None) -> FolderHome | MilvusHome:
    """The home that the settings name; nothing is opened or connected yet."""
    return FolderHome(folder) if address is None else MilvusHome(Milvus(address, key))


def check_all(home: Home, index: Index) -> str:
    """Verify what opening does not; says what was verified. Raises IndexUnusable."""
    store.check_offsets(index)
    if not isinstance(home, MilvusHome):
        return f"{len(index.manifest.files)} files"
    return f"{check_texts(home, home.served()[0])} values in {home.engine.address}"
