r"""Formulas that can be read without JavaScript.

Sphinx leaves a formula's TeX in the page, and MathJax sets it there. Behind the TeX this puts the same formula as
MathML, which browsers draw themselves, into a <noscript>; `_static/book.css` hides the TeX where there are no scripts.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

from bookfiles import write
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

FORMULA = re.compile(
    r'(<(span|div) class="math notranslate nohighlight">)\s*(\\([(\[])(.*?)\\[)\]])(\s*</\2>)', re.S
)


def to_mathml(formulas: list[tuple[str, bool]]) -> list[str]:
    """MathML of formulas, each its TeX and whether it stands alone in its line."""
    if not formulas:
        return []
    script = Path(__file__).with_suffix(".mjs")
    done = subprocess.run(
        [shutil.which("node") or "node", script],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise ExtensionError(f"formulas cannot be turned into MathML: {done.stderr.strip()[-600:]}")
    converted = json.loads(done.stdout)
    for (tex, _), mathml in zip(formulas, converted, strict=True):
        if "<merror" in mathml:
            raise ExtensionError(f"MathJax does not understand the formula {tex}")
    return converted


def found(page: str) -> list[tuple[str, bool]]:
    r"""The formulas of a page.

    >>> found(r'<span class="math notranslate nohighlight">\(x &lt; 1\)</span>')
    [('x < 1', False)]
    """
    return [(html.unescape(m[5]).strip(), m[4] == "[") for m in FORMULA.finditer(page)]


def with_mathml(page: str, mathml: dict[tuple[str, bool], str]) -> str:
    def both(m: re.Match) -> str:
        instead = mathml[html.unescape(m[5]).strip(), m[4] == "["]
        return f'{m[1]}<span class="gb-tex">{m[3]}</span><noscript>{instead}</noscript>{m[6]}'

    return FORMULA.sub(both, page)


def build_finished(app: Sphinx, error) -> None:
    """All pages with one call: starting MathJax takes longer than any formula."""
    if error or app.builder.format != "html":
        return
    pages = {p: p.read_text(encoding="utf-8") for p in sorted(Path(app.outdir).rglob("*.html"))}
    pages = {path: page for path, page in pages.items() if FORMULA.search(page)}
    formulas = sorted({formula for page in pages.values() for formula in found(page)})
    mathml = dict(zip(formulas, to_mathml(formulas), strict=True))
    for path, page in pages.items():
        write(path, with_mathml(page, mathml))


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", build_finished, priority=940)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
