"""Take the picture of each figure that stands in for it without JavaScript and on paper.

    python make.py stills [figure …]

opens the built book in the system's Chromium, operates each figure and writes `figures/<name>/still.webp`, and into
`still.json` the sentence that the figure then says and the picture's size. `still.json` may say how the figure gets there:

    link   what a permalink would set: "guess=none&step=800"
    keys   keys to press, each with the control that has the focus: [[".chips button", "Enter"]]
    place  which of the page's figures of this name it is, from 0

A figure of which a page shows several views has a picture of each: `still_<view>.json` beside `still.json`.

Without either, the figure's main control is operated once, as a reader would try it. Quizzes and predictions need no
picture, and the list of cases has its own words: `_ext/stills.py` and `_ext/cases.py` write those out.
"""

import io
import json
import os
import re
import shutil
import sys
from pathlib import Path

from tools.environment import BUILD, ROOT, Stop

IN_WORDS = {"quiz", "predict", "copyright_cases"}
# The first is Debian's Chromium without windows: the same pages for less work.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
SCREEN = {"width": 920, "height": 1000}
WIDTHS = (390, 1280)  # of a phone and of a desk, as in the tests
SHARP = 1.5  # pixels of the picture for one of the page
PLAIN = """.gb-link, .gb-more, .gb-bar, .gb-fig .gb-aha { display: none !important }
.gb-fig.gb-fig.gb-fig { min-block-size: 0 !important }"""
PATIENCE = 240_000  # milliseconds: a machine busy with other work is slow
KEYS = {"range": "ArrowRight", "select": "ArrowDown", "radio": "Space", "checkbox": "Space"}


def take(html: Path, wanted: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    pages = {name: page for name, page in first_pages(html).items() if name not in IN_WORDS}
    if unknown := set(wanted) - set(pages):
        raise Stop(f"no page of {html} shows {', '.join(sorted(unknown))}")
    with sync_playwright() as playwright:
        path = chromium_path()
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in wanted or sorted(pages):
            context = browser.new_context(
                viewport=SCREEN, device_scale_factor=SHARP, reduced_motion="reduce"
            )
            context.set_default_timeout(PATIENCE)
            for file in files_of(name):
                one(context.new_page(), file, pages[name])
                update(file, tall=[tall(browser, pages[name], file, width) for width in WIDTHS])
            context.close()
        browser.close()


def chromium_path() -> str | None:
    """A browser of the system, or None: then playwright's own, if it was downloaded."""
    return os.environ.get("GLASSBOX_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def first_pages(html: Path) -> dict[str, Path]:
    """Every figure of the book, and the first page that shows it, chapters before labs."""
    found = {}
    for path in sorted(html.rglob("*.html"), key=lambda p: ("chapters" not in p.parts, str(p))):
        for name in re.findall(r'data-afm-name="([\w-]+)"', path.read_text(encoding="utf-8")):
            found.setdefault(name, path)
    return found


def one(tab, file: Path, page: Path) -> None:
    name = file.parent.name
    figure = reach(tab, page.as_uri(), name, kept(file))
    sentence = said(figure)
    tab.add_style_tag(content=PLAIN)
    tab.wait_for_timeout(300)
    shot = figure.screenshot(animations="disabled", caret="hide")
    size = [round(figure.bounding_box()[side]) for side in ("width", "height")]
    image = file.with_suffix(".webp")
    save(shot, image)
    update(file, sentence=sentence, size=size)
    print(f"{name:20} {image.stat().st_size / 1024:6.1f} KB  {sentence}")


def tall(browser, page: Path, file: Path, width: int) -> int:
    """The height in pixels of a figure as a page of this width opens it."""
    context = browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    tab.goto(page.as_uri(), wait_until="domcontentloaded")
    mounted = tab.locator(f'.afm[data-afm-name="{file.parent.name}"]')
    mounted = mounted.nth(kept(file).get("place", 0))
    mounted.scroll_into_view_if_needed()
    mounted.locator("[data-main=response]").wait_for()
    tab.wait_for_timeout(1_500)
    height = round(mounted.bounding_box()["height"])
    context.close()
    return height


def files_of(name: str) -> list[Path]:
    """What tells of a figure's pictures: `still.json`, and one for each view that has its own."""
    first = ROOT / "figures" / name / "still.json"
    return [first, *sorted(first.parent.glob("still_*.json"))]


def kept(file: Path) -> dict:
    """What such a file says; nothing yet for a figure that has no picture."""
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def update(file: Path, **found) -> None:
    text = json.dumps(kept(file) | found, ensure_ascii=False, indent=2) + "\n"
    file.write_text(text, encoding="utf-8")


def reach(tab, address: str, name: str, way: dict):
    """Bring the figure into the state of its picture; returns its element."""
    link = f"#fig={name}&{way['link']}" if "link" in way else ""
    tab.goto(address + link, wait_until="domcontentloaded")
    mounted = tab.locator(f'.afm[data-afm-name="{name}"]').nth(way.get("place", 0))
    figure = mounted.locator(".gb-fig")
    figure.scroll_into_view_if_needed()
    figure.locator("[data-main=response]").wait_for()
    for selector, key in way.get("keys", [] if link else [main_key(figure)]):
        figure.locator(selector).first.press(key)
    tab.wait_for_timeout(1_500)
    tab.evaluate("document.activeElement.blur()")
    return figure


def main_key(figure) -> list[str]:
    """Where the main control is, and the key that operates it."""
    tags = ":is(button, select, input, textarea):enabled"
    main = figure.locator("[data-main=control]")
    inside = main.locator(tags)
    control = inside.first if inside.count() else main
    kind = control.evaluate("c => c.tagName === 'INPUT' ? c.type : c.tagName.toLowerCase()")
    if not inside.count():
        return ["[data-main=control]", KEYS.get(kind, "Enter")]
    chosen = kind == "radio" and control.is_checked()
    return [f"[data-main=control] {tags} >> nth={int(chosen)}", KEYS.get(kind, "Enter")]


def said(figure) -> str:
    sentence = figure.locator(".gb-aha")
    return sentence.inner_text() if sentence.is_visible() else ""


def save(shot: bytes, file: Path) -> None:
    from PIL import Image

    Image.open(io.BytesIO(shot)).convert("RGB").save(file, "WEBP", quality=75, method=6)


def size(image: Path) -> tuple[int, int]:
    from PIL import Image

    with Image.open(image) as opened:
        return opened.size


if __name__ == "__main__":
    html = Path(os.environ.get("GLASSBOX_HTML") or BUILD / "html").resolve()
    take(html, sys.argv[1:])
