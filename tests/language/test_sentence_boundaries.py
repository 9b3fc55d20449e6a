"""The hand-checked sentence boundaries in `data_sentences`, and how they are scored.

One sentence a line, an empty line between paragraphs. A `\\` at the end of a line says that the
text has no space there. The first draft was the splitter's own; every boundary, and every mark
that makes none, was then read and decided by these rules, and the draft or the splitter mended:

- A sentence ends at its own mark. `I. Dünya Savaşı`, `s. 41`, `16. yüzyıl` and initials end none.
- A source or remark in parentheses belongs to the sentence before it, also behind its full stop.
- A quotation of up to 600 characters is not cut: neither inside a sentence nor as a paragraph by
  itself; verse neither.
- Where the writer forgot the space, or the full stop, behind a finished sentence, it ends all the
  same.

Counted are the boundaries between sentences; where a paragraph ends is given, and counts nothing.
"""

from __future__ import annotations

from gold_sentences import NAMES, around, f1, gold_paragraphs, inner_boundaries, ours


def wrong_boundaries(name: str) -> tuple[list[str], float]:
    wrong: list[str] = []
    right = found = expected = 0
    for sentences in gold_paragraphs(name):
        text = "".join(sentences).strip()
        gold, cut = inner_boundaries(sentences), inner_boundaries(ours(text))
        wrong += [f"missed: {around(text, b)}" for b in sorted(gold - cut)]
        wrong += [f"false: {around(text, b)}" for b in sorted(cut - gold)]
        right, found, expected = right + len(gold & cut), found + len(cut), expected + len(gold)
    return wrong, f1(right, found, expected)


def test_the_gold_set_has_enough_boundaries_of_either_kind() -> None:
    counts = {n: sum(len(s) - 1 for s in gold_paragraphs(n)) for n in NAMES}
    assert all(count >= 150 for count in counts.values()), counts


def test_the_sentences_of_the_article_end_where_a_reader_ends_them() -> None:
    wrong, _ = wrong_boundaries("article")
    assert not wrong, "\n".join(wrong)


def test_the_sentences_of_other_histories_end_where_a_reader_ends_them() -> None:
    wrong, score = wrong_boundaries("thquad")
    assert score >= 0.995, "\n".join([f"F1 {score:.4f}", *wrong])


def test_a_space_forgotten_behind_a_source_a_year_or_a_suffix_joins_no_sentences() -> None:
    for first, second in [
        ("Göl kurudu (Yılmaz, 1990, s. 12).", "Köylüler taşındı."),
        ("Savaşın sonu 1923.", "Bu yıl unutulmadı."),
        ("Köyün adı Söğüt’tür.", "Ova geniştir."),
        ("Göl kurutuldu.", "II. Murat gölü görmüştü."),
        ("Köyler boşaldı.", "O sırada değirmen yandı."),
        ("Göl kurudu, ey Köylüler!", "Siz taşındınız."),
        ("Göl haritada gösterilir.", "1887 yılında kurutuldu."),
        ("Herkes böyle der.", "Bu söz eskidir."),
        ("Göle verilen addır.", "'Suyu bol' anlamına gelir."),
        ("Şöyle bitirdi: 'Göl kurudu.'", "Köylüler taşındı."),
    ]:
        assert ours(first + second) == [first, second]


def test_single_quotation_marks_hold_their_sentences_together_and_apostrophes_do_not() -> None:
    for whole in [
        "Bey 'Göl kurudu. Değirmen durdu.' sözleriyle anlattı.",
        "Bey 'Göl'ün suyu bitti. Değirmen durdu.' sözleriyle anlattı.",
        "He said ‘The lake is gone. The mill’s wheel stands.’ and left.",
    ]:
        assert ours(whole) == [whole]
    for first, second in [
        ("Ali'nin gölü kurudu.", "Veli' nin değirmeni durdu."),
        ("'Göl'lerden üçü kurudu.", "Bey' in değirmeni durdu."),
        ("The '90s were dry.", "The millers' wheels stood."),
    ]:
        assert ours(f"{first} {second}") == [first, second]


def test_a_note_in_brackets_stays_with_its_sentence_and_a_page_number_can_end_one() -> None:
    for first, second in [
        ("Göl kurudu.[3][12]", "Köylüler taşındı."),
        ("Ayrıntı için bkz. Yılmaz, 1990, s. 12-14.", "Köylüler taşındı."),
        ("See Smith, 1990, pp. 3-5.", "The mill stood until Nov. 1920."),
    ]:
        assert ours(f"{first} {second}") == [first, second]
