"""What is not so: questions that ask for it, and premises that the text denies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dipnot.answer.choice import Candidate
from dipnot.answer.found import candidate_of
from dipnot.answer.negation import (
    asks_of_refusal,
    asks_what_is_not,
    contradicts,
    denial_of,
    denies,
    denying,
)
from dipnot.engine import Engine
from dipnot.language.detection import language_of
from dipnot.question.understanding import understand
from dipnot.types import Reading, Span, Turn


@pytest.fixture
def says(engine: Engine) -> Candidate:
    """Any sentence; the tests put their words into it."""
    return candidate_of(engine.index, 0)


def saying(candidate: Candidate, text: str, score: float = 0.0) -> Candidate:
    passage = replace(candidate.passage, text=text, language=language_of(text))
    return replace(candidate, passage=passage, score=score)


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
        ("Dairede kaç dolap bulunmaktadır?", False),
        ("What did the crew do immediately after landing?", False),
        ("Mesut Yılmaz hangi yıl başbakan oldu?", False), ("Yılmaz kimdir?", False),
        ("Kim bu Ali Korkmaz?", False), ("Namaz günde kaç kez kılınır?", False),
        ("Komediyi kim yazdı?", False), ("Taşınmaz satışında kim vergi öder?", False),
        ("Bu uygulamadan sorumlu olan kim?", False), ("Antlaşmadan çekilen ülke hangisi?", False),
        ("Hangi kuşlar uçmaz, hangileri uçar?", True), ("hangi ulkeler imzalamadi", True),
        ("Gelmezse?", False), ("If they do not come?", False), ("O yoksa kim yapıyor?", False),
    ],
)  # fmt: skip
def test_who_did_not_is_asked_but_not_why_and_not_whether(question: str, asked: bool) -> None:
    assert asks_what_is_not(understand(question)) == asked


@pytest.mark.parametrize(
    ("sentence", "denied"),
    [
        ("Bekçi kimseye haber vermedi.", True), ("Köyde hiç balıkçı yoktu.", True),
        ("The keeper never slept.", True), ("Bekçi köye haber verdi.", False),
        ("The keeper slept.", False), ("Köprüyü Mimar Yılmaz yaptı.", False),
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


def test_the_best_quoted_sentence_that_denies_the_questions_verb_is_the_denial(
    says: Candidate,
) -> None:
    question = understand("Köprü ne zaman tamamlandı?")
    denied = saying(says, "Köprü hiçbir zaman tamamlanmadı.", 1.0)
    assert denial_of(question, [denied], [], {}) == denied
    assert denial_of(question, [saying(says, "Köprü 1902’de tamamlandı.", 1.0)], [], {}) is None


def test_a_sentence_not_quoted_counts_where_none_quoted_has_the_verb(says: Candidate) -> None:
    question = understand("Köprü yangında ne zaman tamamlandı?")
    other = saying(says, "Köprü yangından sonra tamamlanmadı.")
    assert denial_of(question, [saying(says, "Köprü uzundu.")], [other], {}) == other
    assert denial_of(question, [saying(says, "Köprü tamamlandı.")], [other], {}) is None


def test_a_sentence_that_meets_the_question_well_counts_where_no_answer_is_found(
    says: Candidate,
) -> None:
    question = understand("How often must the brake of the mill be tested?")
    other = saying(says, "The mill has no brake; a lamp flashes there.")
    met = {other.order: 0.5}
    weak = saying(says, "The lamp must be tested often.")
    assert denial_of(question, [weak], [other], met) == other
    assert denial_of(question, [weak], [other], {}) is None
    sure = replace(weak, reading=Reading(2.0, 2.0, Span(0, 3)))
    assert denial_of(question, [sure], [other], met) is None


def test_what_a_second_subject_did_not_do_denies_nothing_of_the_first(says: Candidate) -> None:
    question = understand("Who kept the house for the doctor?")
    text = "Ann kept the house for the doctor and she did not alter anything."
    assert not contradicts(question, saying(says, text))


def test_of_a_question_that_changes_one_thing_of_the_last_the_whole_counts() -> None:
    turns = [Turn("Hangi devletler anlaşmayı imzalamadı?", "…")]
    question = understand("Ya köyler?", turns)
    assert question.standalone == "Hangi köyler anlaşmayı imzalamadı?"
    assert asks_what_is_not(question)


def test_a_question_that_denies_by_itself_takes_nothing_for_granted(says: Candidate) -> None:
    denied = saying(says, "Köprü tamamlanmadı.", 1.0)
    assert denial_of(understand("Köprü neden tamamlanmadı?"), [denied], [], {}) is None
    assert denial_of(understand("Köprü tamamlandı mı?"), [denied], [], {}) is None
    gloves = saying(says, "Do not wear gloves near the blade.", 1.0)
    assert denial_of(understand("Why are gloves forbidden?"), [gloves], [], {}) is None


@pytest.mark.parametrize(
    ("question", "sentence", "contradicted"),
    [
        ("Depoda hangi yağlar satılır?", "Yağ, depoda satılmaz; çünkü yer yoktur.", True),
        (
            "Kulenin taşları Sazlıköy'den ne zaman geldi?",
            "Taşlar Sazlıköy’den değil, karşı adadan geldi.",
            True,
        ),
        ("Paşa görevi neden kabul etti?", "Teklif ona yapıldı, ancak paşa reddetti.", True),
        ("Dükkânı kime sattı?", "Bekçi dükkânı satmadı.", True),
        ("Ortaklara ne kadar pay verilir?", "Ortaklara pay verilmez.", True),
        ("Kimler aday olamaz?", "Üyelerin eşleri bu kurula aday olamaz.", True),
        ("Kimler aday olamaz?", "Reddi bildirilen kişi üye olamaz.", False),
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


def test_one_word_far_behind_a_no_denies_nothing(says: Candidate) -> None:
    question = understand("Who made the machine?")
    said = saying(says, "Persons under sixteen may not run the machine.", 1.0)
    assert denial_of(question, [said], [], {}) is None
    married = saying(says, "She was never once married.", 1.0)
    assert denial_of(understand("When was she married?"), [married], [], {}) is married


def test_who_asks_what_follows_a_refusal_takes_it_for_granted(says: Candidate) -> None:
    question = understand("Başvurum reddedilirse ne yapabilirim?")
    said = saying(says, "Reddedilen aday itiraz edebilir.", 1.0)
    assert denial_of(question, [said], [], {}) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How did the sailors cross the strait?", "The sailors crossed the strait without a boat."),
        ("Who signed the treaty?", "The treaty was signed not only by Turkey but by Georgia too."),
        ("Where was the treaty signed?", "The treaty was signed in Kars and not in Moscow."),
        ("When was the road closed?", "The road was not repaired and was closed."),
        ("Taş köprüyü kim yaptı?", "Taş köprüyü Mimar Yılmaz yaptı."),
        (
            "Merkeze gönderilen iki mesele hangileriydi?",
            "Kilise meselesi çözülemedi ve 1890'da merkeze gönderildi.",
        ),
    ],
)
def test_a_word_that_says_no_denies_its_own_side_alone(
    says: Candidate, question: str, sentence: str
) -> None:
    assert not contradicts(understand(question), saying(says, sentence))


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ("Which meeting refused the main?", True),
        ("Kampta neler yasaktı?", True),
        ("Which meeting did not sit?", False),
    ],
)
def test_who_asks_of_a_refusal_asks_what_is_so(question: str, refusal: bool) -> None:
    assert asks_of_refusal(understand(question)) == refusal
