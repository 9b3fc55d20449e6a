"""Questions, the sentences of their paragraphs, and what retrieval finds for each question."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from data import Question, exchanged, load, thinned

from dipnot.index.centring import centred
from dipnot.index.lexical import build_lexical
from dipnot.index.places import make_places
from dipnot.language.tokens import index_terms
from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.models.reader import LONGEST_SENTENCE
from dipnot.types import Query, Span
from dipnot.types import Question as Asked

LONGEST = 90  # pieces of a window, unless one sentence has more; Dipnot reads windows like these
MOST_SENTENCES = 4
MINED = 24
EXCHANGED = 0.25  # of THQuAD's questions, once more with another name or year


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


class Material:
    """Sentences, questions, and what retrieval finds for each question."""

    def __init__(self, encoder: SentenceTransformerEncoder, rng: random.Random, out: Path) -> None:
        self.noise = np.random.default_rng(rng.getrandbits(32))
        self.paragraphs, self.questions = load()
        self.sentences: list[Sentence] = []
        self.of: dict[str, list[Sentence]] = {}
        for paragraph in self.paragraphs.values():
            for n, span in enumerate(paragraph.sentences):
                text = paragraph.text[slice(*span)]
                pieces, offsets = encoder.pieces(text)
                made = Sentence(
                    paragraph.pid, n, text, span.start, pieces[:LONGEST_SENTENCE], offsets
                )
                self.sentences.append(made)
                self.of.setdefault(paragraph.pid, []).append(made)
        swapped = []
        for q in self.questions:
            q.variants = [q.text]
            if q.answer is not None and q.evidence is not None and rng.random() < 0.5:
                evidence = self.paragraphs[q.pid].text[slice(*q.evidence)]
                q.variants.append(thinned(q.text, evidence, rng))
            if q.source == "thquad" and rng.random() < EXCHANGED:
                other = exchanged(q, self.paragraphs[q.pid], rng)
                if other:
                    swapped.append(
                        Question(other, "tr", q.pid, "swapped", "none", None, q.answer, [other])
                    )
        self.questions += swapped
        self.asked = {v: encoder.pieces(v)[0] for q in self.questions for v in q.variants}
        self.mined = self._mine(encoder, out / "mined.json")

    def _mine(self, encoder: SentenceTransformerEncoder, path: Path) -> list[list[int]]:
        """Find the sentences that retrieval ranks highest for each question."""
        if path.exists():
            known: list[list[int]] = json.loads(path.read_text("utf-8"))
            return known
        passages = encoder.encode_passages([s.text for s in self.sentences], tokens=False).vectors
        vectors = np.zeros((len(self.questions), encoder.dimension), np.float32)
        order = sorted(range(len(self.questions)), key=lambda i: len(self.questions[i].text))
        for begin in range(0, len(order), 16):
            part = order[begin : begin + 16]
            vectors[part] = encoder.encode_queries([self.questions[i].text for i in part]).vectors
        # No filter is ever asked for here, so nothing needs to know where the rows stand.
        lexical = build_lexical([s.text for s in self.sentences], make_places(()))
        rows = np.arange(len(self.sentences))
        mean = passages.mean(axis=0)
        langs = np.array([q.lang for q in self.questions])
        half = {lang: (mean + vectors[langs == lang].mean(axis=0)) / 2 for lang in ("tr", "en")}
        passages = centred(passages, mean)
        mined = []
        for q, vector in zip(self.questions, vectors, strict=True):
            dense = passages @ centred(vector, half[q.lang])
            asked = Asked(q.text, q.text, None)
            words = tuple(dict.fromkeys(index_terms(q.text)))
            terms = lexical.scores_of(Query(asked, vector, None, words), rows)
            score = (dense - dense.mean()) / dense.std() + 0.3 * terms / (terms.std() + 1e-6)
            mined.append(np.argsort(-score)[: MINED * 2].tolist())
        path.write_text(json.dumps(mined), "utf-8")
        return mined

    def gold(self, q: Question) -> set[int]:
        """Numbers of the sentences of its paragraph that answer a question."""
        if q.answer is None or q.evidence is None:
            return set()
        spans = self.paragraphs[q.pid].sentences
        return {
            n for n, s in enumerate(spans) if s.start < q.evidence.end and q.evidence.start < s.end
        }

    def wrong(self, q: Question, found: Sequence[Sentence]) -> list[Sentence]:
        """Those sentences that do not answer a question, nor hold the words of its answer."""
        gold = self.gold(q)
        answer = ""
        if q.answer is not None:
            answer = self.paragraphs[q.pid].text[slice(*q.answer)].casefold()
        return [
            s
            for s in found
            if not (s.pid == q.pid and s.number in gold)
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
        gold, own = self.gold(q), self.of[q.pid]
        if gold:
            number = rng.choice(sorted(gold))
        elif q.evidence is not None:  # a question with a name exchanged: the place it came from
            number = next(s.number for s in reversed(own) if s.start <= q.evidence.start)
        else:
            number = rng.randrange(len(own))
        windows = [self.window(q.pid, number, rng)]
        mined = self.wrong(q, [self.sentences[m] for m in self.mined[i]])
        others = rng.randint(1, 2) if gold else rng.randint(0, 1)
        while len(windows) <= others:
            likely = mined and rng.random() < 0.85
            s = rng.choice(mined[:MINED] if likely else self.sentences)
            if s.pid == q.pid and s.number in gold:
                continue
            made = self.window(s.pid, s.number, rng)
            if any(x.pid == q.pid and x.number in gold for x in made):
                made = [s]
            windows.append(made)
        return windows
