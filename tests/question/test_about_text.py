"""What a question asks of a text as a thing."""

from __future__ import annotations

import pytest

from dipnot.question.about_text import names_this_text, text_part_of


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Bu metin ne anlatıyor?", "gist"), ("raporu özetle", "gist"),
        ("What is this story about?", "gist"), ("Summarize the report", "gist"),
        ("Sonuç bölümünde ne yazıyor?", "conclusion"), ("Kitap kaç sayfa?", "pages"),
        ("What does the conclusion say about peace?", "conclusion"),
        ("Makale hangi dergide çıktı?", "published"), ("anahtar kelimeler", "keywords"),
        ("Kaç dipnot var?", "footnotes"),
        ("How many references are in the bibliography?", "references"),
        ("What are the main sources of the article?", "works"),
        ("Which works does the author cite most?", "works"),
        ("Makalenin başlıca kaynakları neler?", "works"), ("Kaynakçada neler var?", "works"),
        ("Yazar hangi kaynaklardan yararlanmış?", "works"),
        ("Which sources does the author use for the mill?", None),
        ("What does the section on safety say?", "section"),
        ("giriş bölümünü özetle", "section"), ("Madde 4 ne diyor?", "section"),
        ("Kaç bölüm var?", "sections"), ("Giriş ücreti ne kadar?", None),
        ("Who wrote the foreword?", None),
        ("Köprü ne anlatıyor?", None), ("Gazete kaç sayfa yayımlandı, hangi dilde basıldı?", None),
        ("What was the treaty about?", None), ("Sonuç ne zaman çıkar?", None),
    ],
)  # fmt: skip
def test_questions_about_the_text_are_told_from_those_about_what_it_tells(
    question: str, part: str | None
) -> None:
    assert text_part_of(question)[0] == part


@pytest.mark.parametrize(
    ("question", "label"),
    [("Dipnot 8 neye atıf yapıyor?", "8"), ("12. dipnotta ne var", "12"),
     ("What does footnote 3 refer to?", "3")],
)  # fmt: skip
def test_a_footnote_is_asked_for_by_its_label(question: str, label: str) -> None:
    assert text_part_of(question) == ("footnote", label)


def test_this_text_points_at_no_earlier_turn() -> None:
    assert names_this_text("Bu makale ne hakkında?")
    assert not names_this_text("Bu antlaşma ne hakkında?")
