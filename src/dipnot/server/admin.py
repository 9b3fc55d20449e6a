"""Who may do what a maintainer may.

Owns: the admin token: where a request bears it, and what is answered without it.
"""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from dipnot.engine import Engine
from dipnot.errors import NotAllowed

Token = Annotated[
    HTTPAuthorizationCredentials | None,
    Security(HTTPBearer(auto_error=False, description="The server's DIPNOT_ADMIN_TOKEN")),
]


def check_admin(engine: Engine, token: str | None) -> None:
    """Raise NotAllowed unless the token is the admin's."""
    expected = engine.settings.admin_token
    if expected is None:
        raise NotAllowed(
            "This server has no admin token. Start it with DIPNOT_ADMIN_TOKEN set.",
            configured=False,
        )
    given = (token or "").strip().encode("utf-8", "replace")
    if not hmac.compare_digest(given, expected.encode()):
        raise NotAllowed(
            "The admin token is missing or wrong; expected the header "
            "`Authorization: Bearer $DIPNOT_ADMIN_TOKEN`.",
            configured=True,
        )
