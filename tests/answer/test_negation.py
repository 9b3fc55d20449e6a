"""What is not so: questions that ask for it, and premises that the text denies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dipnot.answer.choice import Candidate
from dipnot.answer.found import candidate_of
from dipnot.answer.negation import asks_what_is_not, contradicts, denial_of, denies, denying
from dipnot.engine import Engine
from dipnot.question.understanding import understand
from fakes import FakeReader


@pytest.fixture
def says(engine: Engine) -> Candidate:
    """Any sentence; the tests put their words into it."""
    return candidate_of(engine.index, 0)


def saying(candidate: Candidate, text: str, score: float = 0.0) -> Candidate:
    return replace(candidate, passage=replace(candidate.passage, text=text), score=score)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Kim haber vermedi?", True), ("Who did not come?", True), ("Kim haber verdi?", False),
        ("Neden haber vermedi?", False), ("Haber vermedi mi?", False),
        ("Kullanılmamış bilet ne olur?", False), ("Haber vermeyen üyeye ne yapılır?", False),
        ("Haber vermeyen köyler hangileri?", True), ("Haber vermeyenler kimlerdi?", True),
        ("What happens to members who send no notice?", False),
        ("What must I do if the motor does not start?", False),
        ("Which towns did not sign the letter that he wrote?", True),
        ("Of which towns is there no news?", True),
        ("Who are the members that did not sign?", True),
        ("Name the states that did not sign.", True),
        ("Ne yapılmamalıdır?", True), ("Hangi ilaçlar kullanılmamalı?", True),
        ("Kim yüzme bilmezdi?", True), ("Aidatı ödemezse ne olur?", False),
        ("Who pays for tickets not used?", False), ("What do people without papers get?", False),
        ("Which guests were not invited?", True), ("What must not be opened?", True),
    ],
)  # fmt: skip
def test_who_did_not_is_asked_but_not_why_and_not_whether(question: str, asked: bool) -> None:
    assert asks_what_is_not(understand(question)) == asked


@pytest.mark.parametrize(
    ("sentence", "denied"),
    [
        ("Bekçi kimseye haber vermedi.", True), ("Köyde hiç balıkçı yoktu.", True),
        ("The keeper never slept.", True), ("Bekçi köye haber verdi.", False),
        ("The keeper slept.", False),
    ],
)  # fmt: skip
def test_a_sentence_says_no_by_a_word_or_an_ending(
    says: Candidate, sentence: str, denied: bool
) -> None:
    assert denies(saying(says, sentence)) == denied


def test_who_asks_what_is_not_is_shown_what_is_denied_and_no_more(says: Candidate) -> None:
    comes, sleeps, bans = (
        saying(says, text)
        for text in ("The keeper came.", "The keeper did not sleep.", "Boats are forbidden here.")
    )
    every = [comes, sleeps, bans]
    assert denying(understand("Who came?"), every) == every
    assert denying(understand("What must not be done?"), every) == [sleeps, bans]
    assert denying(understand("Which keeper did not sleep?"), every) == [sleeps]


class Denying(FakeReader):
    """Takes a sentence for a denial by how often it says `never`."""

    def denials(self, question: str, sentences: Sequence[str]) -> list[float]:
        return [float(sentence.count("never")) for sentence in sentences]


def test_of_several_sentences_the_likeliest_denial_counts_if_it_is_likely(says: Candidate) -> None:
    question = understand("When was the bridge finished?")
    long, never, twice = (
        saying(says, text)
        for text in ("The bridge was long.", "It was never finished.", "It was never, never used.")
    )
    assert denial_of(question, [long, never, twice], Denying(), 1.0) == twice
    assert denial_of(question, [long, never], Denying(), 1.0) == never
    assert denial_of(question, [long, never], Denying(), 1.5) is None
    assert denial_of(question, [], Denying(), 1.0) is None
    assert denial_of(question, [never], None, 1.0) is None


def test_what_a_second_subject_did_not_do_denies_nothing_of_the_first(says: Candidate) -> None:
    question = understand("Who kept the house for the doctor?")
    text = "Ann kept the house for the doctor and she did not alter anything."
    assert not contradicts(question, saying(says, text))


@pytest.mark.parametrize("question", ["Köprü neden tamamlanmadı?", "Köprü tamamlandı mı?"])
def test_a_question_that_denies_or_asks_whether_takes_nothing_for_granted(
    says: Candidate, question: str
) -> None:
    assert denial_of(understand(question), [saying(says, "never")], Denying(), 1.0) is None


@pytest.mark.parametrize(
    ("question", "sentence", "contradicted"),
    [
        ("Depoda hangi yağlar satılır?", "Yağ, depoda satılmaz; çünkü yer yoktur.", True),
        ("Dükkânı kime sattı?", "Bekçi dükkânı satmadı.", True),
        ("Ortaklara ne kadar pay verilir?", "Ortaklara pay verilmez.", True),
        ("Depoda hangi yağlar satılır?", "Depoda yağ satılır, ekmek bulunmaz.", False),
        ("How do I sharpen the blades?", "They cannot be sharpened.", True),
        ("How is the brake of the cart adjusted?", "The cart has no brake.", True),
        ("When did the board appeal?", "The board did not appeal.", True),
        ("Which oil should be used?", "Oil is forbidden here.", True),
        ("When was free ice introduced?", "They spoke of free ice in May and refused it.", True),
        ("Why was the offer turned down?", "They refused the offer.", False),
        ("What did the town lend to the village?", "They refused to honour the village.", False),
        ("What did the keeper do?", "There was no other keeper, and he slept.", False),
        ("Who lit the lamp?", "The keeper lit the lamp, for the moon had not risen.", False),
    ],
)
def test_a_sentence_contradicts_that_denies_what_was_asked_in_the_same_clause(
    says: Candidate, question: str, sentence: str, contradicted: bool
) -> None:
    assert contradicts(understand(question), saying(says, sentence)) == contradicted
