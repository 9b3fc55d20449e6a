"""HTML, DOCX, Markdown and text as other programs write them, of a text that is known.

Owns: how each program writes headings, paragraphs, lists, tables and notes. Which text is written,
and how well it is read, is `reading.py`'s.
"""

# ruff: noqa: E501, the markup of other programs is kept on its lines
from __future__ import annotations

import html
import io
import random
import re
import textwrap
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A block: `kind` is heading, text, item or row; `notes` are number, offset and words."""

    kind: str
    text: str
    notes: tuple[tuple[int, int, str], ...] = ()


Cut = Callable[[str], str]
Refer = Callable[[int], str]


def _inline(part: Part, escape: Cut, refer: Refer) -> str:
    """Write the text of a block with a marker wherever a note hangs."""
    out, last = "", 0
    for number, offset, _ in part.notes:
        out += escape(part.text[last:offset]) + refer(number)
        last = offset
    return out + escape(part.text[last:])


def _all_notes(parts: Sequence[Part]) -> list[tuple[int, str]]:
    return [(number, words) for part in parts for number, _, words in part.notes]


# --- HTML --------------------------------------------------------------------------------------

# Of each program: its marker, a note, what opens and closes the list of notes.
_HTML: dict[str, tuple[str, str, str, str]] = {
    "word": (
        (
            '<a style=\'mso-footnote-id:ftn{n}\' href="#_ftn{n}" name="_ftnref{n}" title=""><span '
            "class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if "
            "!supportFootnotes]><span class=MsoFootnoteReference><span style='font-size:12.0pt'>[{n}]"
            "</span></span><![endif]></span></span></a>"
        ),
        (
            "<div style='mso-element:footnote' id=ftn{n}><p class=MsoFootnoteText><a href=\"#_ftnref{n}"
            '" name="_ftn{n}" title=""><span class=MsoFootnoteReference>[{n}]</span></a> {t}</p></div>'
        ),
        "<div style='mso-element:footnote-list'><br clear=all><hr align=left size=1 width=\"33%\">",
        "</div>",
    ),
    "libreoffice": (
        (
            '<a class="sdfootnoteanc" name="sdfootnote{n}anc" href="#sdfootnote{n}sym"><sup>{n}</sup>'
            "</a>"
        ),
        (
            '<div id="sdfootnote{n}"><p class="sdfootnote-western"><a class="sdfootnotesym" '
            'name="sdfootnote{n}sym" href="#sdfootnote{n}anc">{n}</a>\t{t}</p></div>'
        ),
        "",
        "",
    ),
    "pandoc": (
        '<a href="#fn{n}" class="footnote-ref" id="fnref{n}" role="doc-noteref"><sup>{n}</sup></a>',
        (
            '<li id="fn{n}"><p>{t}<a href="#fnref{n}" class="footnote-back" role="doc-backlink">↩︎</a>'
            "</p></li>"
        ),
        (
            '<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes">'
            "<hr /><ol>"
        ),
        "</ol></section>",
    ),
    "wiki": (
        (
            '<sup id="cite_ref-{n}" class="reference"><a href="https://tr.example.org/wiki/M#cite_note'
            '-{n}"><span class="cite-bracket">&#91;</span>{n}<span class="cite-bracket">&#93;</span>'
            "</a></sup>"
        ),
        (
            '<li id="cite_note-{n}"><span class="mw-cite-backlink"><b><a href="https://tr.example.org/'
            'wiki/M#cite_ref-{n}">^</a></b></span> <span class="reference-text">{t}</span></li>'
        ),
        (
            '<h2>Kaynakça<span class="mw-editsection">[<a href="e">değiştir</a>]</span></h2><div '
            'class="reflist"><ol class="references">'
        ),
        "</ol></div>",
    ),
    "gutenberg": (
        (
            '<a name="FNanchor_{n}_{n}" id="FNanchor_{n}_{n}"></a><a href="#Footnote_{n}_{n}" '
            'class="fnanchor">[{n}]</a>'
        ),
        (
            '<div class="footnote"><p><a name="Footnote_{n}_{n}" id="Footnote_{n}_{n}"></a><a '
            'href="#FNanchor_{n}_{n}"><span class="label">[{n}]</span></a> {t}</p></div>'
        ),
        '<div class="footnotes"><h3>Dipnotlar:</h3>',
        "</div>",
    ),
    "docbook": (
        '<sup class="footnote">[<a name="id{n}" href="#ftn.id{n}" class="footnote">{n}</a>]</sup>',
        (
            '<div id="ftn.id{n}" class="footnote"><p><a href="#id{n}" class="para"><sup class="para">'
            "[{n}] </sup></a>{t}</p></div>"
        ),
        '<div class="footnotes"><br><hr>',
        "</div>",
    ),
    "asciidoctor": (
        (
            '<sup class="footnote">[<a id="_footnoteref_{n}" class="footnote" href="#_footnotedef_{n}" '
            'title="View footnote.">{n}</a>]</sup>'
        ),
        '<div class="footnote" id="_footnotedef_{n}"><a href="#_footnoteref_{n}">{n}</a>. {t}</div>',
        '<div id="footnotes"><hr>',
        "</div>",
    ),
    "sphinx": (
        (
            '<a class="footnote-reference brackets" href="#f{n}" id="r{n}" role="doc-noteref"><span '
            'class="fn-bracket">[</span>{n}<span class="fn-bracket">]</span></a>'
        ),
        (
            '<aside class="footnote brackets" id="f{n}" role="doc-footnote"><span class="label"><span '
            'class="fn-bracket">[</span><a role="doc-backlink" href="#r{n}">{n}</a><span '
            'class="fn-bracket">]</span></span><p>{t}</p></aside>'
        ),
        '<aside class="footnote-list brackets">',
        "</aside>",
    ),
    "docutils": (
        '<a class="footnote-reference" href="#f{n}" id="r{n}">[{n}]</a>',
        (
            '<table class="docutils footnote" frame="void" id="f{n}" rules="none"><colgroup><col '
            'class="label" /><col /></colgroup><tbody valign="top"><tr><td class="label"><a '
            'class="fn-backref" href="#r{n}">[{n}]</a></td><td>{t}</td></tr></tbody></table>'
        ),
        "",
        "",
    ),
    "tex4ht": (
        (
            "<span class='footnote-mark'><a href='#fn{n}x0' id='fn{n}x0-bk'><sup "
            "class='textsuperscript'>{n}</sup></a></span><a id='x1-100{n}f1'></a>"
        ),
        (
            "<p class='noindent'><span class='footnote-mark'><a href='#fn{n}x0-bk' id='fn{n}x0'><sup "
            "class='textsuperscript'>{n}</sup></a></span><span class='ecrm-0800'>{t}</span></p>"
        ),
        "<div class='footnotes'>",
        "</div>",
    ),
    "github": (
        (
            '<sup><a href="#user-content-fn-{n}" id="user-content-fnref-{n}" data-footnote-ref '
            'aria-describedby="footnote-label">{n}</a></sup>'
        ),
        (
            '<li id="user-content-fn-{n}"><p>{t} <a href="#user-content-fnref-{n}" data-footnote-'
            'backref="" aria-label="Back to reference {n}" class="data-footnote-backref">↩</a></p></li>'
        ),
        (
            '<section data-footnotes="" class="footnotes"><h2 id="footnote-label" class="sr-only">'
            "Footnotes</h2><ol>"
        ),
        "</ol></section>",
    ),
    "epub": (
        '<a epub:type="noteref" href="#n{n}">{n}</a>',
        '<aside epub:type="footnote" id="n{n}"><p>{t}</p></aside>',
        "",
        "",
    ),
    "definitions": (
        '<sup><a href="#not{n}" id="don{n}">{n}</a></sup>',
        '<dt id="not{n}"><a href="#don{n}">{n}</a></dt><dd>{t}</dd>',
        "<h2>Notlar</h2><dl>",
        "</dl>",
    ),
    "raised": ("<sup>{n}</sup>", "<p><sup>{n}</sup> {t}</p>", "<hr>", ""),
    "raised by style": (
        '<span style="vertical-align: super; font-size: 60%">{n}</span>',
        "<p>{n}. {t}</p>",
        "<h3>Dipnotlar</h3>",
        "",
    ),
    "typed": ("[{n}]", "<p>[{n}] {t}</p>", "<h2>Notlar</h2>", ""),
    "roman": (
        '<a class="noteref" href="#en{n}" id="er{n}"><sup>{r}</sup></a>',
        '<p class="endnote" id="en{n}"><a href="#er{n}">{r}</a> {t}</p>',
        '<div class="endnotes">',
        "</div>",
    ),
    "margin": (
        (
            '<label for="sn-{n}" class="margin-toggle sidenote-number"></label><input type="checkbox" '
            'id="sn-{n}" class="margin-toggle"/><span class="sidenote">{t}</span>'
        ),
        "",
        "",
        "",
    ),
    "latexml": (
        (
            '<span id="footnote{n}" class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">{n}'
            '</sup><span class="ltx_note_outer"><span class="ltx_note_content"><sup class="ltx_note_'
            'mark">{n}</sup><span class="ltx_tag ltx_tag_note">{n}</span>{t}</span></span></span>'
        ),
        "",
        "",
        "",
    ),
}
_CLOSE = ("gutenberg", "epub", "tex4ht")  # their notes may follow the paragraph at once


def write_html(parts: Sequence[Part], rng: random.Random) -> tuple[str, bytes]:
    """Write a page in the manner of a program; give the manner and the bytes."""
    manner = rng.choice(list(_HTML))
    mark, note, opens, closes = _HTML[manner]
    words = dict(_all_notes(parts))
    wrapped, emphasis, close = rng.random() < 0.5, rng.random() < 0.5, manner in _CLOSE
    close = close and rng.random() < 0.5
    block = rng.choice(("p", "p", "p", "div", 'p class="MsoNormal"', "br"))
    furniture = rng.random() < 0.4

    def escape(text: str) -> str:
        out = html.escape(text, quote=False)
        if emphasis:
            out = re.sub(r"\b(\w{7,})\b", lambda m: _dressed(m[1], rng), out, count=4)
        return out

    def filled(pattern: str, n: int) -> str:
        text = html.escape(words[n], quote=False)
        return pattern.replace("{n}", str(n)).replace("{r}", _roman(n)).replace("{t}", text)

    body: list[str] = []
    for kind, run in _runs(parts):
        if kind == "heading":
            body += [f"<h2>{escape(part.text)}</h2>" for part in run]
        elif kind == "item":
            tag = rng.choice(("ul", "ol"))
            body.append(f"<{tag}>{''.join(f'<li>{escape(p.text)}</li>' for p in run)}</{tag}>")
        elif kind == "row":
            body.append(_html_table(run, rng))
        for part in run if kind == "text" else ():
            inner = _inline(part, escape, lambda n: filled(mark, n))
            body.append(f"<{block}>{inner}</{block.split()[0]}>" if block != "br" else inner)
            body[-1] += "<br><br>" if block == "br" else ""
            if close:
                body += [filled(note, n) for n, *_ in part.notes]
    if note and words and not close:
        body.append(opens + "\n".join(filled(note, n) for n in words) + closes)
    text = "\n".join(body)
    if wrapped:
        text = "\n".join(textwrap.fill(line, 78, break_long_words=False, break_on_hyphens=False)
                         for line in text.split("\n"))  # fmt: skip
    before = '<nav><ul><li><a href="/">Ana sayfa</a></li></ul></nav>' if furniture else ""
    after = "<script>var a = 1;</script><style>p { margin: 0 }</style>" if furniture else ""
    code = rng.choice(("utf-8", "utf-8", "windows-1254"))
    page = (
        f'<!DOCTYPE html><html lang="tr"><head><meta charset="{code}"><title>Metin</title></head>'
        f"<body>{before}<h1>Metin</h1>{text}{after}</body></html>"
    )
    return f"{manner}, {block}, {code}", page.encode(code, "xmlcharrefreplace")


def _dressed(word: str, rng: random.Random) -> str:
    return rng.choice(
        ("<i>{}</i>", "<b>{}</b>", '<a href="x.html">{}</a>', '<span lang="tr">{}</span>', "{}")
    ).format(word)


def _html_table(run: Sequence[Part], rng: random.Random) -> str:
    head = rng.choice(("th", "td"))
    rows = [
        f"<tr>{''.join(f'<{t}>{html.escape(c)}</{t}>' for c in part.text.split(' | '))}</tr>"
        for part, t in zip(run, [head, *["td"] * len(run)], strict=False)
    ]
    return f'<table border="1">{"".join(rows)}</table>'


def _runs(parts: Sequence[Part]) -> list[tuple[str, list[Part]]]:
    runs: list[tuple[str, list[Part]]] = []
    for part in parts:
        if not runs or runs[-1][0] != part.kind:
            runs.append((part.kind, []))
        runs[-1][1].append(part)
    return runs


def _roman(number: int) -> str:
    out = ""
    for value, sign in ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        out += sign * (number // value)
        number %= value
    return out


# --- DOCX --------------------------------------------------------------------------------------

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_DOCX = ("footnote", "footnote", "endnote", "roman", "typed raised", "typed brackets", "stars")
_RAISED = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{}</w:t></w:r>'


def write_docx(parts: Sequence[Part], rng: random.Random) -> tuple[str, bytes]:
    """Write a file of Word's; give how it was written and the bytes."""
    manner = rng.choice(_DOCX)
    real = manner in ("footnote", "endnote", "roman")
    element = "endnote" if manner == "endnote" else "footnote"
    heading = rng.choice(("style", "outline", "bold"))
    scraps, pages = rng.random() < 0.7, rng.random() < 0.5

    def refer(n: int) -> str:
        if real:
            return (
                '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
                f'<w:{element}Reference w:id="{n}"/></w:r>'
            )
        if manner == "typed brackets":
            return f"<w:r><w:t>[{n}]</w:t></w:r>"
        return _RAISED.format("*" * n if manner == "stars" else n)

    def runs(text: str) -> str:
        return _word_runs(text, rng, scraps=scraps, pages=pages)

    body: list[str] = []
    for kind, run in _runs(parts):
        if kind == "row":
            body.append(_word_table(run, runs))
        for part in run if kind != "row" else ():
            properties = ""
            if kind == "heading" and heading == "style":
                properties = '<w:pStyle w:val="Balk1"/>'
            elif kind == "heading" and heading == "outline":
                properties = '<w:outlineLvl w:val="0"/>'
            elif kind == "item":
                properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
            inner = _inline(part, runs, refer)
            if kind == "heading" and heading == "bold":
                inner = f"<w:r><w:rPr><w:b/></w:rPr><w:t>{html.escape(part.text)}</w:t></w:r>"
            body.append(f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>")
    notes = _all_notes(parts)
    if notes and not real:
        body.append("<w:p><w:pPr/><w:r><w:rPr><w:b/></w:rPr><w:t>Notlar</w:t></w:r></w:p>")
        for n, words in notes:
            label = f"<w:r><w:t xml:space='preserve'>[{n}] </w:t></w:r>"
            label = label if manner == "typed brackets" else refer(n)
            body.append(f"<w:p><w:pPr/>{label}{runs(' ' + words)}</w:p>")
    form = '<w:footnotePr><w:numFmt w:val="lowerRoman"/></w:footnotePr>'
    section = f"<w:sectPr>{form if manner == 'roman' else ''}</w:sectPr>"
    files = {
        "word/document.xml": f"<w:document {_NAMES}><w:body>{''.join(body)}{section}</w:body>"
        "</w:document>",
        "word/styles.xml": f'<w:styles {_NAMES}><w:style w:type="paragraph" w:styleId="Balk1">'
        '<w:name w:val="heading 1"/></w:style></w:styles>',
        "word/numbering.xml": f'<w:numbering {_NAMES}><w:abstractNum w:abstractNumId="0"><w:lvl '
        'w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
    }
    if real and notes:
        inner = "".join(
            f'<w:{element} w:id="{n}"><w:p><w:pPr/><w:r><w:{element}Ref/></w:r>{runs(" " + words)}'
            f"</w:p></w:{element}>"
            for n, words in notes
        )
        files[f"word/{element}s.xml"] = (
            f'<w:{element}s {_NAMES}><w:{element} w:type="separator" w:id="-1"><w:p><w:r>'
            f"<w:separator/></w:r></w:p></w:{element}>{inner}</w:{element}s>"
        )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in files.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return f"{manner}, {heading}, scraps {scraps}, pages {pages}", data.getvalue()


def _word_runs(text: str, rng: random.Random, *, scraps: bool, pages: bool) -> str:
    """Cut a text into runs where Word does: after each time of typing, inside words too."""
    at = sorted(rng.sample(range(len(text)), min(len(text), len(text) // 40))) if scraps else []
    pieces = [text[a:b] for a, b in zip([0, *at], [*at, len(text)], strict=True)]
    out = ""
    for i, piece in enumerate(pieces):
        look = rng.choice(("", "", "<w:b/>", "<w:i/>", '<w:lang w:val="tr-TR"/>'))
        words = f'<w:t xml:space="preserve">{html.escape(piece, quote=False)}</w:t>'
        if i and pages and rng.random() < 0.02:
            words = f"<w:lastRenderedPageBreak/>{words}"
        run = f'<w:r w:rsidR="00A{i:05}"><w:rPr>{look}</w:rPr>{words}</w:r>'
        if scraps and rng.random() < 0.1:
            run = rng.choice(
                (
                    f'<w:proofErr w:type="spellStart"/>{run}<w:proofErr w:type="spellEnd"/>',
                    f'<w:ins w:id="1" w:author="A">{run}</w:ins>',
                    f'<w:hyperlink w:anchor="x">{run}</w:hyperlink>',
                    f"{run}<w:del w:id='2'><w:r><w:delText>silinmiş</w:delText></w:r></w:del>",
                    f"<w:sdt><w:sdtPr/><w:sdtContent>{run}</w:sdtContent></w:sdt>",
                    f'<w:bookmarkStart w:id="3" w:name="y"/>{run}<w:bookmarkEnd w:id="3"/>',
                    (
                        f'{run}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> XE "a" '
                        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
                    ),
                )
            )
        out += run
    return out


def _word_table(run: Sequence[Part], runs: Cut) -> str:
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc><w:p>{runs(c)}</w:p></w:tc>' for c in part.text.split(' | '))}"
        "</w:tr>"
        for part in run
    )
    return f"<w:tbl>{rows}</w:tbl>"


# --- Markdown and text -------------------------------------------------------------------------


def write_markdown(parts: Sequence[Part], rng: random.Random) -> tuple[str, bytes]:
    """Write Markdown with notes of its own or raised."""
    manner = rng.choice(("end", "close", "inline", "raised", "superscript"))
    width = rng.choice((72, 0))
    words = dict(_all_notes(parts))
    mark = {"raised": "<sup>{n}</sup>", "superscript": "^{n}^", "inline": "^[{t}]"}

    def escape(text: str) -> str:
        return re.sub(r"([\\`*_\[\]<>^~#])", r"\\\1", text)

    def refer(n: int) -> str:
        pattern = mark.get(manner, "[^{n}]")
        return pattern.replace("{n}", str(n)).replace("{t}", escape(words[n]))

    def fill(text: str, indent: str = "") -> str:
        if not width:
            return text
        return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False,
                             break_on_hyphens=False)  # fmt: skip

    blocks: list[str] = []
    for kind, run in _runs(parts):
        if kind == "item":
            blocks.append("\n".join(fill(f"- {escape(p.text)}", "  ") for p in run))
        elif kind == "row":
            first, *rest = (f"| {p.text} |" for p in run)
            blocks.append("\n".join([first, "|---" * (first.count("|") - 1) + "|", *rest]))
        for part in run if kind in ("text", "heading") else ():
            inner = _inline(part, escape, refer)
            blocks.append(f"## {inner}" if kind == "heading" else _safe(fill(_safe(inner))))
            if manner == "close":
                blocks += [fill(f"[^{n}]: {escape(t)}", "    ") for n, _, t in part.notes]
    if manner == "end":
        blocks += [fill(f"[^{n}]: {escape(t)}", "    ") for n, t in words.items()]
    elif words and manner in ("raised", "superscript"):
        blocks.append("---")
        blocks += [f"{refer(n)} {escape(t)}" for n, t in words.items()]
    return f"{manner}, width {width}", ("# Metin\n\n" + "\n\n".join(blocks) + "\n").encode()


def _safe(text: str) -> str:
    """Escape what would be an item of a list at the beginning of a line."""
    text = re.sub(r"(?m)^(\d+)([.)])(?=\s|$)", r"\1\\\2", text)
    return re.sub(r"(?m)^([-+])(?=\s)", r"\\\1", text)


def write_text(parts: Sequence[Part], rng: random.Random) -> tuple[str, bytes]:
    """Write plain text, wrapped or not, with notes in brackets."""
    manner = rng.choice(("end", "close", "gutenberg", "superscript"))
    width = rng.choice((66, 76, 0))
    indent = "   " if rng.random() < 0.2 and width else ""
    high = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

    def refer(n: int) -> str:
        return str(n).translate(high) if manner == "superscript" else f"[{n}]"

    def fill(text: str) -> str:
        wrapped = textwrap.fill(text, width or 100_000, initial_indent=indent,
                                break_long_words=False, break_on_hyphens=False)  # fmt: skip
        return wrapped if width else text

    def note(n: int, words: str) -> str:
        named = manner == "gutenberg"
        return fill(f"[Footnote {n}: {words}]" if named else f"{refer(n)} {words}")

    blocks: list[str] = []
    for part in parts:
        inner = _inline(part, lambda text: text, refer)
        blocks.append(inner.upper() if part.kind == "heading" else fill(inner))
        if manner in ("close", "gutenberg"):
            blocks += [note(n, words) for n, _, words in part.notes]
    notes = _all_notes(parts)
    if notes and manner in ("end", "superscript"):
        blocks += ["NOTLAR", *[note(n, words) for n, words in notes]]
    code = rng.choice(("utf-8", "utf-8", "cp1254"))
    text = "\n\n".join(blocks) + "\n"
    try:
        data = text.encode(code)
    except UnicodeEncodeError:
        data, code = text.encode(), "utf-8"
    return f"{manner}, width {width}, indent {len(indent)}, {code}", data


WRITERS = {
    ".html": write_html,
    ".docx": write_docx,
    ".md": write_markdown,
    ".txt": write_text,
}
