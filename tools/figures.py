"""The interactive figures: bundles by esbuild, and what they need of Python's side.

`_build/figures/<name>.js` comes from the folder `figures/<name>/` (by figures/build.mjs), and
`_build/figures/models/<name>.js` from its `data.py`, or from a shipped model that runs in the page (by
tools/figure_data.py). What there is to build is found by walking the folders. A file is built again
when something that its last build read has changed: esbuild says what that was, and Python's side
is watched. `_build/figures.json` keeps it, a file each:

    rules    hash of what all files of its kind depend on
    used     {"figures/tokens/logic.js": hash, ...}
    made     hash of the file itself, so that a damaged one is noticed
    seconds  what it took
"""

import json
import os
import shutil
import subprocess
import threading
import time

from tools import environment, used, workers
from tools.environment import BUILD, ROOT, Stop, digest, read_json, write

OUT = BUILD / "figures"
KEPT = BUILD / "figures.json"
READ = BUILD / "bundled"  # where figures/build.mjs says what it read
GUESS = 12.0  # seconds of a file of data that was never made


def build() -> None:
    """Bring `_build/figures` up to date."""
    with environment.alone("figures"):
        bundles = {f"{name}.js": name for name in names()}
        data = {f"models/{name}.js": name for name in data_names()}
        _remove_all_but(bundles | data)
        _bundle(stale(bundles, _bundle_rules()), bundles)
        _make_data(stale(data, _data_rules()), data)


def names() -> list[str]:
    """The figures: every folder with an index.js, but the core that they share."""
    found = {path.parent.name for path in (ROOT / "figures").glob("*/index.js")}
    return sorted(found - {"core"})


def data_names() -> list[str]:
    """What is made by Python: the models of the page, and data for each figure that has some."""
    found = {path.parent.name for path in (ROOT / "figures").glob("*/data.py")}
    models = (ROOT / "figures" / "core" / "models.json").read_text(encoding="utf-8")
    return [*json.loads(models), *sorted(found - {"core"})]


def stale(files, rules: str) -> list[str]:
    """Those that are not there as they were made, or were made from something else."""
    kept = read_json(KEPT)

    def current(file: str) -> bool:
        was = kept.get(file, {})
        whole = was.get("made") is not None and was["made"] == used.state(f"_build/figures/{file}")
        return whole and was["rules"] == rules and used.same(was["used"])

    return [file for file in files if not current(file)]


def _bundle_rules() -> str:
    return digest(ROOT / "package-lock.json", ROOT / "figures" / "build.mjs")


def _data_rules() -> str:
    return digest(used.rules(), ROOT / "tools" / "figure_data.py")


def _remove_all_but(files) -> None:
    for path in [*OUT.glob("*.js"), *OUT.glob("models/*.js")]:
        if path.relative_to(OUT).as_posix() not in files:
            path.unlink()


def _bundle(files: list[str], names: dict[str, str]) -> None:
    if not files:
        return
    before, start = used.states(), time.monotonic()
    print(f"Building {len(files)} figures …", end=" ", flush=True)
    script = [environment.node(), str(ROOT / "figures" / "build.mjs")]
    done = subprocess.run(
        script + [names[file] for file in files],
        cwd=ROOT,
        env=environment.node_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        print("failed", flush=True)
        raise Stop(f"the figures cannot be built:\n{(done.stderr or done.stdout).strip()}")
    seconds = time.monotonic() - start
    for file in files:
        read = read_json(READ / f"{names[file]}.json")["read"]
        _keep(file, _bundle_rules(), {path: before.get(path) for path in read}, seconds)
    print(f"{seconds:.1f} s", flush=True)


def _make_data(files: list[str], names: dict[str, str]) -> None:
    if not files:
        return
    times = {file: read_json(KEPT).get(file, {}).get("seconds", GUESS) for file in files}
    at_once = min(len(files), workers.at_once())
    about = workers.duration(max(*times.values(), sum(times.values()) / at_once))
    print(f"Making the data of {len(files)} figures and models … (about {about})", flush=True)
    keeping = threading.Lock()

    def work(file: str, running: workers.Running) -> None:
        before, start = used.states(), time.monotonic()
        read = _run_data(names[file], running)
        seconds = time.monotonic() - start
        with keeping:
            _keep(file, _data_rules(), {path: before.get(path) for path in read}, seconds)
        print(f"      {names[file]:<20} {seconds:4.0f} s", flush=True)

    workers.run_all(work, sorted(files, key=times.get, reverse=True), at_once)


def _run_data(name: str, running: workers.Running) -> set[str]:
    """Make one file of data; what that used."""
    lists, log = BUILD / "used" / name, BUILD / "logs" / f"data-{name}.log"
    shutil.rmtree(lists, ignore_errors=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, **used.watching(lists), "OMP_NUM_THREADS": "1"}
    command = [environment.python(), "-m", "tools.figure_data", name]
    with log.open("w", encoding="utf-8") as sink:
        status = running.call(command, cwd=ROOT, env=env, stdout=sink, stderr=sink)
    if status:
        told = log.read_text(encoding="utf-8", errors="replace").strip()
        raise Stop(f"the data of the figure {name} cannot be made:\n{told}")
    # figure_data looks at what it made before, to leave it alone where nothing changed
    return {path for path in used.listed(lists) if not path.startswith("_build/")}


def _keep(file: str, rules: str, read: dict, seconds: float) -> None:
    made = used.state(f"_build/figures/{file}")
    entry = {"rules": rules, "used": read, "made": made, "seconds": round(seconds, 1)}
    write(KEPT, json.dumps(read_json(KEPT) | {file: entry}, indent=1))
