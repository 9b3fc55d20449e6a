"""What every page of ours is set in: the serif, the style of a text, its small script, the icon.

Owns: the files under ``look/`` and their addresses. The chat uses them too, so that a text looks
the same beside a conversation and on a page of its own.
"""

from __future__ import annotations

from hashlib import sha256
from importlib import resources

from fastapi import FastAPI, Request, Response

_KINDS = {
    "woff2": "font/woff2",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}


def serve_look(app: FastAPI) -> None:
    """Serve the files; a browser keeps them and asks whether they have changed."""
    held = {
        file.name: file.read_bytes()
        for file in resources.files("dipnot.server").joinpath("look").iterdir()
        if file.name.rpartition(".")[2] in _KINDS
    }

    @app.get("/look/{name}", include_in_schema=False)
    def look(name: str, request: Request) -> Response:
        if name not in held:
            return Response("There is no such file.\n", 404, media_type="text/plain")
        tag = f'"{sha256(held[name]).hexdigest()[:16]}"'
        # A font never changes under its name, and asking again for it would be seen as a flash.
        lasting = "max-age=604800" if name.endswith("woff2") else "no-cache"
        told = {"ETag": tag, "Cache-Control": lasting, "X-Content-Type-Options": "nosniff"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=told)
        return Response(held[name], media_type=_KINDS[name.rpartition(".")[2]], headers=told)
