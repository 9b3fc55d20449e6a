"""What docs/deploying.md and deploy/ say holds: lines are run, names are those of the code."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from dipnot.building import update_index
from dipnot.client import TIMEOUT
from dipnot.index.store import check_offsets, open_index
from dipnot.models.endpoint import Limits
from dipnot.question.admission import LONGEST, PATIENCE
from dipnot.server import connections
from dipnot.server.problems import BODY_SECONDS
from dipnot.server.time_limit import REQUEST_SECONDS
from dipnot.settings import PREFIX, Settings
from fakes import LAKE, FakeEncoder

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "deploying.md").read_text("utf-8")
UNIT = (ROOT / "deploy" / "dipnot.service").read_text("utf-8")
IMAGE = (ROOT / "deploy" / "Containerfile").read_text("utf-8")


@pytest.mark.skipif(shutil.which("tar") is None, reason="has no tar")
def test_the_lines_of_backup_and_restore_do_what_they_say(settings: Settings) -> None:
    for word in ("müzededir", "kayıptır"):
        (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", word), "utf-8")
        update_index(settings, FakeEncoder(), lambda *_: None)
    (settings.index / "generations" / ".half").mkdir()  # a build is writing just now
    lines = PAGE[PAGE.index("## Backup") :].split("```")[1].splitlines()[1:]
    backup, restore = lines[0], lines[1].partition(" && .venv")[0]
    subprocess.run(backup, shell=True, check=True, cwd=settings.index.parent)
    shutil.rmtree(settings.index)
    subprocess.run(restore, shell=True, check=True, cwd=settings.index.parent)
    index = open_index(settings.index, FakeEncoder())
    check_offsets(index)
    assert "kayıptır" in index.documents["lake"].text
    assert {p.name for p in settings.index.iterdir()} == {"CURRENT", "generations"}
    assert len(list((settings.index / "generations").iterdir())) == 2


def installed(folder: Path, python: str) -> list[str]:
    """Run ``.ci/venv`` where a .venv has that for its Python; gives what its pip was told."""
    (folder / ".ci").mkdir()
    for name in (".ci/venv", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    own = folder / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.write_text(f"#!/bin/sh\n{python}\n")
    own.chmod(0o755)
    subprocess.run(
        [folder / ".ci" / "venv", "run"],
        check=True, env={"PATH": "/usr/bin:/bin", "PYTHON": str(folder / "made")},
    )  # fmt: skip
    return (folder / "told").read_text().splitlines()


RUNS = f"""case "$2" in
    *ensurepip*) exec {sys.executable} "$@" ;;
    pip) echo "$@" >> "$(dirname "$0")/../../told" ;;
esac"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no shell")
@pytest.mark.parametrize("pins", [None, "1 2 {folder}"])
def test_a_venv_that_is_there_is_installed_into_whoever_made_it(
    tmp_path: Path, pins: str | None
) -> None:
    """The README has torch's smaller build put into it beforehand."""
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "torch").touch()
    if pins is not None:
        (tmp_path / ".venv" / ".pins").write_text(pins.format(folder=tmp_path))
    assert "--editable ." in installed(tmp_path, RUNS)[-1]
    assert (tmp_path / ".venv" / "torch").exists()
    again = subprocess.run([tmp_path / ".ci" / "venv", "run"], check=True, capture_output=True)
    assert again.stdout == b""


@pytest.mark.skipif(sys.platform == "win32", reason="has no shell")
@pytest.mark.parametrize("moved", [True, False])
def test_a_venv_that_was_moved_or_does_not_run_is_made_anew(tmp_path: Path, *, moved: bool) -> None:
    making = f"""#!/bin/sh
case "$2" in
    *ensurepip*) exec {sys.executable} "$@" ;;
    venv) mkdir -p "$3/bin" && cp "$(dirname "$0")/as_made" "$3/bin/python" ;;
esac"""
    for name, script in (("made", making), ("as_made", f"#!/bin/sh\n{RUNS}\n")):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "torch").touch()
    if moved:
        (tmp_path / ".venv" / ".pins").write_text("1 2 /elsewhere")
    assert "--editable ." in installed(tmp_path, RUNS if moved else "exit 1")[-1]
    assert not (tmp_path / ".venv" / "torch").exists()


@pytest.mark.parametrize("text", [UNIT, IMAGE, PAGE])
def test_every_variable_is_a_setting(text: str) -> None:
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    assert set(re.findall(r"DIPNOT_[A-Z_]+", text)) <= known


def test_what_the_image_copies_is_there_and_it_installs_from_the_pins() -> None:
    for line in re.findall(r"^COPY (.+)$", IMAGE, re.MULTILINE):
        assert [name for name in line.split()[:-1] if not (ROOT / name).exists()] == []
    assert "constraints.txt" in IMAGE
    assert ".ci/venv run" in IMAGE


def test_what_the_image_writes_to_is_the_users_and_survives_the_container() -> None:
    """No engine is there to build it: what can be read off it is checked."""
    volumes = json.loads(re.findall(r"^VOLUME (.+)$", IMAGE, re.MULTILINE)[0])
    assert re.findall(r"chown dipnot (.+)", IMAGE) == [" ".join(volumes)]
    kept = volumes[1]
    assert f"DIPNOT_INDEX={kept}/index" in IMAGE, "feedback is kept beside the index"
    assert f":{kept} " in PAGE
    assert 'ENTRYPOINT [".venv/bin/dipnot"]' in IMAGE
    assert "EXPOSE 7860" in IMAGE


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="has no systemd")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    found = re.findall(r"^ExecStart=(\S+) serve$", UNIT, re.MULTILINE)
    assert found == ["/opt/dipnot/.venv/bin/dipnot"]
    unit = tmp_path / "dipnot.service"
    unit.write_text(UNIT.replace(found[0], sys.executable), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    # Other units of the machine are read as well; what is said of ours names it.
    assert [line for line in done.stderr.splitlines() if "dipnot" in line] == []


def test_the_unit_writes_where_it_may() -> None:
    """All else is read-only: index and cache lie in folders that systemd makes."""
    assert "ProtectSystem=strict" in UNIT
    assert "StateDirectory=dipnot\n" in UNIT
    assert "DIPNOT_INDEX=/var/lib/dipnot/index" in UNIT, "and feedback beside it"
    assert "CacheDirectory=dipnot\n" in UNIT
    assert "DIPNOT_CACHE=/var/cache/dipnot" in UNIT


def test_the_limits_that_are_told_are_those_of_the_code() -> None:
    assert f"| a request's head | {connections.HEAD_SECONDS:.0f} s" in PAGE
    assert f"its body {BODY_SECONDS:.0f} s" in PAGE
    assert f"nothing of its answer | {connections.STALLED_SECONDS:.0f} s" in PAGE
    assert f"({connections.GRACE_SECONDS} seconds at most)" in PAGE
    assert f"| connections | {connections.MOST:,}" in PAGE
    assert f"| an answer | {LONGEST:.0f} s" in PAGE
    assert f"request {REQUEST_SECONDS:.0f} s until" in PAGE
    assert PATIENCE + LONGEST + Limits().whole < REQUEST_SECONDS, "a written answer is in time"
    assert REQUEST_SECONDS < TIMEOUT, "and whoever asks hears it"
    in_flight = LONGEST + Limits().whole
    assert in_flight < connections.GRACE_SECONDS, "an answer can be finished, and written"
    compose = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    for stop, where in (
        (r"TimeoutStopSec=(\d+)", UNIT),
        (r"--stop-timeout (\d+)", PAGE),
        (r"stop_grace_period: (\d+)s", compose),
    ):
        (seconds,) = re.findall(stop, where)
        assert int(seconds) > connections.GRACE_SECONDS


def test_the_compose_file_names_settings_that_there_are_and_publishes_the_proxy_alone() -> None:
    import yaml

    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    keys = {PREFIX + field.name.upper() for field in fields(Settings)}
    assert set(services["one"]["environment"]) <= keys | {"FORWARDED_ALLOW_IPS"}
    assert services["one"]["build"]["args"]["EXTRAS"] == "[milvus]", "its image has the client"
    assert "ARG EXTRAS=" in IMAGE
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["milvus"]["environment"]["COMMON_SECURITY_AUTHORIZATIONENABLED"] == "true"
    servers = services["proxy"]["environment"]["SERVERS"].split()
    assert [server.partition(":")[0] for server in servers] == ["one", "two"]
    mounted = [volume for s in services.values() for volume in s.get("volumes", ())]
    for volume in mounted:
        if volume.startswith("."):
            assert (ROOT / "deploy" / volume.partition(":")[0]).exists()


def test_links_behind_the_proxy_of_the_compose_file_begin_as_the_readers_do() -> None:
    import yaml
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    told = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    trusted = told["services"]["two"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert told["networks"]["default"]["ipam"]["config"] == [{"subnet": trusted}]
    assert f"`{trusted}`" in PAGE
    seen = []

    async def app(scope: Any, *_: Any) -> None:
        seen.append(scope["scheme"])

    proxied: Any = ProxyHeadersMiddleware(app, trusted)
    for proxy in (next(ip_network(trusted).hosts()), "192.0.2.1"):
        scope: Any = {"type": "http", "scheme": "http", "client": (str(proxy), 1)}
        scope["headers"] = [(b"x-forwarded-proto", b"https")]
        asyncio.run(proxied(scope, None, None))
    assert seen == ["https", "http"]


def test_a_build_out_of_memory_does_not_end_the_unit() -> None:
    assert "OOMPolicy=continue\n" in UNIT


def test_the_proxys_file_has_all_its_names_from_the_compose_file() -> None:
    told = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    assert re.findall(r"\{\$(\w+)\}", told) == ["SITE", "SERVERS"]
