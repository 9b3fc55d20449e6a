"""The chat page: what a host needs to show Dipnot in a browser.

Owns: the two public functions, and the settings which keep Gradio from calling home. It sees a
``Backend`` and plain data, never the index.
"""

from __future__ import annotations

import os
from hashlib import sha256

# Gradio reads these while it is imported, so they come before every other import. They are set,
# not defaulted: nothing of a reader's questions may leave the machine, whatever the shell says.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_RUN_HISTORY"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import fastapi

from dipnot_ui.quick_import import no_stubs

with no_stubs():
    import gradio as gr

from dipnot_ui.app import make_ui
from dipnot_ui.backend import Backend, BackendError
from dipnot_ui.look import FILES, file, theme
from dipnot_ui.served import OurPage

__all__ = ["Backend", "BackendError", "make_ui", "mount"]


def mount(app: fastapi.FastAPI, backend: Backend) -> fastapi.FastAPI:
    """Mount the chat at ``/``.

    Add the routes of the HTTP API before: what is mounted at ``/`` takes every path left over. The
    host serves the pages of its texts under ``/text/``, and ``/look/`` with fonts and colours; the
    script asks ``/api/health`` whether it is there, and what ``/api/cite``, ``/api/export`` and
    ``/api/feedback`` offer, where they are.
    """
    _serve_files(app)
    app.add_middleware(OurPage)
    gr.mount_gradio_app(
        app,
        make_ui(backend),
        path="/",
        theme=theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        # Nothing here takes a file, but Gradio's upload route is there all the same.
        max_file_size=1,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return app


def _serve_files(app: fastapi.FastAPI) -> None:
    """Serve style and scripts under ``/ui/``; a browser asks each time whether they changed."""
    held = {name: file(name) for name in FILES}
    tags = {name: f'"{sha256(data).hexdigest()[:16]}"' for name, data in held.items()}

    @app.get("/ui/{name}", include_in_schema=False)
    def ui_file(name: str, request: fastapi.Request) -> fastapi.Response:
        if name not in held:
            return fastapi.Response("There is no such file.\n", 404, media_type="text/plain")
        told = {"ETag": tags[name], "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == tags[name]:
            return fastapi.Response(status_code=304, headers=told)
        return fastapi.Response(held[name], media_type=FILES[name], headers=told)
