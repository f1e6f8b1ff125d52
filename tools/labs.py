"""The labs: which must run again, running them, and keeping what they gave.

A lab runs once, by nbval, in a process of its own. `_build/labs/<lab>/` then holds
`executed.ipynb` (the notebook with its outputs: the page) and `run.json`:

    key          hash of all that the outputs depend on
    ok           whether every cell ran
    error        None, or {"cell", "message", "traceback"}
    seconds      wall time from the kernel's start to its last cell; cpu_seconds: processor time
    slowness     how much slower than the reference machine this one was then (1.0 or more)
    peak_mb      the kernel's peak of resident memory, and what its processes hold, in MiB
    left_behind  files that the lab left in the folder it ran in
    records      {"next_word.bigram_bpb": {"value", "digits", "unit"}}: what the prose quotes
    sha256       of executed.ipynb, so that a damaged entry is noticed

The key covers the notebook (code, text, metadata; outputs aside), the library with its models,
the built figures the notebook uses, the pinned packages, the Python version and this runner.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from tools import environment
from tools.environment import BUILD, ROOT, digest, read_json, tree_digest, write

LABS = ROOT / "labs"
CACHE = BUILD / "labs"
PLUGIN = Path(__file__).with_name("lab_capture.py")
HOME = BUILD / "home"  # what programs would otherwise leave in the reader's home folder

RUN_LEAVES = ("outputs", "execution_count")
CELL_TIMEOUT = 600  # seconds; a lab's own budget is in tests/labs
GUESS = 60.0  # seconds a lab takes that has never run
# Processor seconds that `_calibrate` takes on one quiet core of the machine the budgets are for.
REFERENCE = 0.085


def names() -> list[str]:
    return sorted(path.stem for path in LABS.glob("*.ipynb"))


def key(name: str) -> str:
    """The hash of all that the outputs of a lab depend on."""
    text = _what_it_says(LABS / f"{name}.ipynb")
    figures = sorted(set(re.findall(r"""\bfigure\(\s*\\?["']([a-z0-9_]+)""", text)))
    bundles = [f"figures/{figure}.js" for figure in figures]
    if figures:
        bundles.append("figures/models/base.js")
    return digest(
        text,
        tree_digest(ROOT / "glassbox"),
        *(part for bundle in bundles for part in (bundle, BUILD / bundle)),
        ROOT / "requirements.lock",
        environment.python_minor(),
        PLUGIN,
    )


def _what_it_says(path: Path) -> str:
    """A notebook without what running it leaves in the file; the file itself if it is broken."""
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        cells = json.loads(text)["cells"]
        kept = [{k: v for k, v in c.items() if k not in RUN_LEAVES} for c in cells]
    except (ValueError, TypeError, KeyError, AttributeError):
        return text
    return json.dumps(kept, sort_keys=True)


def run_record(name: str) -> dict:
    """What is known of a lab's last run; empty where it never ran or its files are damaged."""
    record = read_json(CACHE / name / "run.json")
    if record.get("ok") and record.get("sha256") != _sha256(CACHE / name / "executed.ipynb"):
        return {}
    return record


def is_current(name: str) -> bool:
    """Whether the kept outputs are whole, without error, and of today's code."""
    record = run_record(name)
    return bool(record.get("ok")) and record.get("key") == key(name)


def run_stale(wanted: list[str] | None = None) -> list[dict]:
    """Run each lab whose kept outputs are not current; the records of all wanted labs.

    A lab that fails is shown with its cell and traceback, and the others still run.
    """
    wanted = names() if wanted is None else wanted
    stale = [name for name in wanted if not is_current(name)]
    if stale:
        _prepare()
    left = {name: read_json(CACHE / name / "run.json").get("seconds") or GUESS for name in stale}
    for number, name in enumerate(stale, 1):
        about = _duration(sum(left.values()))
        print(f"[{number}/{len(stale)}] lab {name} … (about {about} left)", flush=True)
        with environment.alone(f"lab-{name}"):
            record = run_record(name) if is_current(name) else run(name)
        del left[name]
        outcome = "done" if record["ok"] else "FAILED"
        print(f"        {outcome} in {record['seconds']:.0f} s, {record['peak_mb']:.0f} MB")
        if record["error"]:
            where = f"cell {record['error']['cell']!r} of labs/{name}.ipynb"
            print(f"\n{where}\n{record['error']['traceback']}\n", flush=True)
    return [{"name": name, **run_record(name)} for name in wanted]


def run(name: str) -> dict:
    """Run one lab now and keep what it gave; its record."""
    folder = CACHE / name
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    key_before = key(name)
    slowness = _slowness()
    start = time.monotonic()
    status = _run_nbval(name, work)
    report = read_json(work / "report.json") or {
        "seconds": round(time.monotonic() - start, 1),
        "cpu_seconds": 0.0,
        "peak_mb": 0.0,
        "left_behind": [],
        "error": {
            "cell": "?",
            "message": "the run broke off",
            "traceback": _tail(work / "log.txt"),
        },
    }
    if status and report["error"] is None:
        report["error"] = {
            "cell": "?",
            "message": f"pytest ended with status {status}",
            "traceback": _tail(work / "log.txt"),
        }
    record = {
        "key": key_before,
        "ok": report["error"] is None,
        **report,
        "slowness": slowness,
        "records": read_json(work / "records.json"),
        "sha256": _sha256(work / "executed.ipynb"),
    }
    if (work / "executed.ipynb").exists():
        os.replace(work / "executed.ipynb", folder / "executed.ipynb")
    write(folder / "run.json", json.dumps(record, indent=1, ensure_ascii=False))
    shutil.rmtree(work, ignore_errors=True)
    return record


def _run_nbval(name: str, work: Path) -> int:
    command = [environment.python(), "-m", "pytest", "-x", "-q", "--color=no"]
    command += ["-o", "addopts=", "-o", "filterwarnings=", "-p", "no:cacheprovider"]
    command += ["--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={CELL_TIMEOUT}"]
    command += ["-p", "tools.lab_capture", str(LABS / f"{name}.ipynb")]
    env = {**quiet_environment(), "GLASSBOX_LAB_WORK": str(work), "GLASSBOX_RUN": str(work)}
    with (work / "log.txt").open("w", encoding="utf-8") as log:
        here = PLUGIN.parent.parent
        return subprocess.run(command, cwd=here, env=env, stdout=log, stderr=log).returncode


def quiet_environment() -> dict[str, str]:
    """An environment without a way to the network or into the reader's home folder."""
    nowhere = "http://127.0.0.1:9"  # the discard port: any download fails at once
    return {
        **os.environ,
        # Two threads wait for each other when the machine is busy: lab 03, measured beside other
        # work, took 48 s and 28 s of processor time with one thread, 85 s and 30 s with two.
        "OMP_NUM_THREADS": "1",
        "TQDM_DISABLE": "1",
        "MPLCONFIGDIR": str(HOME / "matplotlib"),
        "IPYTHONDIR": str(HOME / "ipython"),
        "JUPYTER_CONFIG_DIR": str(HOME / "jupyter"),
        "JUPYTER_DATA_DIR": str(HOME / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(HOME / "jupyter" / "runtime"),
        "HF_HUB_OFFLINE": "1",
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "NO_PROXY": "localhost,127.0.0.1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONUTF8": "1",
        "PYTHONPATH": str(PLUGIN.parent.parent),
    }


def _prepare() -> None:
    """Let matplotlib look for fonts once, before a lab would show its notice as an error."""
    HOME.mkdir(parents=True, exist_ok=True)
    if not list(HOME.glob("matplotlib/fontlist*.json")):
        fonts = [environment.python(), "-c", "import matplotlib.font_manager"]
        subprocess.run(fonts, env=quiet_environment(), capture_output=True, cwd=ROOT)


def _slowness() -> float:
    """How many times slower one core is now than the reference; never under 1."""
    return round(max(1.0, min(_calibrate() for _ in range(3)) / REFERENCE), 2)


def _calibrate() -> float:
    """Processor seconds for a fixed piece of work."""
    start = time.process_time()
    total = 0
    for number in range(2_000_000):
        total += number * number % 7
    return time.process_time() - start


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _tail(log: Path, lines: int = 40) -> str:
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:])
