"""What an utterance wants, from what a network makes of it and from its form."""

from __future__ import annotations

import pytest

from dipnot.question.utterance import is_passing, part_heard, request_heard
from dipnot.types import Heard


def heard(held: str = "", **likely: float) -> Heard:
    return Heard(likely, frozenset(held.split()))


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        ("minnettar kaldım", heard(courtesy=0.9), "courtesy"),
        ("keyifler nasıl", heard(courtesy=0.6), "ask"),
        ("keyifler nasıl", heard(courtesy=0.9), "courtesy"),
        ("Is this artificial intelligence?", heard(dipnot=0.9), "dipnot"),
        ("What's your purpose?", heard(dipnot=0.9), "dipnot"),
        ("zırt pırt hört", heard(noise=0.95), "noise"),
        ("bu zırt ne", heard(noise=0.8), "ask"),
        ("best pizza dough recipe", heard(noise=0.8), "ask"),
        ("spoon the did under seven", heard(noise=0.95), "noise"),
        ("hgfd 77 zzxq", heard(noise=0.95), "noise"),
        ("TB-50 price", heard(noise=0.5), "ask"),
        ("is the kiln hot", heard(noise=0.95, held="kiln"), "ask"),
        ("neden adın Dipnot", heard(dipnot=0.95), "dipnot"),
        ("and what else", heard(more=0.9), "more"),
        ("where is that from", heard(source=0.9), "source"),
        ("değirmen", heard(ask=0.9), "ask"),
    ],
)
def test_the_network_is_believed_where_it_is_sure(text: str, given: Heard, wanted: str) -> None:
    assert request_heard(text, given, follows=True) == wanted


def test_what_has_a_word_of_the_texts_or_a_name_asks_for_what_they_tell() -> None:
    sure = {"courtesy": 0.99}
    assert (
        request_heard("güzel değirmen", Heard(sure, frozenset({"degir"})), follows=False) == "ask"
    )
    assert request_heard("teşekkürler Selim", Heard(sure), follows=False) == "ask"
    assert request_heard("42", Heard(sure), follows=False) == "ask"


def test_more_and_source_are_of_an_answer_before() -> None:
    assert request_heard("and what else", heard(more=0.9), follows=False) == "ask"
    assert request_heard("where is that from", heard(source=0.9), follows=False) == "ask"


def test_a_part_of_the_text_is_asked_for_by_the_likeliest_of_several() -> None:
    assert part_heard("özet geç", heard(gist=0.4, conclusion=0.3)) == "gist"
    assert part_heard("özet geç", heard(gist=0.3)) is None
    assert part_heard("özet geç", heard("degir", gist=0.9)) is None


def test_a_word_that_the_texts_have_in_the_other_language_asks_for_what_they_tell() -> None:
    sure = {"scope": 0.9}
    assert part_heard("hangi hedef kondu", Heard(sure)) == "scope"
    assert part_heard("hangi hedef kondu", Heard(sure, across=frozenset({"hedef"}))) is None


def test_a_date_or_a_reason_is_no_gist() -> None:
    assert part_heard("sonuç ne zaman çıkar", heard(conclusion=0.9)) is None
    assert part_heard("ne zaman yayımlandı", heard(published=0.9)) == "published"


def test_questions_of_the_day_are_told_unless_they_quote() -> None:
    assert is_passing("Bugün hava nasıl?", heard(now=0.9))
    assert not is_passing("Kim “bugün hava güzel” dedi?", heard(now=0.9))
