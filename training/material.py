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

from dipnot.centring import centred
from dipnot.encoder import SentenceTransformerEncoder
from dipnot.lexical import build_lexical
from dipnot.reader import LONGEST_SENTENCE
from dipnot.types import Span, Vectors

LONGEST = 90  # pieces of a window, unless one sentence has more; Dipnot reads windows like these
MOST_SENTENCES = 4
MINED = 24  # of all texts
_OWN = 8  # of a question's own text
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


class Mined(TypedDict):
    """Numbers of the sentences that retrieval ranks highest for a question."""

    all: list[int]
    own: list[int]
    strange: list[int]


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
        self.questions += self._swapped(swap, rng)
        for q in self.questions:
            q.variants = q.variants or [q.text]
            if q.answer is not None and q.evidence is not None and rng.random() < 0.5:
                evidence = self.paragraphs[q.pid].text[slice(*q.evidence)]
                q.variants.append(thinned(q.text, evidence, rng))
        self.asked = {v: encoder.pieces(v)[0] for q in self.questions for v in q.variants}
        self.mined = self._mine(encoder, rng, out / "mined.json")

    def _swapped(self, share: float, rng: random.Random) -> list[Question]:
        made = []
        for q in self.questions:
            if q.answer is None or rng.random() >= share:
                continue
            own = self.paragraphs[q.pid]
            around = [self.sentences[n].text for n in self.texts[own.group]]
            found = exchanged(q.text, q.lang, [s.text for s in self.gold_sentences(q)], around, rng)
            if found is not None:
                text, kind = found
                made.append(Question(text, q.lang, q.pid, "swapped", kind, None, q.answer))
        return made

    def _mine(
        self, encoder: SentenceTransformerEncoder, rng: random.Random, path: Path
    ) -> list[Mined]:
        if path.exists():
            known: list[Mined] = json.loads(path.read_text("utf-8"))
            if len(known) == len(self.questions):
                return known
        passages = encoder.encode_passages([s.text for s in self.sentences], tokens=False).vectors
        vectors = np.zeros((len(self.questions), encoder.dimension), np.float32)
        order = sorted(range(len(self.questions)), key=lambda i: len(self.questions[i].text))
        for begin in range(0, len(order), 16):
            part = order[begin : begin + 16]
            vectors[part] = encoder.encode_queries([self.questions[i].text for i in part]).vectors
        lexical = build_lexical([s.text for s in self.sentences])
        mean = passages.mean(axis=0)
        langs = np.array([q.lang for q in self.questions])
        half = {lang: (mean + vectors[langs == lang].mean(axis=0)) / 2 for lang in ("tr", "en")}
        passages = centred(passages, mean)
        groups = list(self.texts)
        mined = []
        for q, vector in zip(self.questions, vectors, strict=True):
            dense = passages @ centred(vector, half[q.lang])
            terms = lexical.scores(q.text)
            score = (dense - dense.mean()) / dense.std() + 0.3 * terms / (terms.std() + 1e-6)
            own = self.paragraphs[q.pid].group if q.pid else ""
            others = [g for g in rng.sample(groups, _STRANGE + 1) if g != own][:_STRANGE]
            strange = [n for g in others for n in _best(score, self.texts[g], _OF_EACH)]
            best = np.argpartition(-score, MINED * 2)[: MINED * 2]
            mined.append(
                Mined(
                    all=best[np.argsort(-score[best])].tolist(),
                    own=_best(score, self.texts.get(own, []), _OWN),
                    strange=strange,
                )
            )
        path.write_text(json.dumps(mined), "utf-8")
        return mined

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
        numbers = rng.choices(
            (mined["all"][:MINED], mined["own"], mined["strange"]), (0.4, 0.35, 0.25)
        )[0]
        wrong = self.wrong(self.questions[i], [self.sentences[n] for n in numbers])
        if not wrong:
            wrong = self.wrong(self.questions[i], rng.choices(self.sentences, k=8))
        return rng.choice(wrong or self.sentences)


def _best(score: Vectors, numbers: Sequence[int], most: int) -> list[int]:
    """Those of some sentences with the highest scores."""
    own: npt.NDArray[np.int64] = np.array(numbers, np.int64)
    found: list[int] = own[np.argsort(-score[own])[:most]].tolist()
    return found
