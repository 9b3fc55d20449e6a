"""What stands around the text of a web page: menus, banners, lists of links, lists of contents.

Owns: telling them by the names that pages give them and by how much of them is links.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from dipnot.language.folding import letters

Node = Any  # lxml names no public type for an element

_ASIDE = re.compile(  # for programs that read aloud, of an encyclopedia, of the site
    r"""(?:^|[\s_-])(?:(?<!not-)sr-only|visually-?hidden|screen-reader-(?:text|only)|skip-(?:link|to-content)
    |mw-editsection|mw-jump-link|noprint|catlinks|printfooter|navbox|ambox|hatnote
    |bread-?crumbs?
    |(?:cookie|gdpr|kvkk)s?[_-]?(?:banner|bar|notice|consent|popup|modal|overlay|message|warning))
    (?:$|\s|[_-])""",
    re.IGNORECASE | re.VERBOSE,
)
_LINKING = re.compile(
    r"""(?:^|[\s_-])(?:nav|navbar|navigation|menu|share|sharing|social|related|recommended|tags
    |pagination|pager|toc|sidebar|footer)(?:$|[\s_-])""",
    re.IGNORECASE | re.VERBOSE,
)
_LISTS = ("ul", "ol", "dl", "table")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MAIN = ("main", "article", "h1")
_MOST = 0.6  # of the letters are links
_NEARLY = 0.8  # of the links say what headings say
_LARGE = 2_000  # elements; a menu has fewer, and each that holds another is looked at again
_COPYRIGHT = 60  # words; a longer foot of a page says more
_FEW = 4  # words that head a list of contents
_COUNTED = re.compile(r"^[\W\d]+")


def stands_around(element: Node) -> bool:
    """Tell what a page calls no part of its text, and what is little but links to elsewhere."""
    named = f"{element.get('class', '')} {element.get('id', '')}"
    foot = element.tag == "footer" and not any(
        e.tag in ("article", "blockquote", "section", "figure") for e in element.iterancestors()
    )
    if len(named) > 1 and element.tag not in ("body", "html") and _ASIDE.search(named):
        return next(element.iter(*_MAIN), None) is None
    if foot or (element.tag in ("div", "ul", "aside", "section") and _LINKING.search(named)):
        return next(element.iter(*_MAIN), None) is None and (
            _links(element) or (foot and _says_whose(element))
        )
    return False


def _links(element: Node) -> bool:
    """Tell whether most of what an element says is links, and there are several."""
    if next(islice(element.iter(), _LARGE, None), None) is not None:
        return False
    links = [len(letters_of(link)) for link in element.iter("a") if link.get("href")]
    return len(links) > 1 and sum(links) >= _MOST * len(letters_of(element))


def _says_whose(foot: Node) -> bool:
    words = "".join(foot.itertext())
    return "©" in words and len(words.split()) <= _COPYRIGHT


def contents_of(root: Node) -> set[Node]:
    """Find the lists whose links say again what the headings of the page say."""
    heads = {_plain(heading) for heading in root.iter(*_HEADINGS)}
    found: set[Node] = set()
    if len(heads) < 2:
        return found
    for element in root.iter(*_LISTS):
        if any(e in found for e in element.iterancestors()):
            continue
        links = [a for a in element.iter("a") if a.get("href", "").startswith("#")]
        again = sum(_plain(link) in heads for link in links)
        if len(links) > 1 and again >= _NEARLY * len(links) and _says_only(element, links):
            found |= _with_its_head(element)
    return found


def _says_only(element: Node, links: list[Node]) -> bool:
    """Tell whether a list says nothing beside its links but numbers."""
    told = sum(char.isalpha() for char in "".join(element.itertext()))
    return told == sum(char.isalpha() for link in links for char in "".join(link.itertext()))


def _with_its_head(element: Node) -> set[Node]:
    """Take the box of a list of contents with it, or the few words that head it."""
    whole = element
    parent = whole.getparent()
    while parent is not None and parent.tag in ("div", "section", "aside", "details"):
        told = len("".join(parent.itertext()).split()) - len("".join(whole.itertext()).split())
        if told > _FEW or next(parent.iter("main", "article", "h1"), None) is not None:
            break
        whole, parent = parent, parent.getparent()
    before = whole.getprevious()
    heads = before is not None and before.tag in _HEADINGS and before.tag != "h1"
    behind = whole.getnext()
    alone = (behind is None or behind.tag in _HEADINGS) and not (whole.tail or "").strip()
    if whole is element and heads and alone and not (before.tail or "").strip():
        return {whole, before}
    return {whole}


def _plain(element: Node) -> str:
    """Give the letters of a heading or of a link to it, without the number before them."""
    return letters(_COUNTED.sub("", "".join(element.itertext())))


def letters_of(element: Node) -> str:
    """Give the letters and figures that an element says, folded."""
    return letters("".join(element.itertext()))
