from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dipnot.cli import main
from dipnot.errors import CorpusError
from dipnot.inspection import as_text, inspect_file

FILES = Path(__file__).parent / "data_formats"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def oddities(path: Path) -> list[tuple[str, int, str]]:
    return [(o["kind"], o["page"], o["detail"]) for o in inspect_file(path)["oddities"]]


def test_a_report_says_what_was_understood() -> None:
    report = inspect_file(FILES / "fener.pdf")
    assert report["title"] == "Kıyıların Işığı: Fenerler"
    assert [(e["heading"], e["level"], e["page"]) for e in report["outline"]] == [
        ("Giriş", 1, 1), ("Sözleşme ve Şirket", 1, 1), ("Bekçiler", 1, 2), ("Sonuç", 1, 2),
    ]  # fmt: skip
    assert [(p["number"], p["label"], p["footnotes"]) for p in report["pages"]] == [
        (1, "145", 2), (2, "146", 2), (3, "147", 0),
    ]  # fmt: skip
    first = report["footnotes"][0]
    assert first["label"] == "1"
    assert first["before"].endswith("hazineye verecekti.")
    assert first["after"].startswith(" Bu oran")
    assert report["paragraphs"] == {
        "kinds": {"body": 23, "footnote": 4, "front": 1}, "languages": {"tr": 28},
    }  # fmt: skip
    assert report["oddities"] == []


def test_references_are_listed_with_their_pages(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "Barış geldi (Gürün, 1983, s. 40).\n")
    (reference,) = inspect_file(path)["references"]
    assert reference == {
        "text": "Gürün, 1983, s. 40",
        "author": "Gürün",
        "year": "1983",
        "locator": "s. 40",
        "page": 1,
        "entry": None,
        "start": 13,
        "end": 31,
    }


def test_a_reference_is_shown_with_its_entry_and_voices_are_counted(tmp_path: Path) -> None:
    text = (
        "# Giriş\n\nBarış geldi (Gürün, 1983, s. 40). Göl kurudu. Kaya’ya göre savaş bitmedi.\n\n"
    )
    text += "Demir “göl artık bizim için bir yüktür” dedi.\n\n"
    report = inspect_file(write(tmp_path, "a.md", text + "# Kaynakça\n\nGürün, K. (1983). Kıyı.\n"))
    assert [r["entry"] for r in report["references"]] == ["Gürün, K. (1983). Kıyı."]
    assert "  Gürün, 1983, s. 40\n      Gürün, K. (1983). Kıyı.\n" in as_text(report)
    assert report["voices"]["cited"] == 2
    assert report["voices"]["quoted"] == 1
    assert report["speakers"] == {"Kaya": 1, "Demir": 1}
    assert "speakers: Kaya 1, Demir 1\n" in as_text(report)


def test_markers_without_notes_and_notes_without_markers_are_odd(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "Barış geldi[^1]. Savaş[^9] bitti.\n\n[^1]: A.\n\n[^3]: B.\n")
    assert oddities(path) == [
        ("marker without note", 1, "9 after “Barış geldi. Savaş”"),
        ("note without marker", 1, "note 3"),
        ("missing note", 1, "note 3 follows note 1"),
    ]


def test_figures_that_cling_to_a_word_of_a_plain_text_are_odd(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "Rusya da savaşa katılmıştı9 ve yenildi.\n")
    assert oddities(path) == [
        ("marker without note", 1, "figures cling to “Rusya da savaşa katılmıştı9”")
    ]


def test_a_page_without_text_and_replaced_letters_are_odd(tmp_path: Path) -> None:
    page = "<p>Bir \ufffd\ufffd.</p><p role=doc-pagebreak title=2><p role=doc-pagebreak title=3>Üç."
    assert oddities(write(tmp_path, "a.html", page)) == [
        ("page without text", 2, "nothing but perhaps pictures stands on it"),
        ("replaced character", 1, "2 times U+FFFD: the file does not tell what is printed"),
    ]


def test_a_file_of_a_corpus_has_the_title_of_its_entry(tmp_path: Path) -> None:
    write(tmp_path, "corpus.toml", '[[document]]\nfile = "a.txt"\ntitle = "Ad"\nid = "baska"\n')
    report = inspect_file(write(tmp_path, "a.txt", "Metin burada.\n"))
    assert (report["title"], report["doc_id"]) == ("Ad", "baska")


def test_no_file_is_an_error_that_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"yok\.txt' is no file\. .*`dipnot inspect FILE`"):
        inspect_file(tmp_path / "yok.txt")


def test_the_command_prints_for_people_and_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(FILES / "fener.md")
    assert main(["inspect", file]) == 0
    printed = capsys.readouterr().out
    assert printed == as_text(inspect_file(Path(file))) + "\n"
    assert "  Giriş  s. 1\n    Sözleşme  s. 1\n" in printed
    assert "[1] s. 1: …" in printed
    assert main(["inspect", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == inspect_file(Path(file))


def test_the_command_fails_with_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["inspect", str(write(tmp_path, "a.xyz", "x"))]) == 1
    assert "'a.xyz': the format '.xyz' is unknown" in capsys.readouterr().err


def test_the_text_is_printed_with_its_pages_marked_and_each_note_where_it_hangs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = "<p>Göl kurudu.<sup>1</sup> Köy <span role=doc-pagebreak title=7></span>kaldı.</p>"
    path = write(tmp_path, "a.html", f"{page}<p><sup>1</sup> Harita, 1902.</p>")
    assert main(["inspect", str(path), "--text"]) == 0
    assert capsys.readouterr().out.split() == (
        "[page 1] Göl kurudu.[note 1: Harita, 1902.] Köy [page 2, printed 7] kaldı.".split()
    )


def test_the_text_or_all_of_it_is_printed_but_not_both(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["inspect", str(write(tmp_path, "a.txt", "Göl.")), "--text", "--json"])
    assert stopped.value.code == 2


def test_offsets_of_a_report_lead_to_what_they_name() -> None:
    report = inspect_file(FILES / "fener.md")
    text = report["text"]
    for section in report["sections"]:
        assert text[section["start"] :].startswith(section["heading"])
    for note in report["footnotes"]:
        assert text[note["start"] : note["end"]] == note["text"]
        assert text[: note["marker"]].endswith(note["before"])
    kinds = {block["kind"] for block in report["blocks"]}
    assert kinds == set(report["paragraphs"]["kinds"])


def test_letters_that_make_no_words_are_odd_and_the_surer_the_more_they_are(
    tmp_path: Path,
) -> None:
    words = "Göl 1887 yılında kurutuldu ve köylüler kıyıya yeni evler yaptı, sonra taşındı. "
    cipher = str.maketrans("abcdefghijklmnoprstuvyz", "qxjzwvkgfbpcdxhtqlmnrws")
    found = [
        inspect_file(write(tmp_path, "a.txt", text))["oddities"]
        for text in (words * 3, words * 2 + words.translate(cipher), words.translate(cipher) * 2)
    ]
    assert found[0] == []
    assert [odd["kind"] for odd in (*found[1], *found[2])] == ["unreadable text"] * 2
    assert re.fullmatch(r"\d\d % of the letters are not of any word", found[1][0]["detail"])
    assert found[1][0]["confidence"] < found[2][0]["confidence"] <= 1


def test_another_script_is_not_taken_for_unreadable(tmp_path: Path) -> None:
    text = "Москва приняла договор о дружбе и братстве между народами обеих стран навсегда. " * 3
    assert oddities(write(tmp_path, "a.txt", text)) == []


def test_equations_are_kept_to_the_letter_and_listed(tmp_path: Path) -> None:
    report = inspect_file(write(tmp_path, "a.md", "Kare $a^2+b^2$, $5 ile $6.\n\n$$x\\,=1$$\n"))
    assert report["text"] == "Kare a^2+b^2, $5 ile $6.\n\nx\\,=1"
    assert [(e["text"], e["start"], e["end"]) for e in report["equations"]] == [
        ("a^2+b^2", 5, 12), ("x\\,=1", 26, 31),
    ]  # fmt: skip
    assert "Equations, written on one line (2)\n  s. 1: a^2+b^2\n" in as_text(report)
    assert report["oddities"] == []
