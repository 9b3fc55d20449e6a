from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipnot.language.detection import language_of, language_of_note, question_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Göl 1887 yılında kurutuldu ve köylüler kıyıya yeni evler yaptı.", "tr"),
        ("Gol kurutuldu ve koyluler kiyiya yeni evler yapti.", "tr"),
        ("The lake was drained in 1887 and new houses were built on its shore.", "en"),
        ("The mill of Şükrü Saraçoğlu was rebuilt by the new owner in the valley.", "en"),
        ("- Şükrü Saraçoğlu, İsmet İnönü and Kâzım Karabekir signed the treaty.", "en"),
        ("Atatürk and İnönü met Çakmak at Çankaya.", "en"),
        ("Çakmak, Şükrü (1991). Göl ve Kıyısı.", "tr"),
        ("GÖLÜN KIYISI", "tr"),
        ("Keywords: foreign policy, relations, history of the valley.", "en"),
    ],
)
def test_a_paragraph_has_the_language_of_its_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_what_says_nothing_takes_the_default() -> None:
    assert language_of("D83, H56", "en") == "en"
    assert language_of("D83, H56", "tr") == "tr"
    assert language_of("") == "tr"


@pytest.mark.parametrize(
    "text", ["Can Yücel", "Yusuf Has Hacib", "Can | Üye | 1922", "Can Şahin, İzmir"]
)
def test_a_name_that_looks_like_a_word_of_english_takes_the_default(text: str) -> None:
    assert language_of(text, "tr") == "tr"


@pytest.mark.parametrize("text", ["The Lake", "What Happened To The Mill", "Notes On The Lake"])
def test_a_title_in_capitals_is_in_the_language_of_its_words(text: str) -> None:
    assert language_of(text, "tr") == "en"


@pytest.mark.parametrize(
    "text", ["- Head of delegation: İsmet İnönü", "Weber, Ida (1891). Reise in die Berge. Kıyı."]
)
def test_one_word_that_says_other_than_the_names_beside_it_takes_the_default(text: str) -> None:
    assert {language_of(text, default) for default in ("tr", "en")} == {"tr", "en"}


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Göl ne zaman kurutuldu?", "tr"),
        ("gol ne zaman kurutuldu", "tr"),
        ("When was the lake drained?", "en"),
        ("Когда осушили озеро?", None),
        ("湖はいつ", None),
        ("Who was İsmet İnönü?", "en"),
        ("Where is Çankırı?", "en"),
        ("Şükrü Paşa kimdi?", "tr"),
        ("1887", None),
        ("Lozan", None),
        ("", None),
    ],
)
def test_a_question_is_turkish_english_or_neither(question: str, language: str | None) -> None:
    assert question_language(question) == language


@pytest.mark.parametrize(
    "note",
    [
        "Carr, The Twenty Years' Crisis, 1939, p. 12.",
        "Bkz. Bernard Lewis, The Emergence of Modern Turkey, Oxford University Press, 1961.",
        "London, 1921.",
        "Ibid.",
    ],
)
def test_a_title_in_english_leaves_a_turkish_note_turkish(note: str) -> None:
    assert language_of_note(note, "tr") == "tr"


def test_a_turkish_name_leaves_an_english_note_english() -> None:
    assert language_of_note("Şükrü Saraçoğlu, 1921.", "en") == "en"


def test_a_note_in_prose_has_its_own_language() -> None:
    english = "The lake was drained by the owner of the mill, and it is not known when that was."
    turkish = "Gölün ne zaman kurutulduğu bilinmemektedir, ancak köylüler bunu görmüştü."
    assert language_of_note(english, "tr") == "en"
    assert language_of_note(turkish, "en") == "tr"


@given(st.text())
def test_any_text_gets_a_language(text: str) -> None:
    assert language_of(text) in ("tr", "en")
    assert question_language(text) in ("tr", "en", None)
