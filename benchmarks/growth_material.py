"""A corpus of any number of sentences, with embeddings that cost nothing a second time.

Owns: what growth.py builds of. THQuAD's paragraphs and the questions of its test files are
embedded as they are. All other sentences are made of two halves of real sentences of training/data:
as many different ones as the square of those embedded. The vector of such a sentence is the normed
sum of the two sentences' vectors, its tokens are those of the two halves, and a window's vector is
the normed sum of its sentences': so what is found of THQuAD is real, and what it is found among is
real in its words and in the spread of its vectors, but was not embedded as it stands there.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from dipnot.index.centring import normed
from dipnot.index.passages import embedded_text, make_passages
from dipnot.language.neutral import QUESTIONS, SENTENCES
from dipnot.language.sentences import split_sentences
from dipnot.types import (
    Document,
    Encoded,
    Encoder,
    Language,
    Page,
    Pair,
    Paragraph,
    Progress,
    Span,
    Vectors,
)

HERE = Path(__file__).parent
JOINT = " \N{EN DASH} "  # between two halves; no half holds it
A_DOCUMENT, A_PARAGRAPH = 100, 5  # sentences
BASE = 6000  # sentences that are embedded for the halves


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of THQuAD, with the document that is the paragraph it was asked about."""

    text: str
    doc_id: str


def thquad() -> tuple[list[Document], list[Asked]]:
    """THQuAD's paragraphs, a document each, and the questions of its test files."""
    documents: list[Document] = []
    asked: list[Asked] = []
    for path in sorted((HERE / "data" / "thquad").glob("*.json")):
        for article in json.loads(path.read_text("utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                text = paragraph.get("context", "").strip()
                if not text:
                    continue
                doc_id = f"thquad-{len(documents):04d}"
                documents.append(document_of(doc_id, article["title"], [text], "tr"))
                if "_test_" in path.name:
                    asked += [Asked(q["question"].strip(), doc_id) for q in paragraph["qas"]]
    return documents, asked


def document_of(doc_id: str, title: str, paragraphs: Sequence[str], language: Language) -> Document:
    """A document of one page, without the reading of a file."""
    text, spans = "\n\n".join(paragraphs), []
    at = 0
    for paragraph in paragraphs:
        spans.append(Span(at, at + len(paragraph)))
        at += len(paragraph) + 2
    return Document(
        doc_id, title, None, (language,), text, f"{doc_id}.txt",
        hashlib.sha256(text.encode()).hexdigest(), (Page(1, None, Span(0, len(text))),), (),
        tuple(Paragraph(span, "body", language) for span in spans), (), (),
    )  # fmt: skip


def base_sentences() -> list[str]:
    """Sentences of the training paragraphs, Turkish, of which halves can be made."""
    found: dict[str, None] = {}
    for line in (HERE.parent / "training/data/paragraphs.jsonl").open(encoding="utf-8"):
        paragraph = json.loads(line)
        text = paragraph["text"]
        for begin, end in split_sentences(text, 0, len(text)):
            sentence = embedded_text(text[begin:end])
            whole = sentence.endswith(".") and not re.search(r"[.?!…]", sentence[:-1])
            if paragraph["lang"] == "tr" and whole and len(sentence.split()) >= 6:
                found[sentence.replace("\N{EN DASH}", "-")] = None
    chosen = list(found)
    random.Random(19).shuffle(chosen)
    return chosen[:BASE]


def embed_material(encoder: Encoder, folder: Path) -> None:
    """Embed everything that ``Recalled`` needs, once; some minutes."""
    documents, asked = thquad()
    passages = [p for d in documents for p in make_passages(d) if len(p.sentences) < 3]
    own = [embedded_text(p.text) for p in passages if len(p.sentences) == 1]
    windows = [embedded_text(p.text) for p in passages if len(p.sentences) == 2]
    neutral = [s for texts in SENTENCES.values() for s in texts]
    questions = [a.text for a in asked] + [q for texts in QUESTIONS.values() for q in texts]
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "passages": list(dict.fromkeys([*own, *neutral, *base_sentences()])),
        "windows": list(dict.fromkeys(windows)),
        "questions": list(dict.fromkeys(questions)),
    }
    for name, texts in parts.items():
        _embed(encoder, name, texts, folder / f"{name}.npz")


def _embed(encoder: Encoder, name: str, texts: Sequence[str], path: Path) -> None:
    if path.exists():
        return
    vectors, tokens = [], []
    for begin in range(0, len(texts), 256):
        part = texts[begin : begin + 256]
        if name == "questions":
            encoded = encoder.encode_queries(part)
        else:
            encoded = encoder.encode_passages(part, tokens=name == "passages")
        vectors.append(encoded.vectors)
        tokens += [own.astype(np.float16) for own in encoded.tokens or ()]
        print(f"{name}: {begin + len(part)} of {len(texts)}", flush=True)
    np.savez(
        path,
        texts=np.array(json.dumps(list(texts))),
        vectors=np.concatenate(vectors),
        tokens=np.concatenate(tokens) if tokens else np.zeros((0, 1), np.float16),
        counts=np.array([len(own) for own in tokens], np.int64),
    )


class Recalled:
    """An encoder that knows the material by heart, and puts together the rest."""

    def __init__(self, folder: Path, name: str, fingerprint: str) -> None:
        """Read what ``embed_material`` wrote."""
        self.name, self.fingerprint, self.embedded = name, fingerprint, 0
        self._known: dict[str, dict[str, tuple[Vectors, Vectors]]] = {}
        for part in ("passages", "windows", "questions"):
            with np.load(folder / f"{part}.npz", allow_pickle=False) as kept:
                texts, vectors = json.loads(str(kept["texts"])), kept["vectors"]
                counts = kept["counts"] if len(kept["counts"]) else np.zeros(len(texts), int)
                tokens = np.split(kept["tokens"], np.cumsum(counts)[:-1])
            self._known[part] = {text: (vectors[i], tokens[i]) for i, text in enumerate(texts)}
        self.dimension = int(vectors.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        return self._given("questions", texts)

    def encode_passages(
        self, texts: Sequence[str], *, tokens: bool, progress: Progress | None = None
    ) -> Encoded:
        if progress is not None:
            progress("embedding", len(texts), len(texts))
        self.embedded += len(texts)
        found = [self._passage(text) for text in texts]
        return Encoded(
            np.array([vector for vector, _ in found], np.float32).reshape(-1, self.dimension),
            tuple(own.astype(np.float32) for _, own in found) if tokens else None,
        )

    def encode_windows(self, windows: Sequence[Pair]) -> None:
        """Give none: the windows of THQuAD were read whole, for the others see the module."""

    def _given(self, part: str, texts: Sequence[str]) -> Encoded:
        found = [self._known[part][text] for text in texts]
        return Encoded(
            np.array([vector for vector, _ in found], np.float32),
            tuple(own.astype(np.float32) for _, own in found),
        )

    def _passage(self, text: str) -> tuple[Vectors, Vectors]:
        known = self._known["passages"].get(text) or self._known["windows"].get(text)
        if known is not None:
            return known
        own = [self._joined(sentence) for sentence in re.split(r"(?<=\.) ", text)]
        return normed(np.sum([vector for vector, _ in own], axis=0)), own[0][1]

    @lru_cache(maxsize=4096)  # noqa: B019 - one lives as long as the process
    def _joined(self, sentence: str) -> tuple[Vectors, Vectors]:
        """A sentence of two halves; how each was cut is told by its words alone."""
        first, second = sentence.split(JOINT)
        one, other = self._halves()[0][first], self._halves()[1][second]
        vector = normed(one[0] + 0.7 * other[0])
        a, b = one[1], other[1]
        return vector, np.concatenate([a[: len(a) // 2], b[len(b) // 2 :]])

    @lru_cache(maxsize=1)  # noqa: B019
    def _halves(self) -> tuple[dict[str, tuple[Vectors, Vectors]], ...]:
        known = self._known["passages"]
        sentences = base_sentences()
        return tuple({halves(s)[i]: known[s] for s in sentences} for i in (0, 1))


def halves(sentence: str) -> tuple[str, str]:
    """The first and the second half of a sentence's words."""
    words = sentence.split()
    return " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])


def made_documents(sentences: int, seed: int = 1) -> Iterator[Document]:
    """Documents of ``A_DOCUMENT`` sentences made of halves, with so many sentences in all."""
    base = base_sentences()
    chance = random.Random(seed)
    for number in range(-(-sentences // A_DOCUMENT)):
        own = [
            halves(chance.choice(base))[0] + JOINT + halves(chance.choice(base))[1]
            for _ in range(min(A_DOCUMENT, sentences - number * A_DOCUMENT))
        ]
        paragraphs = [" ".join(own[i : i + A_PARAGRAPH]) for i in range(0, len(own), A_PARAGRAPH)]
        yield document_of(f"made-{seed}-{number:05d}", f"Derleme {number}", paragraphs, "tr")
