# mypy: ignore-errors
# ruff: noqa: PLC0415
# The libraries live in an environment of their own, and each system loads only its own.
"""The compared libraries, each set up as its own documentation does, with the same model.

usage: systems.py NAME TASK.json OUT.json, run by run.py in the libraries' environment.

Each library splits the texts its way, embeds with the model's two prompts (`query: `, `passage: `)
and is asked every question once. Only the question is given: resolving a follow-up needs a
language model in all of them.
"""

import os

os.environ |= {
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
}

import functools
import json
import logging
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

logging.disable(logging.WARNING)
QUERY, PASSAGE = "query: ", "passage: "


def recall(owner, task):
    """Let a class know the made passages' vectors by heart; what else is asked it embeds itself."""
    rows = {d["text"]: n for n, d in enumerate(d for d in task["documents"] if d["made"])}
    vectors, real = np.load(task["vectors"], mmap_mode="r"), owner.encode

    def encode(self, texts, *arguments, **named):
        if isinstance(texts, str):
            return real(self, texts, *arguments, **named)
        found = [rows.get(text.removeprefix(PASSAGE).strip()) for text in texts]
        known = [n for n in found if n is not None]
        if not known:
            return real(self, texts, *arguments, **named)
        out = np.empty((len(texts), vectors.shape[1]), np.float32)
        is_known = np.array([n is not None for n in found])
        out[is_known] = vectors[known]
        if not is_known.all():
            rest = [text for text, n in zip(texts, found, strict=True) if n is None]
            out[~is_known] = np.asarray(real(self, rest, *arguments, **named))
        return out

    owner.encode = encode


def anonymous_mb():
    """Megabytes of memory that are this process's own, where the system tells; else none."""
    path = Path("/proc/self/smaps_rollup")
    if not path.exists():
        return None
    return int(path.read_text("ascii").partition("Anonymous:")[2].split()[0]) / 1024


class Encoder:
    """Milliseconds spent in the model's encode since `start`."""

    def __init__(self):
        self.ms, self._inside = 0.0, False

    def watch(self, owner, name="encode"):
        real = getattr(owner, name)

        @functools.wraps(real)
        def timed(*arguments, **named):
            if self._inside:
                return real(*arguments, **named)
            self._inside, begun = True, time.perf_counter()
            try:
                return real(*arguments, **named)
            finally:
                self._inside = False
                self.ms += (time.perf_counter() - begun) * 1e3

        setattr(owner, name, timed)


def langchain_faiss(documents, model, k):
    """The RAG tutorial's splitter (1,000 characters, 200 shared) over FAISS."""
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.split_documents(
        [Document(d["text"], metadata={"doc": d["id"]}) for d in documents]
    )
    embeddings = HuggingFaceEmbeddings(
        model_name=model,
        encode_kwargs={"prompt": PASSAGE},
        query_encode_kwargs={"prompt": QUERY},
    )
    store = FAISS.from_documents(chunks, embeddings)

    def ask(question):
        found = store.similarity_search(question, k=k)
        return [(d.metadata["doc"], d.page_content) for d in found]

    return ask, ["langchain-core", "langchain-community", "faiss-cpu"]


def _llamaindex(documents, model, splitter):
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    embed = HuggingFaceEmbedding(model, query_instruction=QUERY, text_instruction=PASSAGE)
    nodes = splitter.get_nodes_from_documents(
        [Document(text=d["text"], id_=d["id"]) for d in documents]
    )
    return nodes, VectorStoreIndex(nodes, embed_model=embed)


def _nodes(found):
    return [(n.node.ref_doc_id, n.node.get_content()) for n in found]


def llamaindex_default(documents, model, k):
    """VectorStoreIndex with the default splitter (1,024 tokens, 200 shared)."""
    from llama_index.core.node_parser import SentenceSplitter

    _, index = _llamaindex(documents, model, SentenceSplitter())
    retriever = index.as_retriever(similarity_top_k=k)
    return (lambda question: _nodes(retriever.retrieve(question))), ["llama-index-core"]


def llamaindex_fusion(documents, model, k):
    """256 tokens, dense and BM25 (Turkish stems) joined by reciprocal ranks."""
    import Stemmer
    from llama_index.core.llms import MockLLM
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.retrievers.bm25 import BM25Retriever

    splitter = SentenceSplitter(chunk_size=256, chunk_overlap=20)
    nodes, index = _llamaindex(documents, model, splitter)
    bm25 = BM25Retriever.from_defaults(
        nodes=nodes, similarity_top_k=k, stemmer=Stemmer.Stemmer("turkish"), language=[]
    )
    retriever = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=k), bm25],
        llm=MockLLM(),
        num_queries=1,
        similarity_top_k=k,
        mode="reciprocal_rerank",
        use_async=False,
    )
    used = ["llama-index-core", "llama-index-retrievers-bm25"]
    return (lambda question: _nodes(retriever.retrieve(question))), used


def haystack_hybrid(documents, model, k):
    """The hybrid retrieval tutorial: 200-word splits, BM25 and dense, reciprocal rank fusion."""
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    splitter = DocumentSplitter()
    embedder = SentenceTransformersDocumentEmbedder(model=model, prefix=PASSAGE, progress_bar=False)
    for part in (splitter, embedder):
        getattr(part, "warm_up", lambda: None)()
    chunks = splitter.run([Document(content=d["text"], meta={"doc": d["id"]}) for d in documents])
    store.write_documents(embedder.run(chunks["documents"])["documents"])

    pipeline = Pipeline()
    pipeline.add_component(
        "embedder",
        SentenceTransformersTextEmbedder(model=model, prefix=QUERY, progress_bar=False),
    )
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=k))
    pipeline.add_component("bm25", InMemoryBM25Retriever(store, top_k=k))
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=k)
    pipeline.add_component("joiner", joiner)
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("bm25", "joiner")

    def ask(question):
        found = pipeline.run({"embedder": {"text": question}, "bm25": {"query": question}})
        return [(d.meta["doc"], d.content) for d in found["joiner"]["documents"]]

    return ask, ["haystack-ai"]


def txtai_hybrid(documents, model, k):
    """Hybrid search over 150-word windows: the base install brings no splitter of its own."""
    from txtai import Embeddings

    chunks = [
        (d["id"], " ".join(words[i : i + 150]))
        for d in documents
        for words in [d["text"].split()]
        for i in range(0, len(words), 150)
    ]
    embeddings = Embeddings(
        path=model, hybrid=True, content=True, instructions={"query": QUERY, "data": PASSAGE}
    )
    embeddings.index([(str(n), text, None) for n, (_, text) in enumerate(chunks)])

    def ask(question):
        found = embeddings.search(question, k)
        return [chunks[int(hit["id"])] for hit in found]

    return ask, ["txtai"]


def bm25_stems(documents, _model, k):
    """No library's set-up but the plain lexical leg: BM25, Turkish stems, 150-word windows."""
    import bm25s
    import Stemmer

    chunks = [
        (d["id"], " ".join(words[i : i + 150]))
        for d in documents
        for words in [d["text"].split()]
        for i in range(0, len(words), 150)
    ]
    stemmer = Stemmer.Stemmer("turkish")

    def terms(texts):
        plain = [t.replace("I", "ı").replace("İ", "i").lower() for t in texts]
        return bm25s.tokenize(plain, stopwords=[], stemmer=stemmer, show_progress=False)

    index = bm25s.BM25()
    index.index(terms([text for _, text in chunks]), show_progress=False)

    def ask(question):
        found, _ = index.retrieve(terms([question]), k=min(k, len(chunks)), show_progress=False)
        return [chunks[n] for n in found[0]]

    return ask, ["bm25s"]


SYSTEMS = {
    f.__name__: f
    for f in (
        langchain_faiss,
        llamaindex_default,
        llamaindex_fusion,
        haystack_hybrid,
        txtai_hybrid,
        bm25_stems,
    )
}


def main():
    name, task_file, out_file = sys.argv[1:]
    task = json.loads(Path(task_file).read_text("utf-8"))
    encoder = Encoder()
    model = None
    if name == "txtai_hybrid":
        from txtai.models import Pooling

        model = Pooling
    elif name != "bm25_stems":
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer
    if model is not None and task["vectors"]:
        recall(model, task)
    if model is not None:
        encoder.watch(model)
    begun = time.perf_counter()
    ask, packages = SYSTEMS[name](task["documents"], task["model"], task["k"])
    built = time.perf_counter() - begun
    for question in task["questions"][:3]:  # the first ones pay for what is loaded late
        ask(question["text"])
    answers = []
    for question in task["questions"]:
        encoder.ms, begun = 0.0, time.perf_counter()
        hits = ask(question["text"])
        ms = (time.perf_counter() - begun) * 1e3
        answers.append({"hits": hits, "ms": ms, "encoder_ms": encoder.ms})
    out = {
        "about": SYSTEMS[name].__doc__.split("\n")[0],
        "versions": {package: version(package) for package in packages},
        "build_s": built,
        "memory_mb": anonymous_mb(),
        "answers": answers,
    }
    Path(out_file).write_text(json.dumps(out, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
