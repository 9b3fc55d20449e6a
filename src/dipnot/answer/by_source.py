"""Questions by source and by string: the sentences that cite a work, or hold words as they are.

Owns: finding the work that a question names among those that the texts cite, and the sentences that
hold a quoted phrase or a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipnot.answer.choice import Candidate, grouped
from dipnot.answer.found import Considered, Told, candidate_of, matches_of, sentences_over
from dipnot.answer.frames import said
from dipnot.answer.years import rows_holding
from dipnot.language.folding import fold
from dipnot.language.known import noun, pattern
from dipnot.language.tokens import index_terms
from dipnot.question.exact import holds, is_bare
from dipnot.types import Document, Filters, Reference

_MOST = 6  # sentences
_MOST_TOPICAL = 4
_MANY = 7  # words beside the author
_FEW = 3  # places of a string that a longer question may be about
# An author is looked for among so many words of a question, the rarest, in so many passages each.
_MOST_NAMES, _MOST_ROWS = 12, 64
_CLEARLY = 0.05  # cosine
_ASKS = re.compile(rf"{pattern(lambda own: own.cites)}|\b{noun(lambda own: own.works)}")
_TELLS = re.compile(pattern(lambda own: own.attributes))
_OF_YEAR = re.compile(
    r"(?P<name>[A-ZÇĞİÖŞÜ][^\W\d_]{2,40})(?:['’]\w{1,6})?\s\((?P<year>(?:1[4-9]|20)\d{2})[a-z]?\)"
)
_WORD = re.compile(r"[^\W\d_]{3,}")


def by_source(found: Considered) -> Told | None:
    """The sentences that cite the work that a question names; None where it names none."""
    question = found.question
    if not question.cites or question.request != "ask":
        return None
    words = [fold(w) for w in _WORD.findall(question.text)]
    cited: dict[str, list[Candidate]] = {}
    for document in _documents(found, words):
        for reference in _named(document, words, question.text):
            if _is_common(reference.author, question.text, document.text):
                continue
            orders = found.index.places.sentences_of(document.doc_id, reference.span)
            own = cited.setdefault(fold(reference.author), [])
            own += [candidate_of(found.index, order) for order in orders]
    if not cited:
        return None
    cited = {author: [*own, *_told_by(found, author)] for author, own in cited.items()}
    names = {fold(w) for author in cited for w in _WORD.findall(author)}
    asked = _ASKS.sub(" ", fold(question.text))
    rest = [t for t in index_terms(asked) if not t.isdigit() and not _starts(names, t)]
    if len(rest) > _MANY:  # so much is said of it that the words find it by themselves
        return None
    if len(rest) > 1 and _is_of_others(found, [c for own in cited.values() for c in own]):
        return Told("not_in_text", said("cited_else", found.language))
    most = (_MOST_TOPICAL if len(rest) > _FEW else _MOST) // len(cited) or 1
    best = {c.order: c for by in cited.values() for c in _best(found, by, most)}
    quoted = [best[order] for order in sorted(best)]
    return Told("answered", said("cited", found.language), grouped(quoted))


def uncited(found: Considered) -> Told | None:
    """Refuse a question that names works as `Hale (2003)` only that no text names with their year.

    What stands in the texts of an author without that work is no answer to it.
    """
    question, passages = found.question, found.index.passages
    named = [m.group("name", "year") for m in _OF_YEAR.finditer(question.text)]
    if not named or not question.cites or question.request != "ask":
        return None
    if any(year in passages[row].text for name, year in named for row in rows_holding(found, name)):
        return None
    return Told("not_in_text", said("uncited", found.language))


def _told_by(found: Considered, author: str) -> list[Candidate]:
    """The sentences that name an author for what they tell: `Hale’e göre`, `according to Hale`."""
    rows = [row for name in _WORD.findall(author) for row in rows_holding(found, name)]
    index = found.index
    own = (candidate_of(index, order) for order in sentences_over(index, rows[:_MOST_ROWS]))
    named = [re.compile(rf"\b{w}\b") for w in fold(author).split() if _WORD.fullmatch(w)]
    return [
        c
        for c in own
        if _TELLS.search(text := fold(c.passage.text)) and all(w.search(text) for w in named)
    ]


def _is_of_others(found: Considered, cited: Sequence[Candidate]) -> bool:
    """Whether another sentence meets the question clearly better than these, which are cited.

    One in the question's language is nearer to it whatever it says; only their own counts.
    """
    languages = {c.passage.language for c in cited}
    index, match = found.index, matches_of(found, [c.order for c in cited])
    others = (s.match for s in found.sentences if index.sentence(s.order).language in languages)
    return max(others, default=0.0) > max(match.values()) + _CLEARLY


def by_string(found: Considered) -> Told | None:
    """The sentences that hold a string of the question as it is; None where it has none."""
    question = found.question
    rows = [row for string in question.exact for row in rows_holding(found, string)]
    if not rows or question.request != "ask":
        return None
    index = found.index
    over = sentences_over(index, rows)
    single = [order for order in over if holds(index.sentence(order).text, question.exact)]
    own = [candidate_of(index, o) for o in single or sentences_over(index, rows[:1])]
    if len(own) > _FEW and not is_bare(question.text, question.exact):
        return None
    return Told("answered", said("stands", found.language), grouped(own[:_FEW]))


def _documents(found: Considered, words: Sequence[str]) -> list[Document]:
    """The documents whose passages have a word of the question best: few, however large the corpus.

    Where an author is cited, the name stands too. The years of the question come with each word, so
    that of many places those of the year come first.
    """
    within = Filters(doc_id=found.filters.doc_id)
    years = index_terms(" ".join(sorted(found.question.years)))
    lexical, passages = found.index.legs.lexical, found.index.passages
    own = [t for t in dict.fromkeys(index_terms(" ".join(words))) if lexical.frequency(t)]
    rarest = sorted(own, key=lexical.frequency)[:_MOST_NAMES]
    rows = [row for t in rarest for row in lexical.best((t, *years), _MOST_ROWS, within)[0]]
    return [found.index.documents[i] for i in dict.fromkeys(passages[r].doc_id for r in rows)]


def _named(document: Document, words: Sequence[str], question: str) -> list[Reference]:
    """The references to works whose author a question names, of the year that it names if any."""
    own = [r for r in document.references if _is_author(r.author, words)]
    years = re.findall(r"(?<!\d)(?:1[4-9]|20)\d{2}[a-z]?(?!\d)", question)
    dated = [r for r in own if r.year and any(r.year.startswith(year) for year in years)]
    return dated if years else own


def _is_author(author: str, words: Sequence[str]) -> bool:
    """Whether every author that a reference names is among the words."""
    names = [fold(w) for w in _WORD.findall(author) if w[0].isupper()]
    return bool(names) and all(any(w == n or w.startswith(n + "'") for w in words) for n in names)


def _is_common(author: str, question: str, text: str) -> bool:
    """Whether a question means the thing that an author is called: `Where did the king go?`.

    It does where it has the word in small letters and no year, and the text has it so too.
    """
    names = [w for w in _WORD.findall(author) if w[0].isupper()]
    if re.search(r"\d{4}", question) or any(re.search(rf"\b{w}", question) for w in names):
        return False
    found = (re.finditer(rf"\b{w}\b", text, re.IGNORECASE) for w in names)
    return all(any(own.group()[0].islower() for own in places) for places in found)


def _starts(names: set[str], term: str) -> bool:
    return any(name.startswith(term) for name in names)


def _best(found: Considered, cited: Sequence[Candidate], most: int) -> list[Candidate]:
    """The sentences that meet the question best."""
    own = {c.order: c for c in cited}
    if len(own) <= most:
        return list(own.values())
    match = matches_of(found, list(own))
    return [own[order] for order in sorted(own, key=lambda order: -match[order])[:most]]
