"""Several questions in one."""

from __future__ import annotations

import pytest

from dipnot.question.parts import parts_of, sides_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Ayşe ne zaman geldi ve kaç yaşındaydı?",
         ("Ayşe ne zaman geldi?", "Ayşe kaç yaşındaydı?")),
        ("When did the ship come and what did it bring?",
         ("When did the ship come?", "what did it bring?")),
        ("Köprü ne zaman ve kim tarafından yapıldı?",
         ("Köprü ne zaman yapıldı?", "Köprü kim tarafından yapıldı?")),
        ("Köprüyü kim yaptı ve ne zaman?", ("Köprüyü kim yaptı?", "Köprüyü ne zaman yaptı?")),
        ("When and in which factory was the TB-30 built?",
         ("When was the TB-30 built?", "in which factory was the TB-30 built?")),
        ("When was the mill built and by whom?",
         ("When was the mill built?", "by whom was the mill built?")),
        ("Who built the mill and when?", ("Who built the mill?", "when built the mill?")),
        ("Who came, and how old was he?", ("Who came?", "how old was he?")),
        ("Ali ve Veli ne zaman geldi?", ()),
        ("Who built the mill?", ()),
    ],
)  # fmt: skip
def test_a_question_is_cut_where_a_second_question_word_begins(
    question: str, parts: tuple[str, ...]
) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Compare how Rome and Carthage behaved",
         ("Compare how Rome behaved", "Compare how Carthage behaved")),
        ("Ali ile Veli'nin görüşlerini karşılaştır",
         ("Ali'nin görüşlerini karşılaştır", "Veli'nin görüşlerini karşılaştır")),
        ("Ali ve Veli ne zaman geldi?", ()),
        ("Ali ile Veli arasındaki antlaşma ne zaman yapıldı?", ()),
        ("Ali ile Veli arasındaki benzerlik nedir?",
         ("Ali arasındaki benzerlik nedir?", "Veli arasındaki benzerlik nedir?")),
        ("How do the models differ?", ()),
        ("ali vs veli on the price", ("ali on the price", "veli on the price")),
        ("What is cheaper, the old mill vs. the new mill?",
         ("What is cheaper, the old mill?", "What is cheaper, the new mill?")),
        ("What is the difference between error E1 and error E3?",
         ("What is the difference between error E1?", "What is the difference between error E3?")),
        ("Compare 1935 and 1950", ("Compare 1935", "Compare 1950")),
        ("What is the difference between the old pump and a new well?",
         ("What is the difference between the old pump?",
          "What is the difference between the new well?")),
        ("Compare the number of carriers and their wages", ()),
    ],
)  # fmt: skip
def test_a_comparison_is_a_question_about_each_side(question: str, sides: tuple[str, ...]) -> None:
    assert sides_of(question) == sides
