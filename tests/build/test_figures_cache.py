"""What makes a figure's bundle or data be built again; figures are really built here, small ones."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tools import figures
from tools.environment import ROOT

PLACE = {
    "figures/core/index.js": "export const frame = 1;",
    "figures/core/models.json": "[]",
    "figures/core/data.py": "PAGE_MODELS = []\ndef packed(name): ...",
    "figures/tides/index.js": 'import { frame } from "../core/index.js";\nimport { high } from "./logic.js";\nexport default high + frame;',
    "figures/tides/logic.js": 'import moon from "../../glassbox/recordings/moon.json";\nexport const high = moon[0];',
    "figures/tides/data.py": "import json\nfrom pathlib import Path\nfrom glassbox.machine import model\n"
    "def data():\n    file = Path(model.__file__).parents[1] / 'recordings' / 'tides.json'\n"
    "    return json.loads(file.read_text())",
    "figures/plain/index.js": "export default 2;",
    "glassbox/__init__.py": "",
    "glassbox/machine/__init__.py": "",
    "glassbox/machine/model.py": "",
    "glassbox/machine/optim.py": "",
    "glassbox/recordings/moon.json": "[3]",
    "glassbox/recordings/tides.json": "[1, 2]",
    "package-lock.json": "{}",
    "requirements.lock": "",
}
# By changed file, what is built again, in this order.
AGAIN = {
    "figures/tides/logic.js": ["tides.js"],
    "figures/core/index.js": ["tides.js"],
    "figures/plain/index.js": ["plain.js"],
    "glassbox/recordings/moon.json": ["tides.js"],
    "glassbox/recordings/tides.json": ["models/tides.js"],
    "glassbox/machine/model.py": ["models/tides.js"],
    "figures/tides/data.py": ["models/tides.js"],
    "glassbox/machine/optim.py": [],
    "glassbox/recordings/new.json": [],
    "figures/tides/logic.test.js": [],
    "_build/figures/plain.js": ["plain.js"],
    "package-lock.json": ["plain.js", "tides.js"],
    "requirements.lock": ["models/tides.js"],
    "figures/build.mjs": ["plain.js", "tides.js"],
}
ASK = """
import json
from tools import figures
bundles = figures.stale([f"{name}.js" for name in figures.names()], figures._bundle_rules())
data = figures.stale([f"models/{name}.js" for name in figures.data_names()], figures._data_rules())
print(json.dumps(bundles + data))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A project of two figures with our build in it."""
    root = tmp_path_factory.mktemp("place")
    for path, text in PLACE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "tools", root / "tools")
    shutil.copy(ROOT / "figures" / "build.mjs", root / "figures")
    os.symlink(ROOT / "node_modules", root / "node_modules", target_is_directory=True)
    python(root, "from tools import figures; figures.build()")
    return root


def python(root, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_figures_and_data_are_found_by_walking(place):
    made = place / "_build" / "figures"
    found = {path.relative_to(made).as_posix() for path in made.rglob("*.js")}
    assert found == {"plain.js", "tides.js", "models/tides.js"}
    assert (made / "models" / "tides.js").read_text(encoding="utf-8").split("\n")[1] == "[1,2]"
    assert json.loads(python(place, ASK)) == []


@pytest.mark.parametrize("changed", AGAIN)
def test_a_change_builds_what_was_made_from_it_and_nothing_else(place, changed):
    path = place / changed
    before = path.read_bytes() if path.exists() else None
    path.write_bytes((before or b"") + b"\n ")
    assert json.loads(python(place, ASK)) == AGAIN[changed]
    path.unlink() if before is None else path.write_bytes(before)


def test_what_was_stale_is_current_after_the_build_and_what_is_gone_goes(place):
    (place / "glassbox" / "recordings" / "tides.json").write_text("[5]", encoding="utf-8")
    shutil.rmtree(place / "figures" / "plain")
    said = python(place, "from tools import figures; figures.build()")
    made = place / "_build" / "figures"
    assert (made / "models" / "tides.js").read_text(encoding="utf-8").split("\n")[1] == "[5]"
    assert not (made / "plain.js").exists()
    assert "1 figures and models" in said and "Building" not in said
    assert json.loads(python(place, ASK)) == []


@pytest.mark.parametrize(
    "recording, file",
    [
        ("data_cleaning", "data_cleaning.js"),
        ("memorization", "models/memorization.js"),
        ("memorization_copies", "models/memorization.js"),
        ("pretraining", "models/pretraining.js"),
        ("rlhf_replies", "models/rlhf.js"),
        ("scaling_laws", "scaling_laws.js"),
        ("the_label_office_shift", "models/the_label_office.js"),
    ],
)
def test_a_new_recording_builds_the_figure_that_shows_it_again(recording, file):
    figures.build()
    kept = json.loads(figures.KEPT.read_text(encoding="utf-8"))
    assert f"glassbox/recordings/{recording}.json" in kept[file]["used"]
