"""What every server of pages answers alike: front, words, files, and faults."""

import mimetypes
from typing import Final

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from coreg.web.words import STATIC, front_page, language_of, refusal, words_of_pages
from coreg.words import Language

ASKED_ANEW: Final = {"Cache-Control": "no-cache"}

# Some computers' registries call a script plain text, which browsers refuse to run.
mimetypes.add_type("text/javascript", ".js")


def asked(by: HTTPConnection) -> Language:
    """Return the language that a browser asks for."""
    return language_of(by.cookies, by.headers.get("accept-language", ""))


def front(request: Request, page: str) -> Response:
    """Answer with a page of `static`, in the language of whoever asks."""
    return HTMLResponse(front_page(asked(request), page), headers=ASKED_ANEW)


def static_routes() -> list[BaseRoute]:
    """Return the routes of the pages' words and files, in the order they are tried."""
    return [
        Route("/static/words.json", _words),
        Mount("/static", _Static(directory=STATIC)),
    ]


async def sorry(request: Request, _error: Exception) -> Response:
    """Answer in words; the server logs the traceback."""
    return HTMLResponse(refusal("fault-page", asked(request)), status_code=500)


async def _words(request: Request) -> Response:
    """Answer with the words of the pages, in the language of whoever asks."""
    language = asked(request)
    headers = {**ASKED_ANEW, "Content-Language": language}
    return JSONResponse(words_of_pages(language), headers=headers)


class _Static(StaticFiles):
    """Static files, asked for anew each time: coreg may have been updated."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(ASKED_ANEW)
        return response
