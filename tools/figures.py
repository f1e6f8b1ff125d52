"""The interactive figures: bundles by esbuild, and what they need of Python's side.

`_build/figures/<name>.js` comes from `figures/<name>/` (by figures/build.mjs), and
`_build/figures/models/*.js` from the library: the trained model packed for the page, and texts.
Each half is built only when something it comes from changed or its files are damaged.
"""

import json
import subprocess
import time
from pathlib import Path

from tools import environment
from tools.environment import BUILD, ROOT, Stop, digest, read_json, tree_digest, write

OUT = BUILD / "figures"


def build() -> None:
    """Bring `_build/figures` up to date."""
    with environment.alone("figures"):
        _build()


def _build() -> None:
    bundles = digest(tree_digest(ROOT / "figures"), ROOT / "package-lock.json")
    script = [environment.node(), str(ROOT / "figures" / "build.mjs")]
    _step("the figures", bundles, OUT, "*.js", script)
    data = digest(tree_digest(ROOT / "glassbox"), tree_digest(ROOT / "figures"))
    export = [environment.python(), "-m", "tools.figure_data"]
    _step("the model for the figures", data, OUT / "models", "*.js", export)


def _step(what: str, inputs: str, out: Path, pattern: str, command: list[str]) -> None:
    """Run a command unless its inputs and its outputs are those of its last good run."""
    stamp = BUILD / f"{out.name}.json"
    if read_json(stamp) == {"inputs": inputs, "outputs": _made(out, pattern)}:
        return
    print(f"Building {what} …", end=" ", flush=True)
    start = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment.node_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        print("failed", flush=True)
        raise Stop(f"{what} cannot be built:\n{(done.stderr or done.stdout).strip()}")
    write(stamp, json.dumps({"inputs": inputs, "outputs": _made(out, pattern)}))
    print(f"{time.monotonic() - start:.1f} s", flush=True)


def _made(out: Path, pattern: str) -> str:
    """The hash of what a step made; of nothing where it made nothing."""
    files = sorted(out.glob(pattern))
    return digest(*(part for path in files for part in (path.name, path))) if files else ""
