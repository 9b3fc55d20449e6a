"""A question understood once: all that is known of its words, in one value."""

from __future__ import annotations

from dipnot.question.understanding import understand
from dipnot.types import Turn

ASKED = "Kıyıdaki değirmen ne zaman yandı?"
HISTORY = [Turn(ASKED, "Metinde şöyle geçiyor: “Değirmen 3 Mayıs 1902’de yandı.” [1]")]


def test_a_question_by_itself_leans_on_nothing() -> None:
    found = understand("When did Lenin come to Ankara in 1921?")
    assert found.text == found.standalone == "When did Lenin come to Ankara in 1921?"
    assert (found.language, found.request, found.quoted) == ("en", "ask", ())
    assert "date" in found.kinds
    assert found.years == {"1921"}
    assert [found.text[slice(*name)] for name in found.names] == ["Lenin", "Ankara"]


def test_a_question_of_its_own_takes_nothing_of_the_turns_before() -> None:
    asked = "İstasyon şefi yolculara hangi içeceği ikram ederdi?"
    assert understand(asked, HISTORY) == understand(asked)


def test_a_follow_up_is_searched_with_what_it_leaves_out_and_knows_what_was_quoted() -> None:
    found = understand("Peki neden?", HISTORY)
    assert found.text == "Peki neden?"
    assert found.standalone == f"{ASKED} Peki neden?"
    assert "reason" in found.kinds
    assert found.quoted == ("Değirmen 3 Mayıs 1902’de yandı.",)


def test_a_request_is_searched_with_the_question_it_is_about() -> None:
    for asked, request in (("daha fazla", "more"), ("source?", "source")):
        found = understand(asked, HISTORY)
        assert (found.text, found.standalone, found.request) == (asked, ASKED, request)
        assert found.kinds == understand(ASKED).kinds
        assert found.quoted == ("Değirmen 3 Mayıs 1902’de yandı.",)
