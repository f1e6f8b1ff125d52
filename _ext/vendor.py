"""Gather what pages need from outside Python into `_build/vendor`: fonts, MathJax, plotly, QR codes.

Fonts, MathJax and the drawer of QR codes come from `node_modules` (pinned in package.json), plotly.min.js from the Python
package. Files are copied only when they differ, so a second call does nothing.
"""

import filecmp
import shutil
from pathlib import Path

FONTS = [
    "source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
    "source-serif-4/files/source-serif-4-latin-ext-wght-normal.woff2",
    "source-serif-4/files/source-serif-4-latin-wght-italic.woff2",
    "inter/files/inter-latin-wght-normal.woff2",
    "inter/files/inter-latin-ext-wght-normal.woff2",
    "source-code-pro/files/source-code-pro-latin-wght-normal.woff2",
    "source-code-pro/files/source-code-pro-latin-ext-wght-normal.woff2",
]
FONT_LICENSES = ["source-serif-4", "inter", "source-code-pro"]


# MathJax in parts, without its menu: 165 KB compressed instead of 262.
MATHJAX = [
    "startup.js",
    "core.js",
    "input/tex.js",
    "output/chtml.js",
    "output/chtml/fonts/tex.js",
    "a11y/assistive-mml.js",
]
TOOLS = Path(__file__).resolve().parents[1]  # the repository, which has node_modules


def wanted() -> dict[str, Path]:
    """What belongs in the vendor folder: relative path -> where it comes from."""
    import plotly

    node = TOOLS / "node_modules"
    files = {f"fonts/{Path(f).name}": node / "@fontsource-variable" / f for f in FONTS}
    for name in FONT_LICENSES:
        files[f"fonts/LICENSE-{name}.txt"] = node / "@fontsource-variable" / name / "LICENSE"
    mathjax = node / "mathjax" / "es5"
    files |= {f"mathjax/{name}": mathjax / name for name in MATHJAX}
    fonts = mathjax / "output" / "chtml" / "fonts" / "woff-v2"
    for font in sorted(fonts.glob("*.woff")):
        files[f"mathjax/output/chtml/fonts/woff-v2/{font.name}"] = font
    files["qrcode.js"] = node / "qrcode-generator" / "dist" / "qrcode.js"
    files["plotly/plotly.min.js"] = Path(plotly.__file__).parent / "package_data/plotly.min.js"
    return files


def vendor(root: Path) -> Path:
    """Fill `<root>/_build/vendor` and return it; raises FileNotFoundError with the remedy."""
    out = root / "_build" / "vendor"
    for name, source in wanted().items():
        if not source.is_file():
            raise FileNotFoundError(
                f"{source} is missing; run `python make.py env`, or `npm ci` in {TOOLS}"
            )
        target = out / name
        if target.is_file() and filecmp.cmp(source, target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".partial")
        shutil.copyfile(source, partial)
        partial.replace(target)
    return out


if __name__ == "__main__":
    print(vendor(TOOLS))
