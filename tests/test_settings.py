"""Settings: their order, their checks, their wording."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from dipnot.errors import SettingsError
from dipnot.settings import FILE, Settings, read_settings


def test_nothing_set_gives_the_defaults(tmp_path: Path) -> None:
    assert read_settings({}, {}, tmp_path) == Settings()


def test_flags_come_before_environment_before_file_before_defaults(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('port = 1001\nhost = "::1"\nencoder = "file"\n', "utf-8")
    environ = {"DIPNOT_PORT": "1002", "DIPNOT_HOST": "localhost", "PATH": "/bin"}
    settings = read_settings({"port": "1003", "host": None}, environ, tmp_path)
    assert (settings.port, settings.host, settings.encoder) == (1003, "localhost", "file")
    assert settings.keep_generations == Settings().keep_generations


def test_every_setting_can_be_set_by_environment_and_by_file(tmp_path: Path) -> None:
    values = {
        "corpus": "c", "index": "i", "host": "::1", "port": "81", "encoder": "e", "reader": "off",
        "cache": "k",
        "admin_token": "t", "allow_public": "yes", "max_concurrent": "2", "keep_generations": "9",
        "allowed_hosts": "Dipnot.example, [::1]", "cors_origins": "https://a.example:8000/",
    }  # fmt: skip
    assert set(values) == {f.name for f in fields(Settings)}
    by_environment = read_settings({}, {f"DIPNOT_{k.upper()}": v for k, v in values.items()})
    (tmp_path / FILE).write_text("".join(f'{k} = "{v}"\n' for k, v in values.items()), "utf-8")
    assert read_settings({}, {}, tmp_path) == by_environment
    assert by_environment == Settings(
        Path("c"), Path("i"), "::1", 81, "e", "off", Path("k"), "t",
        allow_public=True, max_concurrent=2, keep_generations=9,
        allowed_hosts=("dipnot.example", "[::1]"), cors_origins=("https://a.example:8000",),
    )  # fmt: skip


def test_there_are_at_most_twenty_settings() -> None:
    assert len(fields(Settings)) <= 20


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("DIPNOT_PROT", "DIPNOT_PORT"), ("DIPNOT_port", "DIPNOT_PORT"), ("DIPNOT_", "DIPNOT_")],
)
def test_an_unknown_variable_is_refused_naming_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(SettingsError, match=f"sets '{name}'.*did you mean {nearest}"):
        read_settings({}, {name: "1"})


def test_an_unknown_key_of_the_file_is_refused_naming_the_nearest(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("keep_generation = 3\n", "utf-8")
    with pytest.raises(SettingsError, match=r"dipnot\.toml.*did you mean keep_generations\?"):
        read_settings({}, {}, tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "port = 0", "port = 65536", "port = true", "port = 80.5", "port = inf", "port = nan",
        "port = []", 'port = "x"', f'port = "{"9" * 5000}"', "host = 1", 'host = " "',
        "allow_public = 2", 'allow_public = "perhaps"', "index = 3", 'index = ""',
        'index = "a\\u0000b"', 'corpus = "~nobody-of-that-name/x"', "admin_token = 5",
        'admin_token = "şifre"', "max_concurrent = 0", "keep_generations = 0", "encoder = []",
        "cache = {}", 'allowed_hosts = "a b"', "allowed_hosts = [1]", 'cors_origins = "*"',
        'allowed_hosts = "a:80"', 'cors_origins = ["a.example"]',
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_naming_key_value_and_what_is_expected(
    line: str, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text(line, "utf-8")
    key = line.split(" = ", 1)[0]
    with pytest.raises(SettingsError, match=rf"dipnot\.toml: {key} is .*\.$") as caught:
        read_settings({}, {}, tmp_path)
    assert caught.value.field == key
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"port =", "not valid TOML"), (b"port = '\xff'", "not valid TOML"), (None, "cannot be read")],
)
def test_a_file_that_is_no_toml_is_named(data: bytes | None, what: str, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.mkdir() if data is None else path.write_bytes(data)
    with pytest.raises(SettingsError, match=rf"dipnot\.toml.* {what}"):
        read_settings({}, {}, tmp_path)


def test_a_wrong_flag_is_named_as_it_is_typed() -> None:
    with pytest.raises(SettingsError, match=r"--port is 'x'; expected a whole number from 1 to"):
        read_settings({"port": "x"}, {})


@pytest.mark.parametrize(("typed", "token"), [("", None), ("  ", None), (" a b ", "a b")])
def test_a_blank_admin_token_is_none_and_space_around_one_does_not_count(
    typed: str, token: str | None
) -> None:
    assert read_settings({}, {"DIPNOT_ADMIN_TOKEN": typed}).admin_token == token


def test_a_folder_may_start_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_settings({"index": "~/i"}, {}).index == tmp_path / "i"
