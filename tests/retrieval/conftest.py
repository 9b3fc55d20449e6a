"""Three texts to be searched together."""

from __future__ import annotations

import pytest

from dipnot.engine import Engine
from dipnot.settings import Settings
from fakes import LIGHTHOUSE, RAILWAY, FakeEncoder


@pytest.fixture
def three(settings: Settings, encoder: FakeEncoder) -> Engine:
    (settings.corpus / "railway.txt").write_text(RAILWAY, "utf-8")
    (settings.corpus / "lighthouse.txt").write_text(LIGHTHOUSE, "utf-8")
    engine = Engine(settings, encoder)
    engine.load()
    return engine
