"""Answers by the real encoder, reader and network of utterances, on a text of ten sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from answered import ask
from dipnot.engine import Engine, load_models
from dipnot.settings import Settings
from dipnot.types import Turn

STRIKE = """# The Harrowmouth Dock Strike

The strike began over a halfpenny. On 3 June 1911 the grain porters laid down their hooks, and by
the evening no cargo was moved.

Both sides agreed to an arbitrator in July. The arbitrator was Sir Edmund Calder, a retired judge of
the Indian bench. He sat for eleven days in the upper room of the Corn Exchange. He heard sixty-four
witnesses, of whom only three were women.

His award restored the halfpenny. It was read to the men from the steps of the chapel. The hiring
hall was opened in March 1912. It cost 1,850 pounds, of which the owners paid two thirds.
"""


@pytest.fixture(scope="module")
def strike(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder: Path = tmp_path_factory.mktemp("strike")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "strike.md").write_text(STRIKE, "utf-8")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    made = Engine(settings, *load_models(settings))
    made.load()
    return made


@pytest.mark.model
def test_each_of_several_questions_is_answered_in_the_light_of_the_one_before(
    strike: Engine,
) -> None:
    answer = ask(strike, "Who was the arbitrator and where did he sit?")
    quoted = " ".join(citation.quote for citation in answer.citations)
    assert "Sir Edmund Calder" in quoted
    assert "upper room of the Corn Exchange" in quoted


@pytest.mark.model
def test_more_is_what_the_text_goes_on_with(strike: Engine) -> None:
    asked = "Who was the arbitrator?"
    more = ask(strike, "Tell me more", Turn(asked, ask(strike, asked).text))
    assert "sat for eleven days" in more.citations[0].quote


@pytest.mark.model
def test_a_short_question_without_a_word_of_the_text_is_no_noise(strike: Engine) -> None:
    assert ask(strike, "seri numarası?").verdict == "not_in_text"
    assert ask(strike, "zırt pırt hört").verdict == "no_question"
    assert ask(strike, "this is useless, you keep giving me the same").verdict == "no_question"
    assert ask(strike, "adın neden Dipnot").verdict == "no_question"
