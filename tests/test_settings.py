"""Settings: their order, their checks, their wording."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from dipnot.errors import SettingsError
from dipnot.settings import FILE, Settings, key_in, read_settings


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
        "llm_url": "http://127.0.0.1:1/v1/", "llm_model": "m", "llm_key_file": "f", "llm_key": "s",
        "read_token": "r", "log": "requests",
        "feedback": "off", "index_key_file": "g", "index_key": "u:p",
    }  # fmt: skip
    assert set(values) == {f.name for f in fields(Settings)} - {"engine"}  # that is what index is
    by_environment = read_settings({}, {f"DIPNOT_{k.upper()}": v for k, v in values.items()})
    (tmp_path / FILE).write_text("".join(f'{k} = "{v}"\n' for k, v in values.items()), "utf-8")
    assert read_settings({}, {}, tmp_path) == by_environment
    assert by_environment == Settings(
        Path("c"), Path("i"), "::1", 81, "e", "off", Path("k"), "t",
        allow_public=True, max_concurrent=2, keep_generations=9,
        allowed_hosts=("dipnot.example", "[::1]"), cors_origins=("https://a.example:8000",),
        llm_url="http://127.0.0.1:1/v1", llm_model="m", llm_key_file=Path("f"), llm_key="s",
        read_token="r", log="requests",
        feedback="off", index_key_file=Path("g"), index_key="u:p",
    )  # fmt: skip


def test_a_file_with_a_mark_of_its_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("port = 81\n", "utf-8-sig")
    assert read_settings({}, {}, tmp_path).port == 81


@pytest.mark.parametrize("service", ["DIPNOT", "DIPNOT_WEB"])
def test_what_kubernetes_tells_of_a_service_of_our_name_is_no_setting(service: str) -> None:
    told = {
        f"{service}_SERVICE_HOST": "10.0.0.1",
        f"{service}_SERVICE_PORT": "7860",
        f"{service}_SERVICE_PORT_HTTP": "7860",
        f"{service}_PORT": "tcp://10.0.0.1:7860",
        f"{service}_PORT_7860_TCP": "tcp://10.0.0.1:7860",
        f"{service}_PORT_7860_TCP_PROTO": "tcp",
        f"{service}_PORT_7860_TCP_PORT": "7860",
        f"{service}_PORT_7860_TCP_ADDR": "10.0.0.1",
    }
    assert read_settings({}, told) == Settings()
    assert read_settings({}, told | {"DIPNOT_PORT": "81"}).port == 81
    with pytest.raises(SettingsError):
        read_settings({}, told | {"DIPNOT_PORTS": "81"})
    with pytest.raises(SettingsError):
        read_settings({}, {f"{service}_PORT": "tcp://10.0.0.1:7860"})


def test_feedback_is_kept_beside_the_index_in_a_file_that_is_named_or_nowhere() -> None:
    kept = {
        v: Settings(index=Path("a/index"), feedback=v).feedback_file for v in ("on", "off", "f")
    }
    assert kept == {"on": Path("a/feedback.jsonl"), "off": None, "f": Path("f")}


@pytest.mark.parametrize("word", ["Off", "OFF", "false", "0", "no", " off "])
def test_whatever_says_off_keeps_no_feedback_and_reads_without_the_reader(word: str) -> None:
    settings = read_settings({}, {"DIPNOT_FEEDBACK": word, "DIPNOT_READER": word})
    assert (settings.feedback_file, settings.reader) == (None, "off")


@pytest.mark.parametrize("word", ["On", "true", "1", "YES"])
def test_whatever_says_on_is_the_default(word: str) -> None:
    settings = read_settings({}, {"DIPNOT_FEEDBACK": word, "DIPNOT_READER": word})
    assert settings == Settings()


def test_a_switch_of_the_file_may_be_a_truth_value_or_name_a_file(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("feedback = false\nreader = true\n", "utf-8")
    settings = read_settings({}, {}, tmp_path)
    assert (settings.feedback, settings.reader) == ("off", "default")
    named = {"DIPNOT_FEEDBACK": "kept/Off", "DIPNOT_READER": "Own.npz"}
    settings = read_settings({}, named, tmp_path)
    assert (settings.feedback_file, settings.reader) == (Path("kept/Off"), "Own.npz")


def test_there_are_about_twenty_settings_and_no_more() -> None:
    assert len(fields(Settings)) - 1 <= 22  # `engine` is none


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
        'log = "all"', 'read_token = "ş"',
        'allowed_hosts = "a:80"', 'cors_origins = ["a.example"]',
        'llm_url = "127.0.0.1:11434"', 'llm_url = "ftp://a.example"', 'llm_url = "http://"',
        'llm_url = "http://a:99999"', 'llm_url = "http://a.example/ü"', "llm_url = 5",
        'feedback = "of"', 'feedback = "none"', 'feedback = ""', "feedback = 2", "reader = []",
        'reader = "aus"', 'llm_model = ""', 'llm_key_file = ""', 'llm_key = "ş"',
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


def test_a_language_model_needs_a_name_and_its_address_holds_no_key() -> None:
    with pytest.raises(SettingsError, match="llm_url is set and llm_model is not"):
        read_settings({}, {"DIPNOT_LLM_URL": "http://127.0.0.1:1/v1"})
    for url in ("http://me:k-secret@a.example/v1", "http://a.example/v1?key=k-secret"):
        with pytest.raises(SettingsError, match="llm_key_file") as caught:
            read_settings({}, {"DIPNOT_LLM_URL": url, "DIPNOT_LLM_MODEL": "m"})
        assert "k-secret" not in str(caught.value)


@pytest.mark.parametrize("value", ["k-secret ş", "k-secret\nx", 5])
def test_a_key_is_never_shown(value: object, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(f"llm_key = {value!r}\n".replace("'", '"'), "utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings({}, {}, tmp_path)
    assert "k-secret" not in str(caught.value)
    assert "k-secret" not in repr(Settings(llm_key="k-secret"))


def test_an_address_may_be_given_down_to_the_call() -> None:
    environ = {
        "DIPNOT_LLM_URL": "https://a.example/v1/chat/completions",
        "DIPNOT_LLM_MODEL": "m",
    }
    assert read_settings({}, environ).llm_url == "https://a.example/v1"


def test_an_index_may_lie_in_an_engine_whose_key_stands_elsewhere(tmp_path: Path) -> None:
    address = "milvus://10.0.0.1:19530/dipnot"
    settings = read_settings({"index": address}, {"DIPNOT_INDEX_KEY": "me:s3cret"}, tmp_path)
    assert (str(settings.engine), settings.index) == (address, Settings().index)
    assert "s3cret" not in repr(settings)
    assert read_settings({"index": "x"}, {"DIPNOT_INDEX": address}, tmp_path).engine is None
    over_tls = read_settings({"index": "milvus+tls://[::1]:1/a"}, {}, tmp_path).engine
    assert over_tls is not None
    assert over_tls.uri == "https://[::1]:1"
    for wrong in ("milvus://host/a", "milvus://host:0/a", "milvus://host:1", "milvus://h:1/a b"):
        with pytest.raises(SettingsError, match="expected an address such as milvus://"):
            read_settings({"index": wrong}, {}, tmp_path)
    with pytest.raises(SettingsError, match="index_key_file") as told:
        read_settings({"index": "milvus://me:s3cret@host:1/a"}, {}, tmp_path)
    assert "s3cret" not in str(told.value)


def test_a_key_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("me:s3cret\n")
    assert key_in(path, "given", "index_key_file") == "me:s3cret"
    assert key_in(None, "given", "index_key_file") == "given"
    with pytest.raises(SettingsError, match=r"index_key_file .* cannot be read"):
        key_in(tmp_path / "none", None, "index_key_file")


@pytest.mark.parametrize("value", ["1" * 5000, "0x" + "f" * 5000, "[" * 3000])
def test_a_number_or_nesting_past_all_measure_is_an_error(tmp_path: Path, value: str) -> None:
    (tmp_path / FILE).write_text(f"port = {value}", "utf-8")
    with pytest.raises(SettingsError, match="is not valid TOML"):
        read_settings({}, {}, tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="makes a pipe")
def test_a_pipe_in_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings({}, {}, tmp_path)


def test_a_folder_may_be_named_as_an_engine_is(tmp_path: Path) -> None:
    assert read_settings({"index": "milvus-data"}, {}, tmp_path).index == Path("milvus-data")
    for wrong in ("milvus:/x", "http://host:1/a"):
        with pytest.raises(SettingsError, match="expected an address such as milvus://"):
            read_settings({"index": wrong}, {}, tmp_path)
