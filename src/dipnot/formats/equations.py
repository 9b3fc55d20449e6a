"""Equations on one line: Word's (OMML), MathML, and those that a page holds as TeX.

Owns: which elements are equations, and how what stands above, below and under a root is written
beside each other. The text of an equation is kept so that no sentence loses its object; it is not
typeset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from dipnot.formats.raised import raised_text

Node = Any  # lxml names no public type for an element

_OF_TEX = re.compile(r"(?:^|[\s-])(?:tex|latex|math|equation)(?:$|[\s-])", re.IGNORECASE)
_DISPLAYED = re.compile(r"\{\\(?:display|text)style (.*)\}", re.DOTALL)
_SPANS = re.compile(
    r"(?<![\\$])\$\$(.{1,500}?)\$\$"
    r"|(?<![\\$\w])\$([^\s$](?:[^$\n]{0,500}[^\s$\\])?)\$(?![\d$])"
    r"|(?<!\\)\\\((.{1,500}?)\\\)"
    r"|(?<!\\)\\\[(.{1,500}?)\\\]",
    re.DOTALL,
)
_SIGNS = re.compile(r"\\[a-zA-Z]|[\^_=<>+≤≥]")
_SAID = re.compile(r"\\(?:text|mathrm|operatorname|mbox)\w*\s*\{[^{}]*\}|\\[a-zA-Z]+")
_WORD = re.compile(r"[^\W\d_]{4}")
_LOW = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
_TOKENS = frozenset("t mi mn mo mtext ms".split())
_SKIPPED = frozenset(
    """annotation annotation-xml rPr ctrlPr fPr sSupPr sSubPr sSubSupPr radPr naryPr dPr funcPr mPr
    barPr accPr eqArrPr limLowPr limUppPr boxPr phantPr mphantom oMathParaPr argPr""".split()
)


def equation_of(element: Node) -> str | None:
    """Give the equation that an element of a page is; None where it is none.

    A picture of one counts where nothing beside it says the same.
    """
    if element.tag == "math":
        return equation_text(element)
    if element.tag == "script" and element.get("type", "").startswith("math/tex"):
        return " ".join((element.text or "").split())
    words = element.get("alt", "").strip() if element.tag == "img" else ""
    if not words or not _OF_TEX.search(element.get("class", "")):
        return None
    beside = element.getparent()
    if beside is not None and beside.tag == "span" and beside.find(".//math") is not None:
        return None
    displayed = _DISPLAYED.fullmatch(words)
    return " ".join((displayed.group(1) if displayed else words).split())


def equations_in(text: str) -> Iterator[tuple[int, str]]:
    r"""Give the equations that a text holds as TeX, `$a^2$`, `\(a^2\)`, and where each begins.

    Brackets and signs of money stand for themselves where what they hold is no formula.
    """
    for match in _SPANS.finditer(text):
        words = _tex_in(match)
        if words:
            yield match.start(), words


def equation_at(text: str, at: int) -> tuple[int, str] | None:
    """Give the end and the words of the equation that begins here."""
    match = _SPANS.match(text, at)
    words = _tex_in(match) if match else ""
    return (match.end(), words) if match and words else None


def _tex_in(match: re.Match[str]) -> str:
    words = " ".join("".join(filter(None, match.groups())).split())
    letter = len(words) == 1 and words.isalpha() and not match[4]
    plain = _WORD.search(_SAID.sub("", words))
    return words if letter or (_SIGNS.search(words) and not plain) else ""


def equation_text(element: Node) -> str:
    """Write an equation on one line; one nested absurdly is written as it stands."""
    try:
        words = _text(element)
    except RecursionError:
        words = "".join(element.itertext())
    return " ".join(words.split())


def grouped(words: str) -> str:
    """Write what stands above or below a bar, in brackets if it has several parts."""
    words = words.strip()
    return words if len(words) == 1 or words.isalnum() else f"({words})"


def high(words: str) -> str:
    """Write what is raised."""
    words = words.replace(" ", "")
    bracketed = words[:1] == "(" and words.find(")") == len(words) - 1
    return raised_text(words) or (f"^{words}" if bracketed else f"^({words})")


def low(words: str) -> str:
    """Write what is lowered."""
    words = words.replace(" ", "")
    lowered = words.translate(_LOW)
    same = not words or any(a == b for a, b in zip(words, lowered, strict=True))
    return f"_{words}" if same else lowered


def _text(element: Node) -> str:
    if not isinstance(element.tag, str):
        return ""
    name = _name(element)
    if name in _TOKENS:
        return _token(name, element)
    parts = [child for child in element if _name(child) not in _SKIPPED]
    write = _WRITERS.get(name)
    return write(element, parts) if write else "".join(_text(part) for part in parts)


def _fraction(_: Node, parts: list[Node]) -> str:
    return "/".join(_grouped(part) for part in parts)


def _raised(_: Node, parts: list[Node]) -> str:
    return "".join([*map(_text, parts[:1]), *map(_high, parts[1:])])


def _lowered(_: Node, parts: list[Node]) -> str:
    return "".join([*map(_text, parts[:1]), *map(_low, parts[1:])])


def _both(_: Node, parts: list[Node]) -> str:
    return "".join([*map(_text, parts[:1]), *map(_low, parts[1:2]), *map(_high, parts[2:])])


def _row(_: Node, parts: list[Node]) -> str:
    return "; ".join(_text(part) for part in parts)


def _name(element: Node) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _token(name: str, element: Node) -> str:
    words = element.text or "" if name == "t" else "".join(element.itertext()).strip()
    return f" {words} " if name == "mo" and words in ("=", "+", "−", "<", ">", "≤", "≥") else words


def _grouped(element: Node) -> str:
    return grouped(_text(element))


def _high(element: Node) -> str:
    return high(_text(element))


def _low(element: Node) -> str:
    return low(_text(element))


def _root(element: Node, parts: list[Node]) -> str:
    degree, name = "", _name(element)
    if name == "rad" and len(parts) == 2:
        degree, parts = _text(parts[0]).strip(), parts[1:]
    elif name == "mroot" and len(parts) == 2:
        degree, parts = _text(parts[1]).strip(), parts[:1]
    return f"{raised_text(degree)}√({''.join(_text(part) for part in parts).strip()})"


def _sum(element: Node, parts: list[Node]) -> str:
    sign = _said(element, "chr") or "∫"
    written = {_name(part): part for part in parts}
    below = _low(written["sub"]) if "sub" in written and len(written["sub"]) else ""
    above = _high(written["sup"]) if "sup" in written and len(written["sup"]) else ""
    return sign + below + above + (_text(written["e"]) if "e" in written else "")


def _fenced(element: Node, parts: list[Node]) -> str:
    begin = element.get("open") or _said(element, "begChr") or "("
    end = element.get("close") or _said(element, "endChr") or ")"
    return begin + ", ".join(_text(part).strip() for part in parts) + end


def _said(element: Node, what: str) -> str:
    """Give a property of Word's: `m:naryPr/m:chr`."""
    for child in element:
        if _name(child).endswith("Pr"):
            for said in child:
                if _name(said) == what:
                    return next((v for k, v in said.attrib.items() if k.endswith("val")), "")
    return ""


_WRITERS: dict[str, Callable[[Node, list[Node]], str]] = {
    "f": _fraction, "mfrac": _fraction,
    "sSup": _raised, "msup": _raised,
    "sSub": _lowered, "msub": _lowered, "limLow": _lowered, "munder": _lowered,
    "sSubSup": _both, "msubsup": _both, "munderover": _both,
    "rad": _root, "msqrt": _root, "mroot": _root,
    "nary": _sum,
    "d": _fenced, "mfenced": _fenced,
    "mr": _row, "mtr": _row, "eqArr": _row,
}  # fmt: skip
