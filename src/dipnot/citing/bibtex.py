"""References as BibTeX.

Owns: its entries and what must be escaped in them. Turkish letters stay as they are, in UTF-8, as
biber and today's LaTeX read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from dipnot.citing.items import Item
from dipnot.citing.names import Name

_TYPES = {"article-journal": "article", "book": "book"}
_LANGUAGES = {"tr-TR": "turkish", "en-US": "english"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_FIELDS = {
    "container-title": "journal",
    "volume": "volume",
    "issue": "number",
    "page": "pages",
    "publisher": "publisher",
    "publisher-place": "address",
    "DOI": "doi",
    "URL": "url",
}
_VERBATIM = ("doi", "url")
_SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}",
    "{": r"\textbraceleft{}", "}": r"\textbraceright{}",  # BibTeX counts those behind a backslash
    "^": r"\textasciicircum{}", **{c: f"\\{c}" for c in "&%$#_"},
}  # fmt: skip


def as_bibtex(items: Iterable[Item], quotes: Mapping[str, Sequence[str]]) -> str:
    """Write an entry a reference; ``quotes``: what was quoted, by id, kept as its annotation."""
    return "\n".join(_entry(item, quotes.get(item["id"], ())) for item in items)


def _entry(item: Item, quotes: Sequence[str]) -> str:
    fields = {"author": " and ".join(map(_author, item.get("author", ())))}
    fields["title"] = f"{{{escaped(item['title'])}}}"  # its capitals stay
    date = item.get("issued", {})
    parts = date.get("date-parts", [[]])[0]
    fields["year"] = str(parts[0]) if parts else escaped(date.get("literal", ""))
    for key, name in _FIELDS.items():
        fields[name] = _value(name, item.get(key, ""))
    fields["langid"] = _LANGUAGES.get(item["language"], "")
    fields["annote"] = escaped(" ¶ ".join(quotes))
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if len(parts) > 1:
        lines.append(f"  month = {_MONTHS[parts[1] - 1]}")
    body = ",\n".join(lines)
    return f"@{_TYPES.get(item['type'], 'misc')}{{{item['id']},\n{body}\n}}\n"


def _value(name: str, value: str) -> str:
    if name in _VERBATIM:  # a backslash would become part of the address
        return re.sub(r"[{}\\\s]", lambda m: f"%{ord(m.group()):02X}", value)
    if name == "pages":
        return escaped(re.sub(r"(?:(?<!\s)\s+)?[-–]\s*", "--", value))
    return escaped(value)


def _author(name: Name) -> str:
    if "literal" in name:
        return f"{{{escaped(name['literal'])}}}"
    return f"{_part(name['family'])}, {_part(name['given'])}"


def _part(text: str) -> str:
    """Part of a name; braces hold together what would be read as two names."""
    safe = escaped(text)
    return f"{{{safe}}}" if "," in text or re.search(r"(?i)\band\b", text) else safe


def escaped(text: str) -> str:
    """Write text so that LaTeX sets it as it is, on one line and with its braces balanced."""
    return "".join(_SPECIAL.get(c, c) for c in " ".join(text.split()))
