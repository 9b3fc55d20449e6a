"""What training does to its material, where a slip would go unseen: the weights would be worse."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

from data import NEXT_TURN, Question, make_paragraph, question_of
from exchanges import exchanged
from material import Material
from renaming import exchange
from utterances import read_utterances, terms_of
from written import read_text, shelf_of

from dipnot.models.encoder import SentenceTransformerEncoder

NAMES = {"Lehistan": "Venedik", "Ali": "Süleyman", "1672": "1691"}


def test_names_and_years_are_exchanged_and_suffixes_kept() -> None:
    text, _ = exchange("Ali 1672’de Lehistan’a, Alişan ise 16723 adım gitti.", NAMES)
    assert text == "Süleyman 1691’de Venedik’a, Alişan ise 16723 adım gitti."


@given(words=st.lists(st.sampled_from([*NAMES, "ve", "’de", " ", ", ", "🙂", "İI"]), max_size=12))
def test_every_character_of_a_changed_text_knows_where_it_stood(words: list[str]) -> None:
    text = " ".join(words)
    new, stood = exchange(text, NAMES)
    assert len(new) == len(stood)
    for character, place in zip(new, stood, strict=True):
        old = text[slice(*place)]
        assert old == character or character in NAMES[old]
    # In order, and nothing of the old text is left out.
    covered = [i for place in dict.fromkeys(stood) for i in range(*place)]
    assert covered == list(range(len(text)))


TOLD = "The ferry Aurora sailed in 1912 and the ferry Brenta in 1931."
BEHIND = "Captain Madsen bought the Corvina in 1948."


@pytest.mark.parametrize("seed", range(40))
def test_a_question_made_by_rule_names_nothing_that_its_evidence_answers(seed: int) -> None:
    made = exchanged(
        "When did the ferry Aurora first sail, before 1931?", "en", [TOLD], [TOLD, BEHIND],
        random.Random(seed),
    )  # fmt: skip
    if made is None:
        return
    text, kind = made
    # `Brenta` stands in the evidence, which answers the question about it.
    assert "Brenta" not in text
    assert kind in ("name", "year", "number", "antonym", "negation", "relation")


@pytest.mark.parametrize(
    ("question", "lang", "asked", "others", "like"),
    [
        ("How wide is the shaft?", "en", "wide", {"old", "deep", "long", "hot"}, "broad"),
        ("Who repaired the old organ?", "en", "repaired", {"sold", "bought", "stole"}, "mended"),
        ("kuyu kaç metre derinliğinde", "tr", "metre", {"litre", "kişi", "gün"}, "kilometre"),
        ("Çan ne zaman onarıldı?", "tr", "onarıldı", {"kuruldu", "satın alındı"}, "tamir edildi"),
    ],
)
def test_something_else_is_asked_of_the_same_thing(
    question: str, lang: str, asked: str, others: set[str], like: str
) -> None:
    made = [exchanged(question, lang, [], [], random.Random(n)) for n in range(600)]
    texts = {text for text, kind in filter(None, made) if kind == "relation"}
    assert {question.replace(asked, other) for other in others} <= texts
    # A word of like meaning asks the same.
    assert question.replace(asked, like) not in texts


def test_what_only_looks_like_a_verb_or_a_trait_stays() -> None:
    for question in (
        "What were paid labourers given?",
        "Did she refuse to speak in old age there?",
    ):
        made = [exchanged(question, "en", [], [], random.Random(n)) for n in range(200)]
        assert all(kind != "relation" for _, kind in filter(None, made))


def test_a_turkish_verb_is_negated_by_its_vowels() -> None:
    made = {exchanged("köprüyü kim yaptı?", "tr", [], [], random.Random(n)) for n in range(60)} | {
        exchanged("kenti kim yönetti?", "tr", [], [], random.Random(n)) for n in range(60)
    }
    assert {m[0] for m in made if m} == {"köprüyü kim yapmadı?", "kenti kim yönetmedi?"}


WRITTEN = """# title: Saat
# lang: tr
# kind: short story
P
1 Saat durdu.
2 Ali onu tamir etti.
P
3 Sonra uyudu.
Q
tr|a|2,3|Ali|who|Saati kim tamir etti?
en|u|1|entity|Who broke the bell?
tr|a|9|Ali|who|Olmayan cümle?
tr|a|1|durdu|open|Neler oldu?
tr|a|3|uyudu|open|Neler oldu?
en|u|3|follow 2 Who repaired the clock?|How old was he?
"""


def test_a_written_text_becomes_paragraphs_and_questions(tmp_path: Path) -> None:
    (tmp_path / "W9-01.txt").write_text(WRITTEN, "utf-8")
    paragraphs, questions = read_text(tmp_path / "W9-01.txt")
    assert [p["text"] for p in paragraphs] == ["Saat durdu. Ali onu tamir etti.", "Sonra uyudu."]
    assert {(p["batch"], p["group"], p["shelf"]) for p in paragraphs} == {
        ("W9", "W9-01", "stories")
    }
    assert [(q["p"], q["type"], q["answer"]) for q in questions] == [
        ("W9-01-0", "who", "Ali"),
        ("W9-01-0", "none", None),
        ("W9-01-0", "open", "durdu"),
        ("W9-01-1", "open", "uyudu"),
        ("W9-01-1", "none", None),
    ]
    assert questions[0]["also"] == ["Sonra uyudu."]
    assert questions[1]["near"] == "Saat durdu."
    assert [q["also"] for q in questions[2:4]] == [["Sonra uyudu."], ["Saat durdu."]]
    assert (questions[4]["after"], questions[4]["quoted"]) == (
        "Who repaired the clock?",
        "Ali onu tamir etti.",
    )
    assert questions[4]["why"] == "follow"


def test_a_follow_up_of_two_turns_is_searched_for_with_what_both_say() -> None:
    text = "The mill was built by Hale. It burnt down in 1902."
    paragraph = make_paragraph("W1-01-0", "W1-01", "history", text, "en")
    row = {
        "batch": "W1", "p": "W1-01-0", "q": "When did it burn down?", "lang": "en",
        "type": "follow", "answer": "1902", "evidence": "It burnt down in 1902.", "also": [],
        "after": f"Who built the mill?{NEXT_TURN}Was it insured?",
        "quoted": "The mill was built by Hale.",
    }  # fmt: skip
    asked = question_of(row, {"W1-01-0": paragraph}, {"W1-01": [paragraph]})
    assert "mill" in asked.text.lower()
    assert asked.text.endswith("When did it burn down?")
    assert asked.variants == [asked.text, asked.text, "When did it burn down?"]


def test_kinds_of_text_stand_on_shelves() -> None:
    assert shelf_of("court judgment") == "law"
    assert shelf_of("medical article for lay people") == "medicine"
    assert shelf_of("chapter of a novel") == "stories"
    assert shelf_of("something new") == "other"


def test_utterances_are_read_below_their_kind_and_lend_their_words(tmp_path: Path) -> None:
    path = tmp_path / "utterances.txt"
    path.write_text("# gist\nözet geç\n\n# ask\nmektubu kim yazdı\n", "utf-8")
    found = read_utterances(path)
    assert found == [("gist", "özet geç"), ("ask", "mektubu kim yazdı")]
    assert terms_of(found) == ["gec", "ozet"]


def test_what_retrieval_finds_for_a_question_is_read_with_it(
    real_encoder: SentenceTransformerEncoder, tmp_path: Path
) -> None:
    texts = {
        "mill": "The miller grinds wheat on Mondays. His wheel stands in the river.",
        "boat": "The ferry leaves at nine. Captain Madsen sells the tickets himself.",
        **{f"house {n}": f"House {n} has a red door." for n in range(60)},
    }
    paragraphs = {name: make_paragraph(name, name, "stories", own) for name, own in texts.items()}
    questions = [
        Question(text, lang, "boat", "W", "who", None, None)
        for text, lang in (("Who sells tickets for the ferry?", "en"), ("Bileti kim satar?", "tr"))
    ]
    rng = random.Random(1)
    found = Material((paragraphs, questions), real_encoder, rng, tmp_path).mined[0]
    assert found["own"][0] == ("boat", 1)
    assert found["strange"]
    assert "boat" not in {pid for pid, _ in found["strange"]}
    again = Material((paragraphs, questions), real_encoder, rng, tmp_path)
    assert [tuple(key) for key in again.mined[0]["all"]] == found["all"]
