"""The words of the page's script: all that it says is there, in both languages."""

from __future__ import annotations

import json
import re
from string import Formatter

from dipnot_ui.look import FILES, file
from dipnot_ui.words import WORDS, as_block


def test_both_languages_have_the_same_words_with_the_same_values() -> None:
    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert WORDS["tr"].keys() == WORDS["en"].keys()
    for key, text in WORDS["tr"].items():
        assert text.strip()
        assert names(text) == names(WORDS["en"][key])


def test_what_the_scripts_say_has_a_wording() -> None:
    said = {key for name in FILES for key in re.findall(r'word\("([\w-]+)"', file(name).decode())}
    assert said <= WORDS["tr"].keys()


def test_the_block_of_words_is_data_that_no_text_can_leave() -> None:
    block = as_block()
    assert block.count("<") == 2
    inside = block.partition(">")[2].rpartition("</script>")[0]
    assert json.loads(inside) == WORDS
