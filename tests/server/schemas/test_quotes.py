"""Places of a quotation leave with the offsets of the text, and with what differs."""

from __future__ import annotations

from dipnot.engine import Engine
from dipnot.server import schemas


def test_where_a_quotation_stands_or_nearly_is_told_with_its_differences(engine: Engine) -> None:
    quote = "Kıyıdaki değirmen 3 Mayıs 1902’de yandı."
    whole = schemas.verify_shape(*engine.verify(quote))
    assert (whole.stands, whole.nearest, whole.places[0].text) == (True, None, quote)
    assert whole.places[0].url.endswith(f"#c{whole.places[0].start}-{whole.places[0].end}")
    nearly = schemas.verify_shape(*engine.verify(quote.replace("değirmen", "kilise")))
    assert not nearly.stands
    assert nearly.nearest is not None
    assert [(d.quoted, d.found) for d in nearly.nearest.differences] == [("kilise", "değirmen")]
