"""Whose words a sentence gives: the author's own, a source's retold, or somebody's in quotation.

Owns: telling the three apart, and the speaker's name where the sentence says it. Both go by the
grammar of Turkish and English, never by names: where that does not decide, nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from dipnot.document.references import PARTICLES
from dipnot.language.known import joined, pattern
from dipnot.language.sentences import quotations
from dipnot.types import Span, Voice

_UPPER = "A-ZÇĞİÖŞÜÂÎÛ"
_CAPITAL = rf"[{_UPPER}][\w-]{{0,60}}\.?"
_NAME = re.compile(rf"\b{_CAPITAL}(?:\s(?:{_CAPITAL}|(?:{PARTICLES})(?=\s[{_UPPER}]))){{0,7}}")
_SUFFIX = re.compile(r"['’]\w")
_GENITIVE = re.compile(r"['’](?:n?[ıiuü]n|s)\s*$")
# Turkish names of peoples stand before nouns as adjectives: `Rus halkına`, `Türk basınına`.
_PEOPLE = joined(lambda own: own.peoples)
_NO_NAME = joined(lambda own: own.no_name | frozenset(own.months))
_ADVERBIAL = re.compile(rf"(?:{pattern(lambda own: own.adverbial)})$")
_CLAUSE_END = re.compile(
    r"\b\w{1,40}[dt][ıiuü][kğ]\w{0,20}\s(?:hemen\s)?(?:sonra|için|zaman)\b"
    r"|\b\w{1,40}(?:[dt][ıiuü]ğ[ıiuü]nd[ae]|m[ae]d[ae]n önce|[ıiuü]nc[ae]|[ae]rken)\b"
    r"|\b\w{1,40}m[ae]s[ıi]nd[ae]n sonra\b"
)

# --- words of saying ---------------------------------------------------------------------------

_PAST = r"(?:[dt][ıiuü]\w{0,3}|m[ıiuü]ş\w*)"
_SAYING = (  # active stems; with -n or -l behind them they are passive and nobody speaks
    r"belirt(?!il)|vurgula(?!n)|söyle(?!n)|açıkla(?!n)|yaz(?!ıl)|bildir(?!il)|haykır(?!ıl)"
    r"|ifade e[td](?!il)|dile getir(?!il)|ilan e[td](?!il)|iddia e[td](?!il)|ileri sür(?!ül)"
    r"|kayde[td](?!il)|beyan e[td](?!il)|cevap ver(?!il)|yanıt ver(?!il)|savun(?!ul)|anlat(?!ıl)"
    r"|aktar(?!ıl)|öne sür(?!ül)|hatırlat(?!ıl)|itiraf e[td](?!il)|uyar(?!ıl)|sor(?!ul)"
)
_PASSIVE = (
    r"belirtil|vurgulan|söylen|açıklan|yazıl|bildiril|ifade edil|dile getiril|ilan edil|denil"
    r"|iddia edil|ileri sürül|kaydedil|beyan edil|yazı?l[ıi]"
)
_SAID_AFTER = re.compile(
    rf"[\s,;.…!?]*(?:(?:d[ie]yere?k|derken|diyen|diye|demekte\w*|der|d[ie]yor\w*|demesi\w*|dedi\w*"
    rf"|de{_PAST}|söz(?:ü|ler|leri)\w*|(?:şeklind|biçimind)e\w*|ifade(?:si|leri)\w*"
    rf"|cümle(?:si|leri)\w*)\b|(?:{_SAYING})\w*)",
    re.IGNORECASE,
)
_SAID_OF_NOBODY = re.compile(rf"[\s,;]*(?:{_PASSIVE})\w*", re.IGNORECASE)
_ENGLISH_SAID = (
    r"(?:said|says|wrote|writes|declared|declares|stated|states|remarked|remarks|replied|replies"
    r"|argued|argues|claimed|claims|noted|notes|added|adds|announced|asked|asks|observed|observes"
    r"|put it|puts it|warned|explained|explains|insisted|insists|told)"
)
_SAID_BEFORE = re.compile(
    rf"(?:\b{_ENGLISH_SAID}\b[^.;:“”]{{0,40}}[,:]?|:|\bsaying|\bwords)\s*$", re.IGNORECASE
)
_ENGLISH_AFTER = re.compile(
    rf"[\s,]*(?:(?P<name>{_NAME.pattern})\s{_ENGLISH_SAID}\b"
    rf"|{_ENGLISH_SAID}\s(?P<after>(?:{_NAME.pattern})))"
)
_SAYS_IN_ENGLISH = re.compile(rf"\b{_ENGLISH_SAID}\b")
_SAID_SINCE = 60  # letters between a verb of saying and what was said
_THOUGHT = r"\s(?:düşün|san[dım]|zannet|um[ud]|inan|kork|\w{1,20}[ıiuü]l(?:d|m[ıiuü]ş))"
# `— Göl kurudu, dedi Kaya.`
_INQUIT = re.compile(
    rf"[,!?…]\s(?:dedi\w{{0,4}}|diye(?!{_THOUGHT})|(?:{_SAYING}){_PAST}|(?:{_NAME.pattern}\s)?{_ENGLISH_SAID})\b"
)
_OWN = re.compile(r"\b[^\W\d_]{2,30}s[ıiuü]\b")  # `annesi`: whose, but whoever speaks
# Behind a name that is no subject: `Göl elçisi`, `Göl köylüleri`, `Anlatılana göre`; or, beside
# another name, `Göl Barışı sırasında`
_OF_ANOTHER = re.compile(r"\s(?:göre|bir|[^\W\d_]{2,30}(?:s[ıiuü]|l[ae]r[ıi]))\b")
_IN_IT = re.compile(r"(?:\s[a-zçğıöşü]{1,30}){0,2}\s[a-zçğıöşü]{1,30}[ıiuü]nd[ae]\b")
_MEANWHILE = re.compile(r"(?:\s(?:also|then|once|later|again|has|had|further|[a-z]{2,20}ly)){1,2}$")
_BESIDE = re.compile(rf"\b{_CAPITAL},?\s(?:and|or|nor)\s$")  # `Hill and Kaya said`
_AND_ANOTHER = re.compile(rf",?\s(?:and|or|nor)\s{_CAPITAL}")
_BEHIND = re.compile(r"\b(?:of|in|at|from|to|for|with|by|on|near)\s+(?:the\s+)?$")
_WORDS_OF = re.compile(rf"\b[Ii]n the words of (?P<name>{_NAME.pattern})")

_BY_TURKISH = re.compile(
    rf"(?P<name>{_NAME.pattern})['’](?:[yn]?[ea]) göre\b(?! daha (?!önce|sonra))"
)
_BY_ENGLISH = re.compile(
    rf"\b[Aa]ccording to (?:the )?(?P<name>{_NAME.pattern})"
    rf"|\b[Aa]s (?P<noted>{_NAME.pattern}) "
    r"(?:has )?(?:notes|noted|argues|argued|observes|observed|shows|shown|puts|points)\b"
    rf"|(?P<argues>{_NAME.pattern}) "
    r"(?:argues|claims|maintains|contends|asserts|suggests|notes|observes|holds|believes"
    r"|has (?:argued|claimed|suggested|shown|noted)) that\b"
)
# Who retells a scholar writes in the present; what a person of the past said stands in the past.
_RETOLD = re.compile(
    r"(?:n[ıiuü]|m[ae]n?[ıi]|ğ[ıiuü]|ki|diye) (?:de |da |ise |açıkça |haklı olarak )?"
    r"(?:iddia e(?:der|diyor|tmekte)|iddia etse|ileri sür(?:er|üyor|mekte|se)"
    r"|öne sür(?:er|üyor|mekte|se)|savun(?:ur|uyor|makta|sa)|tespit e(?:der|diyor|tmekte)"
    r"|belirt(?:ir|iyor|mekte|se)|vurgula(?:r|makta|sa)|vurguluyor|ifade e(?:der|diyor|tmekte)"
    r"|söyle(?:r|mekte|se)|söylüyor|yaz(?:ar|ıyor|makta|sa)|aktar(?:ır|ıyor|makta|sa)"
    r"|kayde(?:der|diyor|tmekte)|düşün(?:ür|üyor|mekte|se)|kabul e(?:der|diyor|tmekte))"
)

_RETELLS = re.compile(
    rf"\s*(?P<name>{_NAME.pattern})(?P<other>\s(?:ve|ile)\s{_NAME.pattern})?"
    r"(?:,|(?=\s(?!ve\b|ile\b|veya\b)))(?<!’)"
)

_BRACKETS = re.compile(r"\([^()\d]*\d[^()]*\)")
_SINGLE = re.compile(r"(?<!\S)[(\[]?['‘](?=[^\W\d_])")
_OPENERS, _CLOSERS = "“«„", "”»"
_SPOKEN_WORDS = 4
_MOSTLY = 0.5
_TITLE_SHARE = 0.7


def voice_of(sentence_text: str, has_reference: bool, is_quotation: bool) -> Voice:
    """Tell whose words a sentence, or several adjacent ones, gives.

    ``has_reference``: a source is cited in it. ``is_quotation``: its paragraph is one.
    """
    if is_quotation:
        return "quoted"
    bare = _bare(sentence_text)
    if bare.lstrip().startswith(("—", "–")) and _INQUIT.search(bare):
        return "quoted"
    spoken = [s for s in quotations_in(bare) if not _is_title(bare[s.start : s.end])]
    inside = sum(s.end - s.start for s in spoken)
    if inside > _MOSTLY * len(bare.strip()) or any(_is_said(bare, s) for s in spoken):
        return "quoted"
    return "cited" if has_reference or _reported(bare) else "author"


def speaker_of(sentence_text: str) -> str | None:
    """Name who is quoted or whose view is retold, where the sentence itself says it for sure."""
    bare = _bare(sentence_text)
    for span in quotations_in(bare):
        if _is_said(bare, span):
            return _quoted_speaker(bare, span)
    reported = _reported(bare)
    return reported or None


def quotations_in(text: str) -> tuple[Span, ...]:
    """Find what stands inside quotation marks, marks included; outer quotations only.

    A mark whose fellow stands in another sentence reaches to this one's end, or from its start.
    """
    found: list[Span] = []
    begin, depth = 0, 0
    for i, char in enumerate(text):
        closes = char in _CLOSERS or (char == '"' and depth > 0)
        if char in _OPENERS or (char == '"' and not closes):
            begin, depth = (i if depth == 0 else begin), depth + 1
        elif closes and depth:
            depth -= 1
            if depth == 0:
                found.append(Span(begin, i + 1))
        elif closes and not found and not text[max(0, i - 1) : i].isdigit():
            found.append(Span(0, i + 1))
    if depth and (text[begin] != '"' or not text[:begin].strip()):
        found.append(Span(begin, len(text)))
    if not found and _SINGLE.search(text):  # a word between single marks is no speech
        found = [Span(b, e) for b, e in quotations(text) if len(text[b:e].split()) >= _SPOKEN_WORDS]
    return tuple(found)


def _bare(sentence: str) -> str:
    """Blank out what stands in parentheses with figures, so that offsets stay."""
    blanked = _BRACKETS.sub(lambda m: " " * len(m.group()), sentence)
    return blanked.rstrip(" .") if blanked != sentence else sentence


def _is_title(quotation: str) -> bool:
    """Tell whether nearly every longer word is capitalised, as in the title of a work."""
    words = [w for w in re.findall(r"[^\W\d_][\w'’-]*", quotation) if len(w) > 3]
    capital = sum(w[0].isupper() for w in words)
    return bool(words) and capital >= _TITLE_SHARE * len(words) and quotation[-2:-1] not in ".!?…"


def _is_said(text: str, span: Span) -> bool:
    """Tell whether a quotation is what somebody said, not a word held at a distance."""
    if len(text[span.start : span.end].split()) < _SPOKEN_WORDS:
        return False
    after, before = text[span.end :], text[: span.start]
    return bool(
        _SAID_AFTER.match(after)
        or _SAID_OF_NOBODY.match(after)
        or _ENGLISH_AFTER.match(after)
        or _SAID_BEFORE.search(before)
        or _WORDS_OF.search(before)
    )


# --- speakers ----------------------------------------------------------------------------------


def _quoted_speaker(text: str, span: Span) -> str | None:
    after, before = text[span.end :], text[: span.start]
    words_of = _WORDS_OF.search(before)
    if words_of:
        return _as_name(words_of["name"], first=False)
    said = _ENGLISH_AFTER.match(after)
    if said and _AND_ANOTHER.match(after, said.end()):
        return None
    if said:
        return _as_name(said["name"] or said["after"], first=False)
    if _SAID_OF_NOBODY.match(after):
        return None
    owner = _GENITIVE.search(before)
    if owner:  # `Molotov’un “…” sözleri`
        *_, last = [None, *_NAME.finditer(before, 0, owner.start())]
        if last is not None and last.end() == owner.start():
            return _as_name(last.group(), first=last.start() == 0, sure=True)
    *_, says = [None, *_SAYS_IN_ENGLISH.finditer(before, max(0, len(before) - _SAID_SINCE))]
    return _speaker_at(before, says) if says is not None else _speaker_before(before)


def _speaker_at(text: str, says: re.Match[str]) -> str | None:
    """Give the name beside a verb of English; in `the mayor of Bath said` it is not who speaks."""
    before = _MEANWHILE.sub("", text[: says.start()].rstrip())
    if before.endswith(tuple(f"{_CLOSERS}’'")):
        after = _NAME.match(text, says.end() + 1)
        return _as_name(after.group(), first=False) if after else None
    if before.endswith(" and"):  # `Hill came and said`
        names = [name for name, _ in _subjects(text, 0, len(before))]
        return names[0] if len(names) == 1 and before.startswith(names[0]) else None
    *_, last = [None, *_NAME.finditer(before)]
    if last is None or last.end() < len(before):
        return None
    if _BEHIND.search(before[: last.start()]) or _BESIDE.search(before[: last.start()]):
        return None
    return _as_name(last.group(), first=not before[: last.start()].strip())


def _speaker_before(text: str) -> str | None:
    """Name the subject of the clause that stands nearest to a quotation behind the text."""
    clauses = [0, *(m.end() for m in _CLAUSE_END.finditer(text)), len(text)]
    for begin, end in reversed(list(pairwise(clauses))):
        subjects = list(_subjects(text, begin, end))
        if subjects and subjects[0][1].startswith(","):
            return subjects[0][0]
        names = {name for name, _ in subjects}
        if len(names) > 1:
            names = {name for name, rest in subjects if not _IN_IT.match(rest)}
        if subjects:
            return names.pop() if len(names) == 1 else None
        if _OWN.search(text, begin, end):
            return None
    return None


def _subjects(text: str, begin: int, end: int) -> Iterator[tuple[str, str]]:
    """Names in a range that carry no case, with what follows each.

    In Turkish these may be the subject.
    """
    quoted = quotations_in(text)
    for match in _NAME.finditer(text, begin, end):
        rest = text[match.end() :]
        if _SUFFIX.match(rest) or _OF_ANOTHER.match(rest):
            continue
        if any(q.start <= match.start() < q.end for q in quoted):
            continue
        first = not text[: match.start()].strip()
        name = _as_name(match.group(), first=first, sure=rest.startswith(","))
        if name is not None:
            yield name, rest


def _as_name(found: str, *, first: bool, sure: bool = False) -> str | None:
    """Cut a run of capitalised words to a name; None where it is none.

    The ``first`` word of a sentence is capitalised anyway, so there a word by itself must not
    look like an adverb, unless something else makes it ``sure``.
    """
    words = found.split()
    placed = words[0] in ("In", "At")
    while words and _names_nobody(words[0]):
        words, first = words[1:], False
    if placed and len(words) > 1:  # `In London Hill said`
        words = words[1:] if len(words) == 2 else []
    for i, word in enumerate(words):
        if i and (word in _PEOPLE or _names_nobody(word)):
            words = words[:i]
            break
    if not words or (len(words) == 1 and (words[0] in _PEOPLE or words[0].endswith("."))):
        return None
    doubtful = first and len(words) == 1 and not sure
    if doubtful and _ADVERBIAL.search(words[0]):
        return None
    name = " ".join(words)
    return name.removesuffix(".") if len(words[-1]) > 3 else name


def _reported(text: str) -> str:
    """Give whose view a sentence retells; empty where it retells none."""
    text = " ".join(text.split())
    by = _BY_TURKISH.search(text) or _BY_ENGLISH.search(text)
    if by:
        found = next(name for name in by.groups() if name)
        return _as_name(found, first=by.start() == 0, sure=True) or ""
    retold = _RETOLD.search(text)
    subject = _RETELLS.match(text, 0, retold.start()) if retold else None
    if subject is None:
        return ""
    if subject["other"]:  # `Ada ve Ak, …`
        return subject.group().strip(", ") if subject.group().endswith(",") else ""
    return _as_name(subject["name"], first=True, sure=subject.group().endswith(",")) or ""


def _names_nobody(word: str) -> bool:
    """Tell for a capitalised word of either language: `Işık` and `It` lower their I apart."""
    plain = word.rstrip(".").replace("İ", "i")
    return plain.lower() in _NO_NAME or plain.replace("I", "ı").lower() in _NO_NAME
