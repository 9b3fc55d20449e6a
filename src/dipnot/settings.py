"""Settings, read once at the edge and passed down.

Owns: their names, types and defaults, and the order in which they are looked up: flags,
``DIPNOT_*`` environment variables, ``dipnot.toml`` in the working directory, defaults.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dipnot.errors import SettingsError, shown

FILE = "dipnot.toml"
PREFIX = "DIPNOT_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; the field names are the keys."""

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    host: str = "127.0.0.1"
    port: int = 7860
    encoder: str = "default"
    reader: str = "default"
    cache: Path | None = None
    admin_token: str | None = None
    allow_public: bool = False
    max_concurrent: int = 8
    keep_generations: int = 3
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()


_KEYS = tuple(f.name for f in fields(Settings))
_PATHS = ("corpus", "index", "cache")
_LISTS = {
    "allowed_hosts": (
        re.compile(r"[\w.-]+|\[[0-9a-f:]+\]", re.ASCII),
        "names of hosts without ports",
    ),
    "cors_origins": (
        re.compile(r"https?://[\w.:\[\]-]+", re.ASCII),
        "origins such as https://example.org",
    ),
}
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no", "")
_EXPECTED = {
    "host": "an address",
    "encoder": "default, plain, or a model's name or folder",
    "reader": "default, off or a file of weights",
}
_RANGES = {"port": (1, 65535), "max_concurrent": (1, 256), "keep_generations": (1, 100)}


def read_settings(
    flags: Mapping[str, Any], environ: Mapping[str, str], folder: Path = Path()
) -> Settings:
    """Merge the sources; ``flags`` that are None were not given.

    Raises SettingsError for an unknown key, naming the nearest, and for a value of a wrong type.
    """
    merged: dict[str, Any] = {}
    merged |= _from_file(folder / FILE)
    merged |= _from_environ(environ)
    for key, value in flags.items():
        if value is not None:
            merged[key] = _convert(key, value, f"--{key}")
    return replace(Settings(), **merged)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    for key in data:
        _check_key(key, _KEYS, str(path))
    return {key: _convert(key, value, f"{path}: {key}") for key, value in data.items()}


def _from_environ(environ: Mapping[str, str]) -> dict[str, Any]:
    names = {PREFIX + key.upper(): key for key in _KEYS}
    found: dict[str, Any] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX):
            continue
        _check_key(name, tuple(names), "the environment")
        found[names[name]] = _convert(names[name], value, name)
    return found


def _check_key(key: str, known: tuple[str, ...], where: str) -> None:
    if key in known:
        return
    near = get_close_matches(key, known, n=1, cutoff=0.0)
    hint = f"did you mean {near[0]}? Known: " if near else "known: "
    raise SettingsError(
        f"{where} sets {shown(key)}, which is unknown; {hint}{', '.join(known)}.", key
    )


def _convert(key: str, value: Any, where: str) -> Any:
    """Bring a value to the type of its key."""
    if key in _PATHS:
        return _folder(key, value, where)
    if key in _RANGES:
        return _number(key, value, where)
    if key in _LISTS:
        return _list(key, value, where)
    if key == "allow_public":
        text = str(value).lower()
        if text not in (*_YES, *_NO):
            raise SettingsError(f"{where} is {shown(value)}; expected 1 or 0.", key)
        return text in _YES
    if not isinstance(value, str):
        raise SettingsError(f"{where} is {shown(value)}; expected text in quotation marks.", key)
    if key == "admin_token":
        if not value.isascii() or not value.isprintable():
            # A header carries nothing else, so no call could ever bear such a token.
            raise SettingsError(
                f"{where} is not plain; expected ASCII letters, digits, signs.", key
            )
        return value.strip() or None
    if not value.strip():
        raise SettingsError(f"{where} is empty; expected {_EXPECTED[key]}.", key)
    return value


def _folder(key: str, value: Any, where: str) -> Path:
    if isinstance(value, (str, Path)) and str(value).strip() and "\0" not in str(value):
        try:
            return Path(value).expanduser()
        except RuntimeError:  # `~name` of a user who is not there
            pass
    raise SettingsError(f"{where} is {shown(value)}; expected a folder.", key)


def _list(key: str, value: Any, where: str) -> tuple[str, ...]:
    """Read a list of texts, or one text with commas between."""
    fits, expected = _LISTS[key]
    items = value.split(",") if isinstance(value, str) else value
    if isinstance(items, list) and all(isinstance(item, str) for item in items):
        given = tuple(item.strip().lower().rstrip("/") for item in items if item.strip())
        if all(fits.fullmatch(item) for item in given):
            return given
    raise SettingsError(
        f"{where} is {shown(value)}; expected {expected}, with commas between.", key
    )


def _number(key: str, value: Any, where: str) -> int:
    low, high = _RANGES[key]
    if isinstance(value, (int, str)) and not isinstance(value, bool):
        try:
            number = int(value)
        except ValueError:
            number = low - 1
        if low <= number <= high:
            return number
    raise SettingsError(
        f"{where} is {shown(value)}; expected a whole number from {low} to {high}.", key
    )
