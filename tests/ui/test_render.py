"""The mark-up of the conversation: everything is escaped, nothing is shown twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dipnot_ui import render
from dipnot_ui.backend import BackendError, Failure
from dipnot_ui.context import Context, Note
from dipnot_ui.labels import Lang
from dipnot_ui.turns import Turn
from ui_parts import HOSTILE, QUOTE, Reader, answer_of, asked, citation, shown


@pytest.mark.parametrize("verdict", ["answered", "partial", "not_in_text", HOSTILE])
def test_nothing_from_outside_becomes_markup(verdict: str) -> None:
    hostile = citation(
        n=HOSTILE, quote=HOSTILE, title=HOSTILE, headings=[HOSTILE, HOSTILE], kind=HOSTILE,
        language=HOSTILE, page=HOSTILE, page_end=HOSTILE, start=HOSTILE, end=HOSTILE,
        attribution=[HOSTILE], voice=HOSTILE, highlight=[[0, 9], [5, 400]],
    )  # fmt: skip
    answer = answer_of(
        [hostile], verdict=verdict, answer="x " + HOSTILE, language=HOSTILE, generation=HOSTILE,
        hits=[{**hostile, "text": HOSTILE}],
    )  # fmt: skip
    note = Note(HOSTILE, HOSTILE, 3)
    turn = Turn(
        HOSTILE, HOSTILE, answer, contexts=(Context(HOSTILE, 0, (2, 9), (note,)),),
        other={**hostile, "text": HOSTILE},
    )  # fmt: skip
    seen = Reader(render.turn("en", turn))
    assert seen.tags.keys().isdisjoint({"script", "img", "a"})
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert HOSTILE in seen.text


def test_a_partial_answer_says_that_part_may_stay_open() -> None:
    text = Reader(shown(answer_of([citation()], verdict="partial", answer=""), "en")).text
    assert "Partly" in text
    assert "may leave part of it open" in text


def test_what_the_text_does_not_say_is_said_and_the_nearest_places_are_folded_away() -> None:
    hit = {**citation(), "text": "En yakın cümle."}
    answer = answer_of([], verdict="not_in_text", answer="Metin bunu söylemiyor.", hits=[hit] * 9)
    made = shown(answer)
    assert 'data-verdict="not_in_text"' in made
    assert "dn-citation" not in made
    before, _, folded = made.partition("<details")
    assert "Metinde yok" in before
    assert "Metin bunu söylemiyor." in before
    assert "En yakın cümle." not in before
    assert "yanıt değildir" in folded
    assert folded.count("En yakın cümle.") == 5


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (f"“{QUOTE}” [1]", ""),
        (f"{QUOTE} [1]", ""),
        (f"Metin şöyle diyor: “{QUOTE}” [1]", "Metin şöyle diyor:"),
        ("Şu yerler soruya değiniyor: [1] [2]", "Şu yerler soruya değiniyor:"),
        ("Önce [1], sonra [2] söylüyor.", "Önce [1], sonra [2] söylüyor."),
        ("", ""),
    ],
)
def test_quotations_are_not_shown_twice(answer: str, said: str) -> None:
    assert render.framing(answer, [citation()]) == said


def test_a_pending_turn_shows_the_question_and_that_it_is_searched() -> None:
    text = Reader(render.turn("en", Turn("When?"))).text
    assert "When?" in text
    assert "Searching" in text


def test_what_a_language_model_wrote_stands_above_the_quotations_once() -> None:
    wrote = f"{QUOTE} [1]. Sonra <b>{HOSTILE} [1]."
    writing = {"sentences": [{"text": f"{QUOTE} [1].", "citations": [1]}, {"text": wrote[-40:]}]}
    text = f"{QUOTE} [1]. {wrote[-40:]} (2 cümle çıkarıldı.) Metin diyor: “{QUOTE}” [1]"
    page = shown(answer_of([citation()], answer=text, mode="written", writing=writing))
    seen = Reader(page)
    assert page.index('class="dn-written"') < page.index('class="dn-quote"')
    assert seen.text.count(f"{QUOTE} [1].") == 1
    assert "(2 cümle çıkarıldı.) Metin diyor:" in seen.text
    assert seen.tags.keys().isdisjoint({"script", "img", "b"})
    assert "dn-written" not in shown(answer_of([citation()], writing=None))


_SAID: dict[Lang, dict[str, str]] = {
    "tr": {
        "struck": "Dil modelinin 2 cümlesi çıkarıldı: metinde yok.",
        "slow": "Dil modeli zamanında yanıt vermedi.",
        "framing": "Metinde şöyle geçiyor:",
    },
    "en": {
        "struck": "2 sentences of the language model were left out: not in the text.",
        "slow": "The language model did not answer in time.",
        "framing": "The text says:",
    },
}


@pytest.mark.parametrize("page", ["tr", "en"])
@pytest.mark.parametrize("spoken", ["tr", "en"])
@pytest.mark.parametrize("wrote", [f"{QUOTE} [1].", None])
def test_what_was_left_out_and_why_is_told_once_in_the_pages_language(
    page: Lang, spoken: Lang, wrote: str | None
) -> None:
    said = _SAID[spoken]
    notes = [f"({said['struck']})", f"({said['slow']})"]
    above = [wrote, *notes] if wrote else notes
    writing = {
        "sentences": [{"text": wrote, "citations": [1]}] if wrote else [],
        "struck": ["name", "number"], "reason": "slow", "trouble": notes[1], "notes": notes,
    }  # fmt: skip
    answer = answer_of(
        [citation()], answer=" ".join([*above, f"{said['framing']} “{QUOTE}” [1]"]),
        mode="written" if wrote else "extractive", language=spoken, writing=writing,
    )  # fmt: skip
    seen = Reader(shown(answer, page)).text
    for key in ("struck", "slow"):
        assert seen.count(_SAID[page][key]) == 1
        assert page == spoken or said[key] not in seen
    assert (said["framing"] in seen) == (page == spoken)
    assert seen.count(f"{QUOTE} [1].") == (1 if wrote else 0)


def test_the_first_place_found_is_shown_as_not_yet_checked() -> None:
    made = render.turn("en", Turn("When?", first={**citation(), "text": QUOTE}))
    assert "still being checked" in Reader(made).text
    assert QUOTE in made
    assert "dn-citation" not in made


def test_a_follow_up_shows_as_what_it_was_read_and_can_be_asked_alone() -> None:
    made = shown(answer_of([citation()], resolved_question="Antlaşma ne zaman imzalandı?"))
    assert "okunan soru:" in made
    assert "Antlaşma ne zaman imzalandı?" in made
    assert 'data-do="alone"' in made
    assert "okunan soru" not in shown(answer_of([citation()], resolved_question=" Ne  zaman? "))


def test_a_page_in_another_language_says_the_verdict_itself() -> None:
    assert "Metin şöyle diyor" in shown(answer_of([citation()]))
    english = Reader(shown(answer_of([citation()]), "en")).text
    assert "Metin şöyle diyor" not in english
    assert "the text’s own sentences" in english


def test_an_english_reader_is_told_and_offered_the_nearest_english_passage() -> None:
    made = shown(answer_of([citation()], language="en"), "en")
    assert "not in the language of the question" in made
    assert "An English passage." in made.split("dn-other")[1]
    assert "(not an answer)" in made
    assert "dn-other" not in shown(answer_of([citation(language="en")], language="en"), "en")


def test_an_answer_of_an_earlier_index_says_so() -> None:
    turn = asked(answer_of([citation()]))
    assert "earlier index" not in render.turn("en", turn, "g1")
    assert "earlier index" in render.turn("en", turn, "g2")


@pytest.mark.parametrize(
    ("code", "lang", "words"),
    [
        ("too-many-at-once", "tr", "Şu anda çok soru soruluyor"),
        ("too-many-at-once", "en", "All places are taken."),
        ("invalid-input", "tr", "okunamıyor"),
        ("of-no-kind", "tr", "All places are taken."),
    ],
)
def test_a_failure_is_told_in_the_pages_language(code: str, lang: Lang, words: str) -> None:
    turn = Turn("x", failure=Failure("All places are taken.", code))
    assert words in Reader(render.turn(lang, turn)).text


@pytest.mark.parametrize(("lang", "words"), [("tr", "henüz denetleniyor"), ("en", "still being")])
def test_a_first_place_is_marked_as_unsure_and_leaves_room_for_what_is_waited_for(
    lang: Lang, words: str
) -> None:
    made = render.turn(lang, Turn("q", "k", first={**citation(), "text": QUOTE}))
    assert words in made
    assert "dn-pending" in made
    assert '<p class="dn-waiting" role="status"></p>' in made
    assert "dn-pending" not in shown(answer_of([citation()]))


def test_an_answer_of_which_a_quotation_fell_is_copied_but_not_judged() -> None:
    turn = asked(answer_of([citation(), citation(n=2)]))
    whole = render.turn("tr", turn)
    fell = render.turn("tr", replace(turn, fallen=frozenset({1})))
    assert 'data-do="helpful"' in whole
    assert "helpful" not in fell
    assert 'data-do="copy-answer"' in fell


def test_a_question_of_signs_is_refused_in_the_pages_language() -> None:
    refused = BackendError("question is '😀😀😀', without a letter or digit.", "invalid-input")
    text = Reader(shown(refused, "tr")).text
    assert "harf ya da rakam yok" in text
    assert "without" not in text
