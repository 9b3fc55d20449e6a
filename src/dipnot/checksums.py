"""Files that are read whole: only regular ones, their checksums, and what is TOML.

Owns: which sum is taken, that nothing which could make its reader wait is ever opened, and all that
can be wrong with TOML that people write, as one kind of error.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tomllib
from io import BufferedReader
from pathlib import Path
from typing import Any


def open_regular(path: Path) -> BufferedReader:
    """Open a file for reading; raises OSError, also for a pipe, a socket or a device.

    What is opened is looked at, not what the name stood for a moment before.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise _not_regular(path)
    # A pipe that was put there meanwhile is opened without waiting for somebody to write.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _not_regular(path)
    return os.fdopen(handle, "rb")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; raises OSError."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of TOML, no file is an empty one; raises ValueError with a sentence."""
    try:
        with open_regular(path) as file:
            text = file.read().decode("utf-8-sig")
        data = tomllib.loads(text.replace("\r\n", "\n").replace("\r", "\n"))
        repr(data)  # a number may be too long to be written in a message
    except FileNotFoundError:
        return {}
    except RecursionError:
        raise ValueError(f"{path} is not valid TOML: it is nested too deeply.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not valid TOML: {error}.") from None
    except ValueError:
        raise ValueError(f"{path} is not valid TOML: a number in it is too long.") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    return data


def _not_regular(path: Path) -> OSError:
    kind = errno.EISDIR if path.is_dir() else errno.EINVAL
    return OSError(kind, "it is no regular file", str(path))
