"""Questions that nothing answers, made by rule from those that something does.

Owns: the exchanges (a name, year or number for another of the same text, an antonym, a negation,
another relation of the same thing) and which of them are dropped because a sentence may answer all
the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from dipnot.language.folding import fold

_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"\b1[0-9]\d\d\b|\b20[0-3]\d\b")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?![\w,]|\.\d)")
_CAPITAL = r"[A-ZÇĞİÖŞÜÂ]\w{2,}"
_NAME = re.compile(rf"(?<=[\w,;] ){_CAPITAL}(?: {_CAPITAL})*")
_STEM = 5
_NEAR = 0.5  # of the question's other words in one sentence

Made = tuple[str, str]  # the question, and how it was made

_PAIRS = {
    "en": """first last, before after, largest smallest, oldest youngest, highest lowest,
    best worst, earliest latest, longest shortest, more less, most least, increase decrease,
    increased decreased, rose fell, win lose, won lost, start end, started ended, began ended,
    open close, opened closed, accepted rejected, accept reject, agreed refused, allowed forbidden,
    allow forbid, buy sell, bought sold, arrive leave, arrived left, love hate, happy sad,
    rich poor, old young, strong weak, north south, northern southern, east west, eastern western,
    above below, inside outside, success failure, succeed fail, advantages disadvantages,
    benefit harm, minimum maximum, born died, remember forget, gave took, give take, early late,
    morning evening, day night, summer winter, public private, always never, with without,
    push pull, raise lower, join leave, joined left, hot cold, wet dry, clean dirty, safe dangerous,
    cheap expensive, light heavy, supported opposed, friend enemy""",
    "tr": """ilk son, önce sonra, büyük küçük, yaşlı genç, yüksek alçak, uzun kısa, fazla az,
    çok az, arttı azaldı, artan azalan, artış azalış, kazandı kaybetti, kazanan kaybeden,
    başladı bitti, başlangıcı sonu, açıldı kapandı, açılan kapanan, kabul ret, sattı aldı,
    geldi gitti, gelen giden, sevdi nefret, mutlu üzgün, zengin fakir, güçlü zayıf, kuzey güney,
    kuzeyinde güneyinde, doğu batı, doğusunda batısında, üstünde altında, içinde dışında,
    başarı başarısızlık, yarar zarar, en az en çok, doğdu öldü, hatırladı unuttu, verdi aldı,
    erken geç, sabah akşam, gündüz gece, yaz kış, zorunlu isteğe bağlı, serbest yasak,
    destekledi karşı çıktı, dost düşman, sıcak soğuk, ıslak kuru, temiz kirli, güvenli tehlikeli,
    ucuz pahalı, hafif ağır, evli bekâr, eski yeni, kolay zor, sağ sol""",
}


def _antonyms(pairs: str) -> dict[str, str]:
    two = [pair.split() for pair in pairs.replace("\n", " ").split(",")]
    single = [(p[0], p[1]) for p in two if len(p) == 2]
    return dict(single) | {b: a for a, b in reversed(single)}


_ANTONYMS = {lang: _antonyms(pairs) for lang, pairs in _PAIRS.items()}
_AUXILIARY = re.compile(
    r"\b(did|does|do|was|were|is|are|could|would|should|must|has|had|have)\b(?! not|n't)"
)
_PAST = re.compile(r"(?P<stem>\w*[aeıioöuü]\w*?)(?P<end>[dt][ıiuü](?P<many>l[ae]r)?)$")
_NO_VERBS = frozenset("şimdi kendi adı altı yedi kimdi neydi nasıldı idi hangisiydi vardı".split())
_COPULA = re.compile(r"(?:y[dt][ıiuü]|[mşr][ıiuü]?ş?t[ıiuü])$")  # `kimdi`, `olmuştu`
_BACK = "aıou"
_NEGATIONS = 0.35  # of the questions where one can be made; the other rules tempt more


def exchanged(
    question: str, lang: str, evidence: Sequence[str], text: Sequence[str], rng: random.Random
) -> Made | None:
    """Change a question so that no sentence of its text answers it; None where no rule applies.

    ``evidence``: the sentences that answer it as it stands; ``text``: all sentences of its text.
    """
    rules = [_other_year, _other_number, _other_name, _antonym, _negation, _relation]
    weights = [3, 3, 3, 2, 1, 6]
    for rule in sorted(rules, key=lambda r: rng.random() ** (1 / weights[rules.index(r)]))[::-1]:
        found = rule(question, lang, text, rng)
        if found is None:
            continue
        old, new, changed = found
        if changed != question and not _answered(question, old, new, evidence, text):
            return changed, rule.__name__.removeprefix("_").removeprefix("other_")
    return None


def _answered(
    question: str, old: str, new: str, evidence: Sequence[str], text: Sequence[str]
) -> bool:
    """Whether a sentence may answer: the new word stands in it beside the question's others."""
    if not new:
        return False
    stem = fold(new)[:_STEM]
    rest = {fold(w)[:_STEM] for w in _WORD.findall(question) if len(w) > 3} - {fold(old)[:_STEM]}
    for sentence in text:
        own = {fold(w)[:_STEM] for w in _WORD.findall(sentence)}
        if stem not in own:
            continue
        if sentence in evidence or len(rest & own) >= _NEAR * len(rest):
            return True
    return False


Change = tuple[str, str, str]  # the old word, the new one, the question with it


def _other_year(question: str, _: str, text: Sequence[str], rng: random.Random) -> Change | None:
    shift = rng.choice([-7, -3, -2, -1, 1, 2, 3, 5, 8])
    return _other(_YEAR, question, text, rng, lambda old: str(int(old) + shift))


def _other_number(question: str, _: str, text: Sequence[str], rng: random.Random) -> Change | None:
    return _other(_NUMBER, question, text, rng, lambda old: str(int(old) + rng.randint(1, 4)))


def _other_name(question: str, _: str, text: Sequence[str], rng: random.Random) -> Change | None:
    return _other(_NAME, question, text, rng, None)


def _other(
    pattern: re.Pattern[str],
    question: str,
    text: Sequence[str],
    rng: random.Random,
    made: Callable[[str], str] | None,
) -> Change | None:
    """Exchange what a pattern finds for another of the text, or for one that is made up."""
    found = list(pattern.finditer(question))
    if not found:
        return None
    match = rng.choice(found)
    asked = {fold(w)[:_STEM] for w in _WORD.findall(question)}
    others = {m.group() for sentence in text for m in pattern.finditer(sentence)}
    others = {o for o in others if fold(o)[:_STEM] not in asked}
    if made is not None and (not others or rng.random() < 0.3):
        others = {made(match.group())}
    if not others:
        return None
    new = rng.choice(sorted(others))
    return match.group(), new, question[: match.start()] + new + question[match.end() :]


def _antonym(question: str, lang: str, _: Sequence[str], rng: random.Random) -> Change | None:
    pairs = _ANTONYMS[lang]
    found = [m for m in _WORD.finditer(question) if m.group().lower() in pairs]
    if not found:
        return None
    match = rng.choice(found)
    new = pairs[match.group().lower()]
    return match.group(), new, question[: match.start()] + new + question[match.end() :]


def _negation(question: str, lang: str, _: Sequence[str], rng: random.Random) -> Change | None:
    if rng.random() > _NEGATIONS:
        return None
    if lang == "en":
        changed = _AUXILIARY.sub(r"\1n't", question, count=1)
        return ("", "", changed) if changed != question else None
    words = question.rstrip(" ?").split()
    match = _PAST.fullmatch(words[-1]) if words else None
    if match is None or words[-1].lower() in _NO_VERBS or _COPULA.search(words[-1]):
        return None
    vowels = [c for c in match["stem"] if c in "aeıioöuü"]
    back = vowels[-1] in _BACK
    negated = match["stem"] + ("madı" if back else "medi")
    negated += ("lar" if back else "ler") if match["many"] else ""
    return "", "", " ".join([*words[:-1], negated]) + "?"


class _Asked(NamedTuple):
    """A word that says what is asked of a thing: its slot, its group there, and its form."""

    slot: str
    group: int
    form: int


# Slot and language, then groups of like meaning, then members, then forms.
_Slots = dict[str, list[list[list[str]]]]


def _relations(path: Path) -> _Slots:
    slots: _Slots = {}
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            lang, slot, members = line.split(" ", 2)
            group = [[w.replace("-", " ") for w in own.split()] for own in members.split(";")]
            slots.setdefault(f"{lang} {slot}", []).append(group)
    return slots


_SLOTS = _relations(Path(__file__).parent / "data" / "relations.txt")
_ASKED: dict[str, list[tuple[str, _Asked]]] = {}
for _slot, _groups in _SLOTS.items():
    for _number, _group in enumerate(_groups):
        for _member in _group:
            for _form, _word in enumerate(_member):
                asked = _Asked(_slot, _number, _form)
                _ASKED.setdefault(_slot[:2], []).append((_word, asked))
_BEFORE = {
    "en how": re.compile(r"\bhow $", re.IGNORECASE),
    "en unit": re.compile(r"\bhow many $", re.IGNORECASE),
    "tr unit": re.compile(r"\bkaç $", re.IGNORECASE),
}
# An infinitive stands behind one of these; else `name` and `cost` are nouns.
_INFINITIVE = re.compile(
    r"\b(?:did|does|do|can|could|may|must|should|will|would)\b.* $", re.IGNORECASE
)
# What may stand behind a verb or a trait: `paid labourers`, `old age` and `refuse to` are neither.
_BEHIND = re.compile(
    r"\W*$| (?:the|a|an|his|her|its|their|my|by|in|on|at|for|from|with|of|when|after|before"
    r"|during|as|is|was|were|are|did|does|and|or|him|it|them|[A-Z]\w*|\d+)\b"
)


def _relation(question: str, lang: str, _: Sequence[str], rng: random.Random) -> Change | None:
    """Ask something else of the same thing: who *sold* what somebody *repaired*."""
    found = [
        (match, asked)
        for word, asked in _ASKED[lang]
        for match in re.finditer(rf"(?<!\w){word}(?!\w)", question, re.IGNORECASE)
        if _may_be(asked, question[: match.start()], question[match.end() :])
    ]
    if not found:
        return None
    match, asked = rng.choice(found)
    groups = _SLOTS[asked.slot]
    others = [group for n, group in enumerate(groups) if n != asked.group]
    new = rng.choice(rng.choice(others))[asked.form]
    return match.group(), new, question[: match.start()] + new + question[match.end() :]


def _may_be(asked: _Asked, before: str, behind: str) -> bool:
    needed = _BEFORE.get(asked.slot)
    if asked.slot == "en verb" and asked.form == 0:
        needed = _INFINITIVE
    if asked.slot in ("en verb", "en trait") and not _BEHIND.match(behind):
        return False
    return needed is None or needed.search(before) is not None
