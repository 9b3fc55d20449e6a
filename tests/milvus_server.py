"""Milvus Lite's server, and a door before it that can be shut or made slow, for tests."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from dipnot.types import Address


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """An engine as a process, on loopback alone; ``room``: megabytes of its disk, 0 is the disk."""

    def __init__(self, folder: Path, room: int = 0) -> None:
        self.folder, self.port, self.room = folder, free_port(), room
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it listens."""
        command = [sys.executable, "-m", "milvus_lite", "server", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--data-dir", str(self.folder)]
        if self.room:
            command = [*_with_a_disk(self.room, self.folder), *command]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while True:
            assert self._process.poll() is None, "the engine ended"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            threading.Event().wait(0.1)

    def stop(self) -> None:
        """Kill it, as a machine that is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def make_room(self, megabytes: int) -> None:
        """Make its disk larger."""
        assert self._process is not None
        resize = ["mount", "-o", f"remount,size={megabytes}m", str(self.folder)]
        subprocess.run(["nsenter", "-t", str(self._process.pid), "-m", *resize], check=True)

    def new_database(self) -> Address:
        return Address("127.0.0.1", self.port, f"test_{uuid4().hex}")


def _with_a_disk(megabytes: int, folder: Path) -> list[str]:
    """What a command is run behind that has a disk of its own there, which nobody else sees."""
    mount = f'mount -t tmpfs -o size={megabytes}m none "$0" && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", mount, str(folder)]


def can_have_a_disk(folder: Path) -> bool:
    """Whether a process may be given one here."""
    if shutil.which("unshare") is None or shutil.which("nsenter") is None:
        return False
    command = [*_with_a_disk(1, folder), "true"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


class Door:
    """Lets connections through to a server while it is open."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._lets = threading.Event()
        self._lets.set()
        self._closed = False
        self._held: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self) -> None:
        """Let nothing more through, without a word: an engine that is too slow."""
        self._lets.clear()

    def let(self) -> None:
        """Let through what waits, and all that comes."""
        self._lets.set()

    def close(self) -> None:
        """End all for good."""
        self._closed = True
        self._lets.set()
        for one in (self._listening, *self._held):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._to))
                except OSError:  # nobody is there now
                    near.close()
                    continue
                self._held += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                self._lets.wait()
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
