from __future__ import annotations

import os
import socket
import tracemalloc
from pathlib import Path

import pytest

from dipnot.corpus import make_doc_id, read_catalogue, read_text, scan_corpus, stamp_corpus
from dipnot.errors import CorpusError
from dipnot.types import Imprint


def folder(tmp_path: Path, catalogue: str = "", **texts: str) -> Path:
    for stem, text in texts.items():
        (tmp_path / f"{stem}.txt").write_text(text, "utf-8")
    if catalogue:
        (tmp_path / "corpus.toml").write_text(catalogue, "utf-8")
    return tmp_path


def entry(*lines: str) -> str:
    return "\n".join(["[[document]]", 'file = "a.txt"', *lines])


def refusal(tmp_path: Path, catalogue: str) -> str:
    with pytest.raises(CorpusError) as refused:
        read_catalogue(folder(tmp_path, catalogue) / "corpus.toml")
    return str(refused.value)


def test_texts_come_in_order_of_their_names_with_what_the_catalogue_says(tmp_path: Path) -> None:
    catalogue = entry(
        'id = "gol"', 'title = "Göl"', 'title_en = "Lake"', 'author = "Ayşe Su"', "year = 1990",
        'journal = "Su"', "volume = 4", 'issue = "1-2"', 'pages = "201-230"',
        'publisher = "Su Yay."', 'place = "Van"', 'doi = "10.1000/su.4"',
        'url = "https://su.example/4"', 'licence = "CC BY 4.0"', 'languages = ["tr"]',
        'examples = ["Göl nerede?"]',
    )  # fmt: skip
    corpus = scan_corpus(folder(tmp_path, catalogue, b="İkinci.", a="Birinci."))
    assert [t.source.doc_id for t in corpus.texts] == ["gol", "b"]
    assert corpus.failed == ()
    document = read_text(corpus.texts[0])
    assert (document.title, document.title_en, document.author) == ("Göl", "Lake", "Ayşe Su")
    assert document.imprint == Imprint(
        year="1990", journal="Su", volume="4", issue="1-2", pages="201-230", publisher="Su Yay.",
        place="Van", doi="10.1000/su.4", url="https://su.example/4", licence="CC BY 4.0",
    )  # fmt: skip
    assert (document.languages, document.examples) == (("tr",), ("Göl nerede?",))
    assert document.content_hash == corpus.hashes()["gol"]


def test_a_text_without_an_entry_is_read_with_what_its_file_tells(tmp_path: Path) -> None:
    document = read_text(scan_corpus(folder(tmp_path, gol_yazisi="Göl kurudu.")).texts[0])
    assert (document.doc_id, document.title, document.author) == ("gol-yazisi", "gol_yazisi", None)
    assert document.languages == ("tr",)


def test_texts_in_folders_are_read_under_the_name_of_their_path(tmp_path: Path) -> None:
    for name in ("1990/Su", "1990/ek/not", "questions", ".gizli"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("1990/Su/Göl.txt", "1990/ek/not/b.md", "questions/notes.md", ".gizli/a.txt"):
        (tmp_path / name).write_text("Göl kurudu.", "utf-8")
    catalogue = '[[document]]\nfile = "1990/ek/not/b.md"\ntitle = "Ek"'
    corpus = scan_corpus(folder(tmp_path, catalogue))
    assert [(t.source.doc_id, t.source.title) for t in corpus.texts] == [
        ("1990-su-gol", None),
        ("1990-ek-not-b", "Ek"),
    ]
    assert [read_text(text).text for text in corpus.texts] == ["Göl kurudu."] * 2


def test_other_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    folder(tmp_path, a="Göl.")
    (tmp_path / ".gizli.txt").write_text("x")
    (tmp_path / "not.csv").write_text("x")
    (tmp_path / "alt.txt").mkdir()
    corpus = scan_corpus(tmp_path)
    assert ([t.source.file for t in corpus.texts], corpus.failed) == (["a.txt"], ())


def test_the_hash_follows_bytes_and_entry(tmp_path: Path) -> None:
    def hashed(catalogue: str, text: str) -> str:
        return scan_corpus(folder(tmp_path, catalogue, a=text)).hashes()["a"]

    first = hashed(entry('title = "Göl"'), "Göl.")
    assert hashed(entry('title = "Göl"'), "Göl.") == first
    assert hashed(entry('title = "Kıyı"'), "Göl.") != first
    assert hashed(entry('title = "Göl"'), "Göl!") != first


@pytest.mark.parametrize(
    ("file", "doc_id"),
    [
        ("İki Dünya Savaşı.txt", "iki-dunya-savasi"),
        ("ŞÇĞÜÖI ı.txt", "scguoi-i"),
        ("Gümrü_Antlaşması (1920).txt", "gumru-antlasmasi-1920"),
        ("I\u0307stanbul.txt", "istanbul"),
        ("a.b.txt", "a-b"),
        ("x" * 200 + ".txt", "x" * 80),
    ],
)
def test_ids_are_made_of_the_files_letters(file: str, doc_id: str) -> None:
    assert make_doc_id(file) == doc_id


def test_a_name_without_latin_letters_gets_an_id_of_its_own() -> None:
    assert make_doc_id("湖.txt").startswith("text-")
    assert make_doc_id("湖.txt") == make_doc_id("湖.txt") != make_doc_id("海.txt")


def test_of_two_texts_with_one_id_the_second_is_reported(tmp_path: Path) -> None:
    (tmp_path / "Göl 1.txt").write_text("Bir.", "utf-8")
    corpus = scan_corpus(folder(tmp_path, **{"gol-1": "İki."}, a="Üç."))
    assert len(corpus.texts) == 2
    (failure,) = corpus.failed
    # In the order of their names, so the first keeps the id.
    assert failure.file == "gol-1.txt"
    assert failure.reason.endswith(
        "has the id 'gol-1', which 'Göl 1.txt' has too. Give it another in corpus.toml."
    )


def test_a_file_that_is_missing_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    corpus = scan_corpus(folder(tmp_path, entry(), b="Göl."))
    assert [t.source.file for t in corpus.texts] == ["b.txt"]
    (failure,) = corpus.failed
    assert failure.file == "a.txt"
    assert "corpus.toml names 'a.txt', which is not in" in failure.reason


def test_a_link_that_leads_out_of_the_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("gizli")
    inside = tmp_path / "corpus"
    inside.mkdir()
    (inside / "a.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "b.txt").write_text("Göl.", "utf-8")
    corpus = scan_corpus(inside)
    assert [t.source.file for t in corpus.texts] == ["b.txt"]
    assert "leads out of the corpus folder. Copy it there." in corpus.failed[0].reason


def test_a_link_inside_the_folder_is_read(tmp_path: Path) -> None:
    (folder(tmp_path, a="Göl.") / "b.txt").symlink_to(tmp_path / "a.txt")
    assert [t.source.file for t in scan_corpus(tmp_path).texts] == ["a.txt", "b.txt"]


def test_a_missing_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"does not exist\. Make it .* with --corpus"):
        scan_corpus(tmp_path / "none")


def test_a_catalogue_may_open_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(entry('title = "Göl"'), "utf-8-sig")
    assert [source.title for source in read_catalogue(tmp_path / "corpus.toml")] == ["Göl"]


def test_no_catalogue_is_an_empty_one(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path / "corpus.toml") == []


def test_an_unknown_key_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    message = refusal(tmp_path, entry('titel = "Göl"'))
    assert message.endswith("[[document]] 1 holds 'titel', which is unknown; did you mean title?")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("title = 5", "`title` is '5'; expected a line of text."),
        ('title = ""', "`title` is ''; expected a line of text."),
        ('author = "a\\nb"', "`author` is 'a\\nb'; expected a line of text."),
        ("year = true", "`year` is 'True'; expected a line of text."),
        ('url = "javascript:a"', "`url` is 'javascript:a'; expected http:// or https://."),
        ("pages = 12", "`pages` is '12'; expected a line of text."),
        ('languages = "tr"', "`languages` is 'tr'; expected a list of texts."),
        ("examples = [1]", "`examples` is '[1]'; expected a list of texts."),
        ('examples = [""]', "`examples` is '['']'; expected a list of texts."),
        ('languages = ["TR"]', "`languages` has 'TR'; expected codes such as tr and en."),
        ('languages = ["tr", "english"]', "`languages` has 'english'; expected codes"),
        ('examples = [" "]', "one of `examples` is empty; expected a question."),
        ('examples = ["a\\u0007b"]', "one of `examples` "),
        ('id = "Göl"', "`id` is 'Göl'; expected lower-case letters a-z, digits and hyphens"),
        ('id = "../a"', "`id` is '../a'; expected lower-case"),
        ('id = "-a"', "`id` is '-a'; expected lower-case"),
        ("id = 7", "`id` is '7'; expected lower-case"),
        (f'id = "{"x" * 81}"', "expected lower-case letters a-z, digits and hyphens, at most 80."),
    ],
)
def test_a_wrong_value_is_an_error_that_says_what_was_expected(
    tmp_path: Path, line: str, said: str
) -> None:
    assert said in refusal(tmp_path, entry(line))


@pytest.mark.parametrize(
    "file",
    [
        "../a.txt", "/etc/a.txt", "alt/../../a.txt", "..", ".", "", "alt/..", "./a.txt",
        "alt//a.txt", "alt/", "alt\\\\a.txt",
    ],
)  # fmt: skip
def test_a_file_outside_the_folder_cannot_be_named(tmp_path: Path, file: str) -> None:
    message = refusal(tmp_path, f'[[document]]\nfile = "{file}"')
    assert "expected the path of a file inside the corpus folder" in message


def test_an_entry_names_a_file(tmp_path: Path) -> None:
    assert "`file` is 'None'; expected" in refusal(tmp_path, '[[document]]\ntitle = "Göl"')


def test_a_file_is_named_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, f"{entry()}\n{entry()}")
    assert message.endswith("names 'a.txt' twice. Keep one [[document]] for it.")


@pytest.mark.parametrize(
    ("catalogue", "said"),
    [
        ('titel = "Göl"', "holds 'titel'; expected [[document]] tables only."),
        ("document = 5", "holds `document` of another kind; expected [[document]] tables only."),
        ('[document]\nfile = "a.txt"', "expected [[document]] tables only."),
        ("[[document]", "is not valid TOML"),
        ("x = " + "[" * 100_000, "corpus.toml"),
    ],
)
def test_a_catalogue_of_another_shape_is_an_error(
    tmp_path: Path, catalogue: str, said: str
) -> None:
    assert said in refusal(tmp_path, catalogue)


def test_a_catalogue_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match=r"corpus\.toml is not valid TOML"):
        scan_corpus(tmp_path)


def test_a_text_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    (text,) = scan_corpus(folder(tmp_path, a="  \n")).texts
    with pytest.raises(CorpusError, match=r"'a\.txt' holds no text"):
        read_text(text)


def test_a_text_that_is_too_large_is_reported_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dipnot.corpus.MAX_BYTES", 10)
    corpus = scan_corpus(folder(tmp_path, a="Göl kurudu ve kaldı.", b="Göl."))
    assert [t.source.file for t in corpus.texts] == ["b.txt"]
    assert "at most 10 are read. Split the file." in corpus.failed[0].reason


def test_texts_in_folders_of_the_corpus_belong_to_question_sets_and_are_left_out(
    tmp_path: Path,
) -> None:
    own = tmp_path / "questions" / "story" / "corpus"
    own.mkdir(parents=True)
    (own / "story.txt").write_text("Once.", "utf-8")
    assert [t.source.file for t in scan_corpus(folder(tmp_path, a="Bir.")).texts] == ["a.txt"]


# --- what else may lie in a folder ---------------------------------------------------------------


def test_names_that_are_not_utf_8_are_read_as_old_turkish_ones(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"g\xf6l \xfeifa.txt")).write_text("Göl kurudu.", "utf-8")
    catalogue = '[[document]]\nfile = "göl şifa.txt"\ntitle = "Göl"'
    corpus = scan_corpus(folder(tmp_path, catalogue))
    (text,) = corpus.texts
    assert (text.source.file, text.source.doc_id, text.source.title) == (
        "göl şifa.txt", "gol-sifa", "Göl",
    )  # fmt: skip
    assert read_text(text).text == "Göl kurudu."
    assert corpus.failed == ()


@pytest.mark.parametrize("listed", ["g\u00f6l/\u015fifa.txt", "go\u0308l/s\u0327ifa.txt"])
@pytest.mark.parametrize("lying", ["g\u00f6l/\u015fifa.txt", "go\u0308l/s\u0327ifa.txt"])
def test_a_name_is_the_same_with_its_letters_whole_and_in_parts(
    tmp_path: Path, listed: str, lying: str
) -> None:
    (tmp_path / lying).parent.mkdir()
    (tmp_path / lying).write_text("Göl kurudu.", "utf-8")
    corpus = scan_corpus(folder(tmp_path, f'[[document]]\nfile = "{listed}"\ntitle = "Göl"'))
    assert corpus.failed == ()
    assert [(t.source.file, t.source.title) for t in corpus.texts] == [
        ("g\u00f6l/\u015fifa.txt", "Göl")
    ]
    assert read_text(corpus.texts[0]).text == "Göl kurudu."


def test_of_two_files_whose_names_differ_in_that_alone_none_is_lost(tmp_path: Path) -> None:
    for name in ("g\u00f6l.txt", "go\u0308l.txt"):
        (tmp_path / name).write_text("Göl.", "utf-8")
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("the file system has one form of names")
    corpus = scan_corpus(tmp_path)
    assert (len(corpus.texts), len(corpus.failed)) == (1, 1)


def test_a_folder_that_may_not_be_listed_is_reported_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, real = tmp_path / "kapalı", os.scandir
    closed.mkdir()
    opened = folder(tmp_path, a="Göl.")

    def refusing(path: str) -> object:
        if Path(path) == refused:
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    refused = closed
    corpus = scan_corpus(opened)
    assert [t.source.file for t in corpus.texts] == ["a.txt"]
    assert [f.file for f in corpus.failed] == ["kapalı"]
    before = stamp_corpus(opened)
    (tmp_path / "b.txt").write_text("Köy.", "utf-8")
    assert stamp_corpus(opened) != before
    refused = tmp_path
    with pytest.raises(CorpusError, match=r"cannot be read: Permission denied\."):
        scan_corpus(opened)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
@pytest.mark.parametrize("named", [True, False])
def test_pipes_sockets_and_links_to_nothing_are_reported_and_never_waited_for(
    tmp_path: Path, *, named: bool
) -> None:
    folder(tmp_path, entry() if named else "", b="Göl.")
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "none.txt")
    (tmp_path / "deep").mkdir()
    (tmp_path / "d").symlink_to(tmp_path / "deep")
    (tmp_path / "deep" / "up").symlink_to(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket is short
        listening.bind("s.txt")
        os.chdir(here)
    corpus = scan_corpus(tmp_path)
    assert [t.source.file for t in corpus.texts] == ["b.txt"]
    assert [f.file for f in corpus.failed] == ["a.txt", "c.txt", "d", "deep/up", "s.txt"]
    assert all(f.reason.endswith(".") for f in corpus.failed)
    assert "no regular file" in corpus.failed[0].reason
    assert "a link to no file" in corpus.failed[1].reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
def test_a_pipe_as_catalogue_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "corpus.toml")
    with pytest.raises(CorpusError, match="no regular file"):
        scan_corpus(tmp_path)


def test_a_link_that_is_swapped_in_behind_the_scan_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("gizli")
    inside = tmp_path / "corpus"
    inside.mkdir()
    (text,) = scan_corpus(folder(inside, a="Göl.")).texts
    (inside / "a.txt").unlink()
    (inside / "a.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(CorpusError, match="leads out of the corpus folder"):
        read_text(text)


def test_a_link_that_is_swapped_while_the_file_is_opened_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns the folder may change a link between any two looks at it."""
    (tmp_path / "secret.txt").write_text("gizli")
    inside = tmp_path / "corpus"
    inside.mkdir()
    (text,) = scan_corpus(folder(inside, a="Göl.")).texts
    real = os.open

    def swapping(path: object, flags: int, *rest: object, **more: object) -> int:
        text.path.rename(inside / "b.txt")
        text.path.symlink_to(tmp_path / "secret.txt")
        handle = real(path, flags, *rest, **more)  # type: ignore[arg-type]
        text.path.unlink()
        (inside / "b.txt").rename(text.path)
        return handle

    monkeypatch.setattr(os, "open", swapping)
    with pytest.raises(CorpusError, match="leads out"):
        read_text(text)


def test_a_huge_file_is_refused_with_the_limit_and_not_read(tmp_path: Path) -> None:
    folder(tmp_path, a="Göl.")
    os.truncate(tmp_path / "a.txt", 1024**3)
    tracemalloc.start()
    try:
        (failure,) = scan_corpus(tmp_path).failed
        assert tracemalloc.get_traced_memory()[1] < 2**20, "at most"
    finally:
        tracemalloc.stop()
    assert failure.reason == (
        "'a.txt' has 1,073,741,824 bytes; at most 52,428,800 are read. Split the file."
    )


@pytest.mark.parametrize("name", ["a b.txt", "Iğdır İÇİN ş.txt", "..a..txt", "a\nb.txt", "a'b.txt"])
def test_a_text_may_have_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Göl kurudu.", "utf-8")
    corpus = scan_corpus(tmp_path)
    if name.startswith("."):
        assert (corpus.texts, corpus.failed) == ((), ())
    else:
        assert [read_text(t).text for t in corpus.texts] == ["Göl kurudu."]


def test_the_stamp_follows_texts_in_folders_too(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    before = stamp_corpus(tmp_path)
    (tmp_path / "deep" / "a.txt").write_text("Göl.", "utf-8")
    assert stamp_corpus(tmp_path) != before


def test_files_that_fall_on_one_name_are_all_read_or_told_of(tmp_path: Path) -> None:
    for name in ("ç.txt".encode(), b"\xe7.txt", "ç (2).txt".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(name + b" kurudu.")
    corpus = scan_corpus(tmp_path)
    assert {t.source.doc_id: t.path.read_bytes() for t in corpus.texts} == {
        "c": "ç.txt kurudu.".encode(), "c-2": "ç (2).txt kurudu.".encode(),
        "c-3": b"\xe7.txt kurudu.",
    }  # fmt: skip
    assert corpus.failed == ()


def test_a_name_whose_letters_are_in_parts_in_two_ways_is_told_of(tmp_path: Path) -> None:
    for name in ("a\u0323\u0307.txt", "a\u0307\u0323.txt"):
        (tmp_path / name).write_text("Göl.", "utf-8")
    corpus = scan_corpus(tmp_path)
    assert (len(corpus.texts), len(corpus.failed)) == (1, 1)
    assert "has the id 'a', which" in corpus.failed[0].reason


def test_the_stamp_follows_texts_that_the_catalogue_alone_names(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Göl.", "utf-8")
    bare = stamp_corpus(tmp_path)
    (tmp_path / "corpus.toml").write_text('[[document]]\nfile = "README.md"', "utf-8")
    before = stamp_corpus(tmp_path)
    assert (len(bare), len(before)) == (0, 2)
    (tmp_path / "README.md").write_text("Göl kurudu.", "utf-8")
    assert stamp_corpus(tmp_path) != before


def test_why_a_text_is_missing_does_not_depend_on_how_the_folder_is_named(tmp_path: Path) -> None:
    opened = folder(tmp_path, entry())
    assert scan_corpus(opened).failed == scan_corpus(opened / ".." / opened.name).failed


@pytest.mark.parametrize("value", ["1" * 5000, "0x" + "f" * 5000, "[" * 3000])
def test_a_number_or_nesting_past_all_measure_is_an_error(tmp_path: Path, value: str) -> None:
    assert "is not valid TOML" in refusal(tmp_path, entry(f"year = {value}"))
