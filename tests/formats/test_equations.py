"""Equations of Word and of HTML on one line."""

from __future__ import annotations

import pytest

from dipnot.document.build import make_document
from dipnot.formats import read_pages
from dipnot.formats.equations import equations_in
from dipnot.types import EQUATION, Document, Source
from format_files import word

M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def read(name: str, data: str | bytes) -> Document:
    raw = data.encode() if isinstance(data, str) else data
    return make_document(Source(name, "a"), read_pages(name, raw))


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("omml", "text"),
    [
        (run("C=2πr"), "C=2πr"),
        (f"<m:sSup><m:e>{run('r')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>", "r²"),
        (f"<m:sSub><m:e>{run('x')}</m:e><m:sub>{run('1')}</m:sub></m:sSub>", "x₁"),
        (f"<m:f><m:num>{run('a+b')}</m:num><m:den>{run('c')}</m:den></m:f>", "(a+b)/c"),
        (f"<m:rad><m:deg/><m:e>{run('x')}</m:e></m:rad>", "√(x)"),
        (
            (
                '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
                f"<m:sub>{run('i')}</m:sub><m:sup>{run('n')}</m:sup><m:e>{run('i')}</m:e></m:nary>"
            ),
            "∑_iⁿi",
        ),
        (f"<m:d><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:d>", "(a, b)"),
    ],
)
def test_an_equation_of_word_is_written_on_its_line(omml: str, text: str) -> None:
    body = f"<w:p><w:r><w:t>Alan </w:t></w:r><m:oMath {M}>{omml}</m:oMath></w:p>"
    assert read("a.docx", word(body)).text == f"Alan {text}"


def test_an_equation_of_a_page_is_written_on_its_line() -> None:
    math = "<math><mi>A</mi><mo>=</mo><mi>π</mi><msup><mi>r</mi><mn>2</mn></msup></math>"
    half = "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"
    assert read("a.html", f"<p>Alan {math} ve {half}.</p>").text == "Alan A = πr² ve 1/2."


def test_an_equation_nested_absurdly_keeps_its_letters() -> None:
    nested = "<msqrt>" * 240 + "<mi>x</mi>" + "</msqrt>" * 240
    assert "x" in read("a.html", f"<p><math>{nested}</math></p>").text


@pytest.mark.parametrize(
    ("mathml", "text"),
    [
        ("<msub><mi>x</mi><mn>1</mn></msub>", "x₁"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "³√(x)"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x₁²"),
        ('<mfenced open="[" close="]"><mi>a</mi><mi>b</mi></mfenced>', "[a, b]"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a + b)/2"),
    ],
)
def test_what_stands_above_below_and_under_a_root_stands_beside(mathml: str, text: str) -> None:
    assert read("a.html", f"<p><math>{mathml}</math></p>").text == text


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ('<img class="tex" alt="x^2 + y^2">', "x^2 + y^2"),
        ('<img class="mwe-math-fallback" alt="{\\displaystyle E=mc^{2}}">', "E=mc^{2}"),
        ('<script type="math/tex">q = CV</script>', "q = CV"),
        ('<span><math><mi>E</mi></math><img class="math" alt="{E}"></span>', "E"),
        ('<img class="photo" alt="the mill">', "olur."),
    ],
)
def test_an_equation_that_a_page_holds_as_tex_is_text(shown: str, text: str) -> None:
    assert read("a.html", f"<p>{shown} olur.</p>").text in (f"{text} olur.", text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"Çevre $C = 2\pi r$ ile bulunur.", [r"C = 2\pi r"]),
        (r"Boy \(x\) ve alan \[x^2 + y^2\] kadardır.", ["x", "x^2 + y^2"]),
        ("Alan $$a^2$$ kadardır.", ["a^2"]),
        (r"\[v = 3 \text{ yalnız kışın}\]", [r"v = 3 \text{ yalnız kışın}"]),
        ("Ücret $5, yol $7 tuttu; $HOME=$DIR ve 3$ + 4$ de yazılır.", []),
        (r"Kaynak \[1\], \[Kaya, 1990 = ikinci baskı\] ve \[a\] sayılır.", []),
    ],
)
def test_tex_in_text_is_told_from_money_and_brackets(text: str, found: list[str]) -> None:
    assert [words for _, words in equations_in(text)] == found


@pytest.mark.parametrize(("name", "kept"), [("a.txt", r"\(x_1\)"), ("a.md", "x_1")])
def test_an_equation_in_text_and_markdown_is_marked(name: str, kept: str) -> None:
    text = "Değirmenin taşı \\(x_1\\) kadar kalındır ve günde iki kez döner."
    pages = read_pages(name, text.encode())
    marks = [m.label for p in pages for line in p.lines for m in line.marks if m.key == EQUATION]
    assert marks == ["x_1"]
    assert f"taşı {kept} kadar" in read(name, text).text
