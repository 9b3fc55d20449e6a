"""What an HTML element is, by its name, class and style: unseen, bold, a page number.

Owns: those judgements. Knows nothing of where in a page an element stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from lxml import etree

from dipnot.formats.webfurniture import stands_around

Node = Any  # lxml names no public type for an element

_SKIPPED = frozenset(
    """script style noscript template nav head select textarea svg iframe object
    audio video canvas del dialog datalist map frameset noframes""".split()
)
BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dir div dl dt fieldset
    figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu ol p pre section
    summary table tbody tfoot thead tr ul html""".split()
)
_AROUND = frozenset("navigation search dialog alertdialog".split())
_CONTROLS = frozenset("input select textarea".split())
_TITLED = frozenset("h1 h2 h3 h4 h5 h6 summary dt".split())
_UNTOLD = _SKIPPED | {"button", "option"}
_WORDS_A_CONTROL = 20  # a form with fewer only asks
_NOTICE = 60  # words of prose in a form; it is read
_MOST_FORMS = 40  # words of one that asks for a name and a password
_ANSWER = 3  # words of the least answer below its question
_LONG_PAGE = 5_000  # pieces of text; a form beside more is never most of the page
_BESIDE = 200  # pieces of text; a heading has fewer
_ACCORDION = re.compile(r"accordion|\bfaq|\bsss\b", re.IGNORECASE)
_ANCHOR = re.compile(r"(?:^|\s)(?:headerlink|header-anchor|permalink)(?:$|\s)")
_INLINE = frozenset("a b em i label small span strong time".split())
_APART = frozenset("a label small span time".split())
_PAGE_CLASS = re.compile(  # `pb-4` is a distance
    r"(?:^|[\s_-])(?:(?:page-?(?:num(?:ber)?|no|break)|pgnum|sayfa-?no)s?(?:$|[\s_-])|pb(?:$|\s))",
    re.IGNORECASE,
)
_PAGE_NAME = re.compile(r"(?:page|pg|sayfa)[-_]?(\d{1,4}|[ivxlc]{1,7})", re.IGNORECASE)
_PAGE_SHOWN = re.compile(
    r"[\W_]*(?:(?:page|pg|p|s|sayfa)\b\W*)?(?:[a-z]?\d{1,4}[a-z]?|[ivxlc]{1,8})[\W_]*",
    re.IGNORECASE,
)
_PRINTED = re.compile(r"(?:^|[^a-z\d])(\d{1,4}|[ivxlc]{1,8})(?:$|[^a-z\d])", re.IGNORECASE)
_LONGEST_NUMBER = 16
_LOWERED = 8  # more letters are text


def is_initial(element: Node) -> bool:
    """Tell whether a picture is the first letter of the text: Project Gutenberg's drop caps."""
    return element.tag == "img" and bool(re.fullmatch(r"\s*[^\W\d_]\s*", element.get("alt", "")))


def names_columns(row: Node) -> bool:
    """Tell whether a row holds the names of columns and nothing else."""
    cells = [cell.tag for cell in row if cell.tag in ("th", "td")]
    parent = row.getparent()
    return bool(cells) and ("td" not in cells or (parent is not None and parent.tag == "thead"))


def is_page_number(element: Node) -> bool:
    """Tell whether an element says that a printed page begins here."""
    if element.get("role") == "doc-pagebreak" or element.get("epub:type") == "pagebreak":
        return True
    shown = _shown(element)
    if element.tag in BLOCKS - {"div", "p"} or len(shown) > _LONGEST_NUMBER:
        return False
    classed = element.get("class", "")
    if _PAGE_CLASS.search(classed) or (classed == "page" and shown):
        return not any(map(str.isalnum, shown)) or bool(_PAGE_SHOWN.fullmatch(shown))
    named = element.get("id") or element.get("name") or ""
    return element.tag in ("a", "span") and not shown and bool(_PAGE_NAME.fullmatch(named))


def page_label(element: Node) -> str:
    """Give what is printed on the page, as far as it is a number."""
    inside = [e.get("id") or e.get("name") or "" for e in element.iter()]
    shown = "".join(element.itertext())
    for said in (element.get("aria-label"), element.get("title"), shown, *inside):
        words = (said or "").strip()
        printed = _PAGE_NAME.fullmatch(words) or _PRINTED.search(words)
        if printed:
            return printed.group(1)
    return (element.get("aria-label") or element.get("title") or shown).strip()[:20]


def is_unseen(element: Node) -> bool:
    """Tell whether a reader of the page does not see it, or it is no part of its text."""
    return (
        not isinstance(element.tag, str)
        or element.tag in _SKIPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") in _AROUND
        or stands_around(element)
        or (
            _ANCHOR.search(element.get("class", "")) is not None
            and not _is_all(element, element.getparent())
        )
        or (element.tag == "form" and _only_asks(element))
        or (element.tag == "button" and not _is_title(element))
        or "visibility:hidden" in style(element)
        or ("display:none" in style(element) and "mwe-math" not in element.get("class", ""))
    )


def _only_asks(form: Node) -> bool:
    """Tell a form from a page that stands in one: it has hardly more words than fields."""
    controls = [e for e in form.iter(*_CONTROLS) if e.get("type") != "hidden"]
    fields = {e.get("name") if e.get("type") == "radio" else e for e in controls}
    told = sum(len(words.split()) for _, words in _told(form))
    return (
        told < _WORDS_A_CONTROL * len(fields)
        and next(form.iter("main", "article", "h1"), None) is None
        and _prose(form, controls) < _NOTICE
        and not (told >= _MOST_FORMS and _is_most(form, told))
    )


def _told(
    root: Node, *, beside: Node = None, untold: frozenset[str] = _UNTOLD
) -> Iterator[tuple[Node, str]]:
    """Give the words below an element, with the element they are in; not those of ``beside``."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element is not root:
                yield element.getparent(), element.tail or ""
        elif element is beside or element.tag in untold:
            walk.skip_subtree()
        else:
            yield element, element.text or ""


def _prose(form: Node, controls: Sequence[Node]) -> int:
    """Count the words of a form in blocks that say something and hold no control."""
    asking = {_block_of(control) for control in controls}
    blocks: dict[Node, list[str]] = {}
    for element, words in _told(form):
        blocks.setdefault(_block_of(element), []).extend(words.split())
    return sum(
        len(words)
        for block, words in blocks.items()
        if block not in asking and words and words[-1].endswith((".", "!", "?"))
    )


def _block_of(element: Node) -> Node:
    while element.tag not in BLOCKS and element.getparent() is not None:
        element = element.getparent()
    return element


def _is_most(form: Node, told: int) -> bool:
    """Tell whether a form says more than the page beside it."""
    body = next(form.iterancestors("body"), None)
    beside = 0
    for number, (_, words) in enumerate(_told(body, beside=form) if body is not None else ()):
        beside += len(words.split())
        if beside >= told or number > _LONG_PAGE:
            return False
    return body is not None


def _is_title(button: Node) -> bool:
    """Tell whether a button is what a heading says: the question of an answer that it opens."""
    heading = next((e for e in button.iterancestors() if e.tag in _TITLED), None)
    return _is_all(button, heading) if heading is not None else heads_what_follows(button)


def heads_what_follows(element: Node) -> bool:
    """Tell a button that heads the block behind it: it asks, or opens a part of an accordion."""
    if element.tag != "button" or any(e.tag in _TITLED for e in element.iterancestors()):
        return False
    shown = _shown(element)
    asks = shown.endswith("?") or _ACCORDION.search(element.get("class", "")) is not None
    if not asks or len(shown.split()) <= 1:
        return False
    parent = element.getparent()
    alone = parent is not None and parent.tag in BLOCKS and _is_all(element, parent)
    whole = parent if alone else element
    behind = whole.getnext()
    return (
        behind is not None
        and not (whole.tail or "").strip()
        and behind.tag in BLOCKS
        and not is_unseen(behind)
        and len(_shown(behind).split()) >= _ANSWER
    )


def _is_all(part: Node, whole: Node) -> bool:
    """Tell whether an element says nothing but what a part of it says."""
    if not any(map(str.isalnum, _shown(part))):
        return False
    beside = islice(_told(whole, beside=part, untold=frozenset()), _BESIDE)
    return not any(any(map(str.isalpha, words)) for _, words in beside)


def _shown(element: Node) -> str:
    return "".join(element.itertext()).strip()


def is_block(element: Node) -> bool:
    """Tell what its style makes a block."""
    return element.tag in _INLINE and "display:block" in style(element)


def stand_apart(element: Node) -> bool:
    """Tell whether a style alone keeps the words of an element from the next: `2020` and `Ali`."""
    following = element.getnext()
    if element.tail or following is None or not {element.tag, following.tag} <= _APART:
        return False
    before, behind = "".join(element.itertext()), "".join(following.itertext())
    ends = len(before) > 1 and (before[-1].islower() or before[-1].isdigit() or before[-1] == ":")
    return ends and behind[:1].isupper() and behind[1:2].islower()


def is_lowered(element: Node) -> bool:
    """Tell a subscript of a few letters."""
    return element.tag == "sub" and len("".join(element.itertext()).strip()) <= _LOWERED


def is_bold(element: Node) -> bool:
    """Tell whether it sets its text in bold."""
    weight = style(element).partition("font-weight:")[2]
    return element.tag in ("b", "strong") or weight.startswith(("bold", "6", "7", "8", "9"))


def is_centred(element: Node) -> bool:
    """Tell whether it sets its text in the middle."""
    return (
        element.tag == "center"
        or element.get("align", "").lower() == "center"
        or "text-align:center" in style(element)
    )


def style(element: Node) -> str:
    """Give its style, without white space, in lower case."""
    return "".join(str(element.get("style", "")).split()).lower()
