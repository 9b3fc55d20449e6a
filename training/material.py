"""Questions, the sentences of their paragraphs, and what retrieval finds for each question.

Owns: the windows that a question is read with. Beside the one that answers (or tempts) stand what
a server would read for it: the best-ranked places of its own text without the evidence, of all
texts, and of single other texts, whose best place has nothing to do with it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import numpy.typing as npt
from data import Loaded, Question, thinned
from exchanges import exchanged

from dipnot.index.centring import centred
from dipnot.index.lexical import build_lexical
from dipnot.index.places import Places, places_of_columns
from dipnot.language.tokens import index_terms
from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.models.reader import LONGEST_SENTENCE
from dipnot.types import Query, Span, Vectors
from dipnot.types import Question as Asked

LONGEST = 90  # pieces of a window, unless one sentence has more; Dipnot reads windows like these
MOST_SENTENCES = 4
MINED = 24  # of all texts
_OWN = 8  # of a question's own text
_BATCH = 256
_STRANGE, _OF_EACH = 4, 3  # other texts, and how many places of each


@dataclass
class Sentence:
    """A sentence of the material, cut into pieces."""

    pid: str
    number: int  # of the paragraph
    text: str
    start: int  # in the paragraph
    pieces: list[int]
    offsets: list[Span]  # of each piece in ``text``


Window = list[Sentence]


Key = tuple[str, int]  # of a sentence: its paragraph, and its number there


class Mined(TypedDict):
    """The sentences that retrieval ranks highest for a question."""

    all: list[Key]
    own: list[Key]
    strange: list[Key]


class Material:
    """Sentences, questions, and what retrieval finds for each question."""

    def __init__(
        self,
        loaded: Loaded,
        encoder: SentenceTransformerEncoder,
        rng: random.Random,
        out: Path,
        *,
        swap: float = 0.0,
    ) -> None:
        """``swap``: the share of answerable questions asked once more so that nothing answers."""
        self.noise = np.random.default_rng(rng.getrandbits(32))
        self.paragraphs, self.questions = loaded
        self.sentences: list[Sentence] = []
        self.of: dict[str, list[Sentence]] = {}
        self.texts: dict[str, list[int]] = {}  # numbers of the sentences of each text
        for paragraph in self.paragraphs.values():
            for n, span in enumerate(paragraph.sentences):
                text = paragraph.text[slice(*span)]
                pieces, offsets = encoder.pieces(text)
                made = Sentence(
                    paragraph.pid, n, text, span.start, pieces[:LONGEST_SENTENCE], offsets
                )
                self.texts.setdefault(paragraph.group, []).append(len(self.sentences))
                self.sentences.append(made)
                self.of.setdefault(paragraph.pid, []).append(made)
        self.mined = self._mine(encoder, rng, out / "mined.json")
        self._swap(swap, rng)
        for q in self.questions:
            q.variants = q.variants or [q.text]
            if q.answer is not None and q.evidence is not None and rng.random() < 0.5:
                evidence = self.paragraphs[q.pid].text[slice(*q.evidence)]
                q.variants.append(thinned(q.text, evidence, rng))
        self.asked = {v: encoder.pieces(v)[0] for q in self.questions for v in q.variants}

    def _swap(self, share: float, rng: random.Random) -> None:
        """Add questions made by rule so that nothing answers; what is found is as before."""
        for q, mined in list(zip(self.questions, self.mined, strict=True)):
            if q.answer is None or rng.random() >= share:
                continue
            own = self.paragraphs[q.pid]
            around = [self.sentences[n].text for n in self.texts[own.group]]
            found = exchanged(q.text, q.lang, [s.text for s in self.gold_sentences(q)], around, rng)
            if found is not None:
                text, kind = found
                new = Question(text, q.lang, q.pid, "swapped", kind, None, q.answer)
                self.questions.append(new)
                self.mined.append(mined)

    def _mine(
        self, encoder: SentenceTransformerEncoder, rng: random.Random, path: Path
    ) -> list[Mined]:
        """Find sentences for each question; what a run before found is taken from its file."""
        known: dict[str, Mined] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        new = [q for q in self.questions if _name(q) not in known]
        if new:
            known |= self._mine_new(new, encoder, rng, path.with_suffix(".npz"))
            path.write_text(json.dumps(known), "utf-8")
        return [known[_name(q)] for q in self.questions]

    def _mine_new(
        self,
        questions: Sequence[Question],
        encoder: SentenceTransformerEncoder,
        rng: random.Random,
        path: Path,
    ) -> dict[str, Mined]:
        passages, vectors = self._vectors(questions, encoder, path)
        lexical = build_lexical([s.text for s in self.sentences], _in_a_row(len(self.sentences)))
        every = np.arange(len(self.sentences))
        mean = passages.mean(axis=0)
        langs = np.array([q.lang for q in questions])
        half = {lang: (mean + vectors[langs == lang].mean(axis=0)) / 2 for lang in ("tr", "en")}
        passages = centred(passages, mean)
        middle = np.stack([half[lang] for lang in langs])
        mined: dict[str, Mined] = {}
        for begin in range(0, len(vectors), _BATCH):
            part = slice(begin, begin + _BATCH)
            dense = centred(vectors[part], middle[part]) @ passages.T
            for q, own in zip(questions[part], dense, strict=True):
                words = tuple(dict.fromkeys(index_terms(q.text)))
                query = Query(Asked(q.text, q.text, None), vectors[0], None, words)
                terms = lexical.scores_of(query, every)
                score = (own - own.mean()) / own.std() + 0.3 * terms / (terms.std() + 1e-6)
                mined[_name(q)] = self._found(q, score, rng)
        return mined

    def _vectors(
        self, questions: Sequence[Question], encoder: SentenceTransformerEncoder, path: Path
    ) -> tuple[Vectors, Vectors]:
        """Vectors of all sentences and of questions; those of a run before are in its file."""
        known: dict[str, Vectors] = {}
        if path.exists():
            with np.load(path) as kept:
                known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
        texts = [f"p{s.text}" for s in self.sentences]
        asked = [f"q{q.text}" for q in questions]
        new = sorted({t for t in texts if t not in known}, key=len)
        found = encoder.encode_passages([t[1:] for t in new], tokens=False).vectors
        known |= dict(zip(new, found, strict=True))
        new = sorted({t for t in asked if t not in known}, key=len)
        for begin in range(0, len(new), 16):
            part = new[begin : begin + 16]
            vectors = encoder.encode_queries([t[1:] for t in part]).vectors
            known |= dict(zip(part, vectors, strict=True))
        np.savez(path, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
        return np.stack([known[t] for t in texts]), np.stack([known[t] for t in asked])

    def _found(self, q: Question, score: Vectors, rng: random.Random) -> Mined:
        """The best of all sentences, of a question's own text, and of some other texts."""
        own = self.paragraphs[q.pid].group if q.pid else ""
        others = [g for g in rng.sample(list(self.texts), _STRANGE + 1) if g != own][:_STRANGE]
        best = np.argpartition(-score, MINED * 2)[: MINED * 2]
        strange = [n for g in others for n in _best(score, self.texts[g], _OF_EACH)]
        return Mined(
            all=self._keys(best[np.argsort(-score[best])].tolist()),
            own=self._keys(_best(score, self.texts.get(own, []), _OWN)),
            strange=self._keys(strange),
        )

    def _keys(self, numbers: Sequence[int]) -> list[Key]:
        return [(self.sentences[n].pid, self.sentences[n].number) for n in numbers]

    def at(self, keys: Sequence[Key]) -> list[Sentence]:
        """The sentences of keys, as far as they are still there."""
        return [self.of[pid][n] for pid, n in keys if pid in self.of and n < len(self.of[pid])]

    def gold(self, q: Question) -> set[tuple[str, int]]:
        """The sentences that answer a question: paragraph, and number in it."""
        if q.answer is None or q.evidence is None:
            return set()
        return {
            (pid, n)
            for pid, span in ((q.pid, q.evidence), *q.also)
            for n, s in enumerate(self.paragraphs[pid].sentences)
            if s.start < span.end and span.start < s.end
        }

    def gold_sentences(self, q: Question) -> list[Sentence]:
        """The sentences that answer a question."""
        return [self.of[pid][n] for pid, n in sorted(self.gold(q))]

    def wrong(self, q: Question, found: Sequence[Sentence]) -> list[Sentence]:
        """Those sentences that do not answer a question, nor hold the words of its answer."""
        gold = self.gold(q)
        answer = ""
        if q.answer is not None:
            answer = self.paragraphs[q.pid].text[slice(*q.answer)].casefold()
        return [
            s
            for s in found
            if (s.pid, s.number) not in gold
            and not (len(answer) > 2 and answer in s.text.casefold())
        ]

    def window(self, pid: str, around: int, rng: random.Random) -> Window:
        """Adjoining sentences with one of them at a random place."""
        own = self.of[pid]
        first = last = around
        size = rng.randint(1, MOST_SENTENCES)
        total = len(own[around].pieces)
        while last - first + 1 < size:
            sides = [n for n in (first - 1, last + 1) if 0 <= n < len(own)]
            sides = [n for n in sides if total + len(own[n].pieces) <= LONGEST]
            if not sides:
                break
            n = rng.choice(sides)
            total += len(own[n].pieces)
            first, last = min(first, n), max(last, n)
        return own[first : last + 1]

    def group(self, i: int, rng: random.Random) -> list[Window]:
        """The window of a question and windows that do not answer it."""
        q = self.questions[i]
        windows = []
        if q.pid:
            windows.append(self.window(q.pid, self._own_place(q, rng), rng))
        others = rng.randint(1, 2) if q.answer is not None or not q.pid else rng.randint(0, 1)
        for _ in range(others):
            s = self._temptation(i, rng)
            made = self.window(s.pid, s.number, rng)
            if self.gold(q) & {(x.pid, x.number) for x in made}:
                made = [s]
            windows.append(made)
        return windows

    def _own_place(self, q: Question, rng: random.Random) -> int:
        """The sentence of a question's paragraph that holds the answer, or tempts."""
        place = q.answer or q.evidence
        if place is None:
            return rng.randrange(len(self.of[q.pid]))
        start = place.start
        return next(s.number for s in reversed(self.of[q.pid]) if s.start <= start)

    def _temptation(self, i: int, rng: random.Random) -> Sentence:
        """A place that does not answer: of all texts, of its own, or of one that is strange."""
        mined = self.mined[i]
        places = (mined["all"][:MINED], mined["own"], mined["strange"])
        keys = rng.choices(places, (0.4, 0.35, 0.25))[0]
        wrong = self.wrong(self.questions[i], self.at(keys))
        if not wrong:
            wrong = self.wrong(self.questions[i], rng.choices(self.sentences, k=8))
        return rng.choice(wrong or self.sentences)


def _best(score: Vectors, numbers: Sequence[int], most: int) -> list[int]:
    """Those of some sentences with the highest scores."""
    own: npt.NDArray[np.int64] = np.array(numbers, np.int64)
    found: list[int] = own[np.argsort(-score[own])[:most]].tolist()
    return found


def _name(q: Question) -> str:
    return f"{q.pid}|{q.text}"


def _in_a_row(sentences: int) -> Places:
    """The places of sentences, each a passage by itself; no filter is ever asked for here."""
    numbers, nothing = np.arange(sentences), np.zeros(sentences, np.int64)
    windows = np.stack([numbers, numbers + 1, nothing, nothing], axis=1)
    return places_of_columns([""], [sentences], windows, np.zeros((sentences, 2), np.int64))
