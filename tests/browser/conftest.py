"""A real browser for the built book: one Chromium, a server on this machine, and no way out.

`GLASSBOX_HTML=folder` takes a folder of pages as it is, instead of building the book first.
Without a browser the tests are skipped, except under CI=true, where they fail.
"""

import contextlib
import functools
import http.server
import os
import re
import threading
from pathlib import Path

import pytest
import yaml

from tests.browser import axe
from tools.stills import chromium_path, first_pages

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# ---- the pages, from `_toc.yml`, so that tests know them before the book is built


def files(entry) -> list[str]:
    """Every `file` in a table of contents, in order."""
    if isinstance(entry, list):
        return [f for part in entry for f in files(part)]
    found = [entry["file"]] if "file" in entry else []
    for key in ("parts", "chapters", "sections"):
        found += files(entry.get(key, []))
    return found


TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = ["index.html", *(f"{name}.html" for name in files(TOC)), "search.html"]


def pytest_generate_tests(metafunc):
    """A test that takes `page` runs for every page of the book."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", PAGES)


@pytest.fixture(scope="session")
def check_page():
    return axe.check


# ---- the browser


@pytest.fixture(scope="session")
def site(request) -> Path:
    folder = os.environ.get("GLASSBOX_HTML")
    return Path(folder).resolve() if folder else request.getfixturevalue("built_book")


@pytest.fixture(scope="session")
def figures(site) -> dict[str, str]:
    """Every figure of the book, and the first page that shows it, chapters before labs."""
    found = {name: path.relative_to(site).as_posix() for name, path in first_pages(site).items()}
    assert found, "the book has no interactive figure"
    return found


@pytest.fixture(scope="session")
def alone(site) -> dict[str, str]:
    """The page on which each figure stands alone: what a figure does is asked there, where nothing else
    has to load. How it stands among the text of its chapter is asked in test_figures and test_pages."""
    found = {path.stem: f"figures/{path.name}" for path in site.glob("figures/*.html")}
    assert found, "no figure has a page of its own"
    return found


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def address(site):
    """The book over http, from this machine."""
    handler = functools.partial(_Quiet, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        except Error as error:
            reason = f"no Chromium could be started ({str(error).splitlines()[0]})"
            if os.environ.get("CI") == "true":
                pytest.fail(reason + "; install the system's package `chromium`")
            pytest.skip(reason)
        yield chromium
        chromium.close()


class Visit:
    """One tab that notes whatever goes wrong and lets nothing leave the site."""

    def __init__(self, browser, address: str, **context):
        self.address = address
        self.context = browser.new_context(**context)
        self.context.set_default_timeout(180_000)  # a machine busy with other work is slow
        # only what leaves the site is stopped on its way: the rest need not wait for Python
        here = "|".join(map(re.escape, (address, "data:", "blob:", "about:")))
        self.context.route(re.compile(f"^(?!{here})"), self._refuse)
        self.tab = self.context.new_page()
        self.trouble: list[str] = []
        self.tab.on("console", self._console)
        self.tab.on("pageerror", lambda e: self.trouble.append(f"error: {e}"))
        self.tab.on("requestfailed", self._failed)
        self.tab.on(
            "response",
            lambda r: self.trouble.append(f"{r.status}: {r.url}") if r.status >= 400 else None,
        )

    def _refuse(self, route):
        self.trouble.append(f"outside: {route.request.url}")
        route.abort()

    def _failed(self, request):
        if "ERR_ABORTED" not in (request.failure or ""):  # the tab went on to another page
            self.trouble.append(f"failed: {request.url}")

    def _console(self, message):
        # without a graphics card WebGL and plotly's canvas say how slow they are
        slow = any(words in message.text for words in ("GL Driver", "willReadFrequently"))
        if message.type in ("error", "warning") and not slow:
            self.trouble.append(f"console {message.type}: {message.text}")

    def open(self, page: str):
        """Go to a page and wait until its figures stand."""
        self.trouble.clear()
        self.tab.goto(self.address + page, wait_until="load")
        self.tab.wait_for_function(
            "() => [...document.querySelectorAll('.afm')].every(e => ['ready', 'error'].includes(e.dataset.afm))",
            timeout=180_000,
        )
        return self.tab

    def open_figure(self, page: str, name: str, arrived: str = ""):
        """Go to a page anew; returns the tab and the figure's element, scrolled into view. `arrived` is what
        a figure shows when it has what it loads: that is waited for, and a failure to load fails."""
        self.tab.goto("about:blank")
        tab = self.open(page)
        found = tab.locator(f'.afm[data-afm-name="{name}"]').first
        found.scroll_into_view_if_needed()
        if arrived:
            found.locator(f"{arrived}, .gb-failed").first.wait_for()
            assert found.locator(".gb-failed").count() == 0, found.inner_text()
        return tab, found

    @contextlib.contextmanager
    def seen(self, width: int | None = None, height: int | None = None, media: str = "screen"):
        """The tab on another screen or on paper; as it was afterwards, whatever happens within."""
        own = dict(self.tab.viewport_size)
        self.tab.set_viewport_size(
            {"width": width or own["width"], "height": height or own["height"]}
        )
        self.tab.emulate_media(media=media)
        try:
            yield self.tab
        finally:
            self.tab.emulate_media(media="screen")
            self.tab.set_viewport_size(own)

    def assert_fits(self, *widths: int):
        """On screens of these widths nothing of the page stands out to the right."""
        for width in widths:
            with self.seen(width=width, height=800):
                wide = self.tab.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{wide} pixels on a screen of {width}"

    def close(self):
        self.context.close()


@pytest.fixture(scope="session")
def desk(browser, address):
    """A desktop reader: over http, light colors, 1280 pixels wide."""
    visit = Visit(browser, address, viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield visit
    visit.close()


@pytest.fixture(scope="session")
def phone(browser, site):
    """A reader who opened the folder on a phone: file://, dark colors, 390 pixels wide."""
    here = site.as_uri() + "/"
    visit = Visit(browser, here, viewport={"width": 390, "height": 844}, color_scheme="dark")
    yield visit
    visit.close()


@pytest.fixture(scope="session")
def saved():
    """Save a figure's result as a picture (figures/core/card.js); returns the words that stand in for it."""
    from PIL import Image

    def save(tab, figure, file: str) -> str:
        with tab.expect_download() as download:
            figure.get_by_role("button", name="Save my result as a picture").press("Enter")
        assert download.value.suggested_filename == file
        with Image.open(download.value.path()) as picture:
            assert picture.format == "PNG" and picture.size == (1200, 630)
            drawn = picture.convert("RGB").crop(
                (40, 40, 1160, 590)
            )  # letters and bars, no empty sheet
            assert len(drawn.getcolors(1200 * 630)) > 20
        shown = figure.locator("img.gb-card")
        shown.wait_for()
        return " ".join(shown.get_attribute("alt").split())

    return save


@pytest.fixture(scope="session")
def own_folder(tmp_path_factory):
    """A site of plain pages with the figures; see own_pages.py."""
    from tests.browser import own_pages

    out = tmp_path_factory.mktemp("figures")
    own_pages.write(out)
    return out


@pytest.fixture
def own(browser, own_folder):
    """A narrow page of ours from file://, with nothing stored."""
    visit = Visit(browser, own_folder.as_uri() + "/", viewport={"width": 390, "height": 844})
    yield visit
    visit.close()
