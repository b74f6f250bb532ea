"""The server's own words, and the pages that are nothing but words.

Such a page comes where nothing else may be loaded (the door lets no style sheet out to
whoever has no key), so it brings its own few lines of style, in the look of the screens
by day; `STYLE_HASH` is what a content security policy lets them pass by.
"""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from coreg import words as catalogue
from coreg.words import Language

LANGUAGE_COOKIE = "coreg.language"  # as in `preferences.js`
STATIC = Path(__file__).with_name("static")


_STYLE = """
:root { color-scheme: light dark; --paper: #FCFBF8; --ink: #26323A; --quiet: #56646C; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #121A21; --ink: #F4EFE6; --quiet: #94A3AA; }
}
* { box-sizing: border-box; }
html { background: var(--paper); }
body {
  display: grid;
  align-content: center;
  gap: 14px;
  min-height: 100dvh;
  max-width: 684px;
  margin: 0 auto;
  padding: 40px 32px;
  color: var(--quiet);
  font: 400 17px/1.55 Inter, "Segoe UI", system-ui, sans-serif;
  overflow-wrap: break-word;
}
h1, p { margin: 0; text-wrap: pretty; }
h1 { color: var(--ink); font-size: clamp(26px, 22px + 1vw, 34px); font-weight: 400; }
h1 { line-height: 1.25; text-wrap: balance; }
p:only-of-type:first-child { color: var(--ink); font-size: 20px; }
a { color: inherit; text-underline-offset: 5px; }
"""
STYLE_HASH = (
    "sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
)


def refusal(key: str, language: Language | None = None) -> str:
    """Return the page that says why something is refused, and what to do.

    Without a language it is in the one that is spoken, as are all words to both.
    """
    spoken = language or catalogue.spoken()
    words = say(key, language=spoken)
    title = say(f"{key}-title", language=spoken)
    return page_of_words(words, title=title, language=spoken)


def say(key: str, detail: str = "", *, language: Language | None = None) -> str:
    """Return the words of this key; `detail` takes its place in them."""
    spoken = language or catalogue.spoken()
    return catalogue.say_in(spoken, f"pages.server.{key}", detail=detail).strip()


def language_of(cookies: Mapping[str, str], accept_language: str) -> Language:
    """Return the language chosen in this browser, else the one that it asks for."""
    chosen = catalogue.of_tag(cookies.get(LANGUAGE_COOKIE, ""))
    return chosen or catalogue.asked_for(accept_language)


def words_of_pages(language: Language) -> dict[str, Any]:
    """Return all that the pages say by themselves; the server says the rest."""
    told = {**catalogue.section("pages", language)}
    del told["server"]
    each = catalogue.section("cards", language)
    return told | {"cards": {**told["cards"], "each": each}}


def front_page(language: Language, file: str = "index.html") -> str:
    """Return the page that all screens are shown on, or another one of ours."""
    html = (STATIC / file).read_text(encoding="utf-8")
    no_script = catalogue.section("pages", language)["server"]["no-script"]
    for blank, words in {"{language}": language, "{no-script}": no_script}.items():
        html = html.replace(blank, escape(words))
    return html


def page_of_words(
    words: str, *, title: str = "", language: Language | None = None
) -> str:
    """Return a whole page that says this and nothing else; markup in it stays words.

    Examples
    --------
    >>> page_of_words("a < b")[-29:]
    '<p>a &lt; b</p></main></html>'
    """
    heading = f"<h1>{escape(title)}</h1>" if title else ""
    body = f"{heading}<p>{escape(words)}</p>"
    return _page("", body, title=title, language=language)


def page_with(body: str, *, title: str, style: str) -> str:
    """Return a whole page of this body, for whoever opens a file of their own."""
    return _page(f"<style>{style}</style>", body, title=title)


def page_that_asks_again(words: str, page_key: str) -> str:
    """Return a page that says this and soon asks for its own address anew.

    It asks as it was asked for: by a form that holds the page's key.
    """
    return _page(
        "",
        f'<p>{escape(words)}</p><form method="post"><input type="hidden" '
        f'name="page-key" value="{escape(page_key)}"></form>'
        '<script type="module" src="/static/ask_again.js"></script>',
    )


def page_that_enters(page_key: str, language: Language) -> str:
    """Return the page at a launch link: it keeps its key and goes to the front page."""
    no_script = say("no-script", language=language)
    return _page(
        f'<meta name="coreg-page-key" content="{escape(page_key)}">'
        '<script type="module" src="/static/enter.js"></script>',
        f"<noscript><p>{escape(no_script)}</p></noscript>",
        language=language,
    )


def page_that_joins(language: Language) -> str:
    """Return the page to which a phone is led: it brings its code, and goes on.

    What becomes of the code it says in the element that it has for that.
    """
    title = say("joining-title", language=language)
    no_script = say("no-script", language=language)
    return _page(
        '<script type="module" src="/static/join.js"></script>',
        f'<h1 id="title">{escape(title)}</h1><p id="words" aria-live="polite"></p>'
        f"<noscript><p>{escape(no_script)}</p></noscript>",
        title=title,
        language=language,
    )


def page_that_leads(address: str) -> str:
    """Return a page that leads to this address, by itself or by its one link."""
    there = escape(address)
    return _page(
        '<meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="refresh" content="0;url={there}">',
        f'<p><a href="{there}">{escape(say("open-coreg"))}</a></p>',
    )


def _page(
    head: str, body: str, *, title: str = "", language: Language | None = None
) -> str:
    called = f"{escape(title)} · coreg" if title else "coreg"
    spoken = language or catalogue.spoken()
    return (
        f'<!doctype html><html lang="{spoken}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{called}</title><style>{_STYLE}</style>"
        f"{head}<main>{body}</main></html>"
    )
