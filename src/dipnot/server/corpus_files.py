"""Routes of the corpus page: what lies in the corpus, what is understood of it, putting and taking.

Owns: who may do which, and the shape of what is answered. The files themselves are ``shelf``'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from dipnot.engine import Engine
from dipnot.errors import CorpusError, DipnotError, TooSlow
from dipnot.formats import MAX_BYTES, SUFFIXES
from dipnot.index.build import Index
from dipnot.server import schemas
from dipnot.server.admin import Token, check_admin
from dipnot.server.examples import examples_of
from dipnot.server.problems import chunks_of, is_drained, last_word, problems
from dipnot.server.shelf import (
    Listing,
    Reader,
    Shelved,
    check_free,
    check_name,
    incoming,
    take_off,
)
from dipnot.types import Document

_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
# An address has one name for its part, whatever it stands for with another method.
FileName = Annotated[str, Path(description="The file's name, such as kopruler.pdf")]
_HEADINGS = 40
_BEGINNING = 1200


def corpus_routes(engine: Engine) -> APIRouter:
    """Make the routes over the corpus folder."""
    router = APIRouter(tags=["corpus"], responses=problems(422))
    folder = engine.settings.corpus
    reader, listing = Reader(), Listing(folder)

    @router.get("/corpus")
    def corpus() -> schemas.CorpusShape:
        """List the files of the corpus with their state, beside the index that is served."""
        index = engine.index if engine.is_ready else None
        files: list[Shelved] = []
        trouble = None
        try:
            files = listing.look(index.manifest if index else None)
        except CorpusError as error:
            trouble = str(error)
        return schemas.CorpusShape(
            files=[_file_shape(index, file) for file in files],
            catalogue=trouble,
            suffixes=list(SUFFIXES),
            most_bytes=MAX_BYTES,
            admin=engine.settings.admin_token is not None,
            ready=index is not None,
            damaged=engine.trouble is not None,
            stale_reason=engine.staleness() if index else None,
        )

    @router.get("/corpus/{file:path}", responses=problems(404, 429, "corpus-unusable"))
    def understood(file: str) -> schemas.UnderstoodShape:
        """Say what is understood of a file, before it is built too; one is read at a time."""
        return _understood_shape(reader.inspect(folder, file))

    @router.put(
        "/documents/{doc_id}",
        status_code=201,
        response_model=schemas.PutShape,
        responses=problems(401, 403, "already-there", 413, 429, "corpus-unusable"),
        openapi_extra={"requestBody": {"required": True, "content": _BYTES}},
    )
    async def put(
        doc_id: FileName,
        request: Request,
        token: Token,
        *,
        replace: Annotated[bool, Query(description="Put it in the place of another")] = False,
    ) -> schemas.PutShape | Response:
        """Put a file into the corpus: the body is the file, its bytes as they are (admin).

        It is read first, as a build would. The next rebuild brings it into the index.
        """
        try:
            check_admin(engine, token.credentials if token else None)
            name = check_name(doc_id)
            made = check_free(folder, name, replace=replace)
            with incoming(folder, name) as coming:
                async for chunk in chunks_of(request):
                    coming.write(chunk)
                with reader.place():
                    replaced = await run_in_threadpool(coming.publish, replace=replace)
        except DipnotError as error:
            # A client still writing would see a broken connection, not the answer.
            if isinstance(error, TooSlow) or not await is_drained(request):
                return last_word(error)
            raise
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody hears
        return schemas.PutShape(file=name, doc_id=made, replaced=replaced, size=coming.size)

    @router.delete(
        "/documents/{doc_id}",
        status_code=204,
        responses=problems(401, 403, 404, "corpus-unusable"),
    )
    def take(doc_id: FileName, token: Token) -> None:
        """Take a file out of the corpus for good; the index has it until the rebuild (admin)."""
        check_admin(engine, token.credentials if token else None)
        take_off(folder, doc_id)

    return router


def _file_shape(index: Index | None, file: Shelved) -> schemas.FileShape:
    document = index.documents.get(file.doc_id or "") if index else None
    return schemas.FileShape(
        file=file.file,
        doc_id=file.doc_id,
        state=file.state,
        reason=file.reason,
        size=file.size,
        removable=file.file != "" and "/" not in file.file and file.size is not None,
        **_known(index, document),
    )


def _known(index: Index | None, document: Document | None) -> dict[str, Any]:
    if index is None or document is None:
        nothing = ("title", "author", "year", "pages", "footnotes", "passages")
        return {"languages": [], "examples": [], **dict.fromkeys(nothing)}
    return {
        "title": document.title,
        "author": document.author,
        "year": document.imprint.year,
        "languages": list(document.languages),
        "pages": len(document.pages),
        "footnotes": len(document.footnotes),
        "passages": index.places.shown_of(document.doc_id),
        "examples": list(examples_of(document)),
    }


def _understood_shape(told: dict[str, Any]) -> schemas.UnderstoodShape:
    return schemas.UnderstoodShape(
        file=told["file"],
        title=told["title"],
        author=told["author"],
        languages=told["languages"],
        characters=told["characters"],
        pages=len(told["pages"]),
        footnotes=len(told["footnotes"]),
        references=len(told["references"]),
        headings=[section["heading"] for section in told["sections"]][:_HEADINGS],
        missing=told["missing"],
        oddities=list(_oddities(told)),
        beginning=told["text"][:_BEGINNING],
    )


def _oddities(told: dict[str, Any]) -> Iterator[str]:
    for oddity in told["oddities"][:_HEADINGS]:
        yield f"s. {oddity['page']}: {oddity['kind']}: {oddity['detail']}"
