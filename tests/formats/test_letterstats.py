"""What Turkish and English words look like, letter by letter."""

from __future__ import annotations

from dipnot.formats.letterstats import likeness

TURKISH = "köylüler kıyıya yeni evler yaptı ve balıkçılar başka bir kente taşındı".split()
ENGLISH = "the keeper counted every ship that passed the lighthouse that night".split()


def test_each_language_is_most_like_itself() -> None:
    turkish, english = likeness(TURKISH), likeness(ENGLISH)
    assert turkish.turkish > 0.75 > english.turkish
    assert min(turkish.either, english.either) > 0.85


def test_letters_that_stand_for_others_are_like_neither() -> None:
    shifted = [word.translate(str.maketrans("abcdeklrnit", "qjwxzvfhgpo")) for word in ENGLISH]
    assert likeness(shifted).either < 0.5


def test_the_signs_of_scholars_make_no_word_unlike() -> None:
    assert likeness("selāṭīn ḥaḳḳında żabṭ ḳānūnnāme ṣūretidir mecmūʿa".split()).either > 0.5


def test_figures_punctuation_and_other_scripts_tell_nothing() -> None:
    nothing = likeness(["1902", "(1)", "...", "Деревня", "a"])
    assert (nothing.pairs, nothing.turkish, nothing.either) == (0, 0.0, 0.0)
    assert likeness(["(el)"]).pairs == likeness(["el"]).pairs == 1
