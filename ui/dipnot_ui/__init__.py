"""The chat page: what a host needs to show Dipnot in a browser.

Owns: the two public functions, and the settings which keep Gradio from calling home. It sees a
``Backend`` and plain data, never the index.
"""

from __future__ import annotations

import os

# Gradio reads these while it is imported, so they come before every other import. They are set,
# not defaulted: nothing of a reader's questions may leave the machine, whatever the shell says.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_RUN_HISTORY"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import fastapi
import gradio as gr

from dipnot_ui.app import make_ui
from dipnot_ui.backend import Backend, BackendError
from dipnot_ui.look import head, theme

__all__ = ["Backend", "BackendError", "make_ui", "mount"]


def mount(app: fastapi.FastAPI, backend: Backend) -> fastapi.FastAPI:
    """Mount the chat at ``/``.

    Add the routes of the HTTP API before: what is mounted at ``/`` takes every path left over.
    """
    gr.mount_gradio_app(
        app,
        make_ui(backend),
        path="/",
        theme=theme(),
        head=head(),
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
