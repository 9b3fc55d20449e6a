"""What training does to its material, where a slip would go unseen: the weights would be worse."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

from renaming import exchange

NAMES = {"Lehistan": "Venedik", "Ali": "Süleyman", "1672": "1691"}


def test_names_and_years_are_exchanged_and_suffixes_kept() -> None:
    text, _ = exchange("Ali 1672’de Lehistan’a, Alişan ise 16723 adım gitti.", NAMES)
    assert text == "Süleyman 1691’de Venedik’a, Alişan ise 16723 adım gitti."


@given(words=st.lists(st.sampled_from([*NAMES, "ve", "’de", " ", ", ", "🙂", "İI"]), max_size=12))
def test_every_character_of_a_changed_text_knows_where_it_stood(words: list[str]) -> None:
    text = " ".join(words)
    new, stood = exchange(text, NAMES)
    assert len(new) == len(stood)
    for character, place in zip(new, stood, strict=True):
        old = text[slice(*place)]
        assert old == character or character in NAMES[old]
    # In order, and nothing of the old text is left out.
    covered = [i for place in dict.fromkeys(stood) for i in range(*place)]
    assert covered == list(range(len(text)))
