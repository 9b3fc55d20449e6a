"""Settings, read once at the edge and passed down.

Owns: their names, types and defaults, and the order in which they are looked up: flags,
``DIPNOT_*`` environment variables, ``dipnot.toml`` in the working directory, defaults.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dipnot.checksums import read_toml
from dipnot.errors import SettingsError, shown
from dipnot.types import Address

FILE = "dipnot.toml"
PREFIX = "DIPNOT_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; the field names are the keys.

    ``engine`` is no key: it is what ``index`` is where that names an engine and no folder.
    """

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    host: str = "127.0.0.1"
    port: int = 7860
    encoder: str = "default"
    reader: str = "default"
    cache: Path | None = None
    admin_token: str | None = None
    allow_public: bool = False
    max_concurrent: int = 32
    keep_generations: int = 3
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    llm_url: str | None = None
    llm_model: str | None = None
    llm_key_file: Path | None = None
    llm_key: str | None = field(default=None, repr=False)
    read_token: str | None = None
    log: str = "off"
    feedback: str = "on"
    index_key_file: Path | None = None
    index_key: str | None = field(default=None, repr=False)
    engine: Address | None = None

    @property
    def feedback_file(self) -> Path | None:
        """Where feedback is kept: beside the index unless a file is named; None where it is off."""
        if self.feedback == "on":
            return self.index.parent / "feedback.jsonl"
        return None if self.feedback == "off" else Path(self.feedback).expanduser()

    @property
    def address_file(self) -> Path | None:
        """Where a running server leaves its address; None where the index is no folder."""
        return None if self.engine is not None else self.index / "SERVED_AT"


_KEYS = tuple(f.name for f in fields(Settings) if f.name != "engine")
_PATHS = ("corpus", "index", "cache", "llm_key_file", "index_key_file")
SECRETS = ("admin_token", "read_token", "llm_key", "index_key")
_ENGINE = re.compile(
    r"milvus(?P<tls>\+tls)?://(?P<host>[\w.-]+|\[[0-9a-f:]+\]):(?P<port>\d{1,5})/(?P<name>\w{1,200})",
    re.ASCII,
)
_LONGEST_KEY = 4096  # bytes of its file
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
_LINKS = ("_SERVICE_HOST", "_SERVICE_PORT", "_PORT_")
LOGS = ("off", "requests", "questions")
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no", "")
_EXPECTED = {
    "host": "an address",
    "encoder": "default, plain, or a model's name or folder",
    "log": "off, requests or questions",
    "reader": "default, off or a file such as ./reader.safetensors",
    "llm_model": "the model's name, as its endpoint knows it",
    "feedback": "on, off or a file such as ./feedback.jsonl",
}
_SWITCHES = {"feedback": "on", "reader": "default"}  # what each is where it is on
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
    if isinstance(merged.get("index"), Address):
        merged["engine"] = merged.pop("index")
    settings = replace(Settings(), **merged)
    if settings.llm_url is not None and settings.llm_model is None:
        raise SettingsError(
            f"llm_url is set and llm_model is not; expected {_EXPECTED['llm_model']}.", "llm_model"
        )
    return settings


def _from_file(path: Path) -> dict[str, Any]:
    try:
        data = read_toml(path)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    for key in data:
        _check_key(key, _KEYS, str(path))
    return {key: _convert(key, value, f"{path}: {key}") for key, value in data.items()}


def _from_environ(environ: Mapping[str, str]) -> dict[str, Any]:
    names = {PREFIX + key.upper(): key for key in _KEYS}
    found: dict[str, Any] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or _is_service_link(name, value, environ):
            continue
        _check_key(name, tuple(names), "the environment")
        found[names[name]] = _convert(names[name], value, name)
    return found


def _is_service_link(name: str, value: str, environ: Mapping[str, str]) -> bool:
    """Whether Kubernetes put it there, as it does for each service: of one named `dipnot`, too.

    It tells of a service X by X_SERVICE_HOST, X_SERVICE_PORT, X_PORT (an address), X_PORT_….
    """
    service = next((e for e in _LINKS if e in name), None)
    if service is None and not (name.endswith("_PORT") and "://" in value):
        return False
    of = name.partition(service)[0] if service else name.removesuffix("_PORT")
    return f"{of}_SERVICE_HOST" in environ


def _check_key(key: str, known: tuple[str, ...], where: str) -> None:
    if key in known:
        return
    names = {name.lower(): name for name in known}
    near = get_close_matches(key.lower(), names, n=1, cutoff=0.0)
    hint = f"did you mean {names[near[0]]}? Known: " if near else "known: "
    raise SettingsError(
        f"{where} sets {shown(key)}, which is unknown; {hint}{', '.join(known)}.", key
    )


def _convert(key: str, value: Any, where: str) -> Any:
    """Bring a value to the type of its key."""
    if key == "index" and (
        "://" in str(value) or str(value).startswith(("milvus:", "milvus+tls:"))
    ):
        return read_engine(str(value), where, ", or a folder")
    for keys, read in _READERS:
        if key in keys:
            return read(key, value, where)
    if key == "allow_public":
        return _yes(value, where)
    if key in SECRETS:
        return secret(value, where, key)
    if not isinstance(value, str):
        raise SettingsError(f"{where} is {shown(value)}; expected text in quotation marks.", key)
    if key == "llm_url":
        return _address(value, where)
    if key == "log" and value not in LOGS:
        raise SettingsError(f"{where} is {shown(value)}; expected {_EXPECTED[key]}.", key)
    if not value.strip():
        raise SettingsError(f"{where} is empty; expected {_EXPECTED[key]}.", key)
    return value


def _yes(value: Any, where: str) -> bool:
    text = str(value).lower()
    if text not in (*_YES, *_NO):
        raise SettingsError(f"{where} is {shown(value)}; expected 1 or 0.", "allow_public")
    return text in _YES


def _switch(key: str, value: Any, where: str) -> str:
    """Read what is on, off or a file; a bare word is no file, whatever it was meant to say."""
    text = str(value).strip().lower()
    if text in (_SWITCHES[key], "on", *_YES):
        return _SWITCHES[key]
    if text and text in ("off", *_NO):
        return "off"
    path = Path(value) if isinstance(value, str) else Path()
    if path.suffix or len(path.parts) > 1:
        return str(value)
    raise SettingsError(f"{where} is {shown(value)}; expected {_EXPECTED[key]}.", key)


def secret(value: object, where: str, key: str | None = None) -> str | None:
    """Check a token or key, which no message shows; None where it is blank.

    A header carries nothing but plain signs, so no call could ever bear another.
    """
    if not isinstance(value, str) or not (value.strip().isascii() and value.strip().isprintable()):
        raise SettingsError(f"{where} is not plain; expected ASCII letters, digits, signs.", key)
    return value.strip() or None


def _address(value: str, where: str) -> str:
    """Check the address of an endpoint; a password or a key in it would be shown."""
    try:
        parts = urlsplit(value.strip())
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not value.strip().isascii() or not value.strip().isprintable():
        raise SettingsError(
            f"{where} is {shown(value)}; expected an address such as http://127.0.0.1:11434/v1.",
            "llm_url",
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            f"{where} holds more than an address; a key belongs into a file that llm_key_file "
            "names, or into DIPNOT_LLM_KEY.",
            "llm_url",
        )
    return value.strip().rstrip("/").removesuffix("/chat/completions")


def read_engine(value: str, where: str, otherwise: str = "") -> Address:
    """Read the address of an engine; a password in it would be shown. Raises SettingsError."""
    if "@" in value:
        raise SettingsError(
            f"{where} holds more than an address; `user:password` or a token belongs into a file "
            "that index_key_file names, or into DIPNOT_INDEX_KEY.",
            "index",
        )
    found = _ENGINE.fullmatch(value.strip().rstrip("/"))
    if found is None or not 0 < int(found["port"]) < 65536:
        raise SettingsError(
            f"{where} is {shown(value)}; expected an address such as "
            f"milvus://127.0.0.1:19530/dipnot{otherwise}.",
            "index",
        )
    secure = found["tls"] is not None
    return Address(found["host"].strip("[]"), int(found["port"]), found["name"], secure)


def key_in(path: Path | None, given: str | None, name: str) -> str | None:
    """The key that a file holds, or else the one that is given; raises SettingsError."""
    if path is None:
        return given
    try:
        with path.open("rb") as file:
            held = file.read(_LONGEST_KEY)
    except OSError as error:
        raise SettingsError(
            f"{name} {shown(str(path), 200)} cannot be read: {error.strerror}.", name
        ) from None
    return secret(held.decode("utf-8", "replace"), f"What {name} names", name)


def _folder(key: str, value: Any, where: str) -> Path:
    if isinstance(value, (str, Path)) and str(value).strip() and "\0" not in str(value):
        try:
            return Path(value).expanduser()
        except RuntimeError:  # `~name` of a user who is not there
            pass
    raise SettingsError(
        f"{where} is {shown(value)}; expected a {'file' if key.endswith('_file') else 'folder'}.",
        key,
    )


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


_READERS = ((_PATHS, _folder), (_RANGES, _number), (_LISTS, _list), (_SWITCHES, _switch))
