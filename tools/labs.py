"""The labs: which must run again, running them two or more at a time, and keeping what they gave.

A lab runs once, by nbval, in a process of its own. `_build/labs/<lab>/` then holds
`executed.ipynb` (the notebook with its outputs: the page) and `run.json`:

    key          hash of the notebook, the pinned packages, the Python version and this runner
    used         {"glassbox/machine/model.py": hash, ...}: the project's files that this run used
    ok           whether every cell ran
    error        None, or {"cell", "message", "traceback"}
    seconds      wall time from the kernel's start to its last cell; cpu_seconds: processor time
    peak_mb      the kernel's peak of resident memory, and what its processes hold, in MiB
    left_behind  files that the lab left in the folder it ran in
    records      {"next_word.bigram_bpb": {"value", "digits", "unit"}}: what the prose quotes
    sha256       of executed.ipynb, so that a damaged entry is noticed

A lab runs again when its key or any file in `used` differs: modules it imported, files it opened
(in processes of its own too, see tools/watch), figures that its outputs mount. A file that it looked
for and did not find has the hash null, and a folder that it listed the hash of the names in it.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from tools import environment, used, workers
from tools.environment import BUILD, ROOT, digest, read_json, write

LABS = ROOT / "labs"
CACHE = BUILD / "labs"
PLUGIN = Path(__file__).resolve().with_name("lab_capture.py")
HOME = BUILD / "home"  # what programs would otherwise leave in the reader's home folder

RUN_LEAVES = ("outputs", "execution_count")
CELL_TIMEOUT = 600  # seconds; what a lab may take is in make.py bench
GUESS = 60.0  # seconds a lab takes that has never run


def names() -> list[str]:
    return sorted(path.stem for path in LABS.glob("*.ipynb"))


def key(name: str) -> str:
    """The hash of what every run of a lab depends on, whatever it uses besides."""
    return digest(_what_it_says(LABS / f"{name}.ipynb"), used.rules(), PLUGIN)


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
    return bool(record.get("ok")) and _is_of_today(name, record)


def verdict(name: str) -> dict:
    """The record of a lab's run with today's code, failed or not; it runs where there is none."""
    record = run_record(name)
    return record if _is_of_today(name, record) else run_stale([name])[0]


def _is_of_today(name: str, record: dict) -> bool:
    return record.get("key") == key(name) and used.same(record.get("used", {}))


def _used(work: Path) -> set[str]:
    """What the run used: the lists that its processes wrote, and the figures that its page mounts."""
    page = work / "executed.ipynb"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    mounted = re.findall(r'data-afm-name=\\"([a-z0-9_]+)', text)
    bundles = {f"_build/figures/{part}{name}.js" for name in mounted for part in ("", "models/")}
    return used.listed(work / "used") | bundles


def run_stale(wanted: list[str] | None = None) -> list[dict]:
    """Run each lab whose kept outputs are not current; the records of all wanted labs.

    As many run at a time as there are cores and memory for, the longest first. A lab that fails is
    shown with its cell and traceback, and the others still run. An interrupt ends those that run.
    """
    wanted = names() if wanted is None else wanted
    stale = [name for name in wanted if not is_current(name)]
    if stale:
        prepare()
        _run_all(stale, min(len(stale), workers.at_once()))
    return [{"name": name, **run_record(name)} for name in wanted]


def _run_all(stale: list[str], at_once: int) -> None:
    left = {name: read_json(CACHE / name / "run.json").get("seconds") or GUESS for name in stale}
    number = {name: n for n, name in enumerate(sorted(left, key=left.get, reverse=True), 1)}

    def work(name: str, running: workers.Running) -> None:
        times = list(left.values())
        about = workers.duration(max(*times, sum(times) / at_once))
        print(f"[{number[name]}/{len(stale)}] lab {name} … (about {about} left)", flush=True)
        with environment.alone(f"lab-{name}"):
            record = run_record(name) if is_current(name) else run(name, running)
        del left[name]
        _tell(name, record)

    workers.run_all(work, list(number), at_once)


def _tell(name: str, record: dict) -> None:
    outcome = "done" if record["ok"] else "FAILED"
    said = f"      lab {name} {outcome} in {record['seconds']:.0f} s, {record['peak_mb']:.0f} MB\n"
    if record["error"]:
        where = f"cell {record['error']['cell']!r} of labs/{name}.ipynb"
        said += f"\n{where}\n{record['error']['traceback']}\n\n"
    print(said, end="", flush=True)  # in one piece: others print meanwhile


def run(name: str, running: workers.Running | None = None) -> dict:
    """Run one lab now and keep what it gave; its record."""
    folder = CACHE / name
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    key_before, states_before = key(name), used.states()
    status = _run_nbval(name, work, running or workers.Running())
    report = _report(work, status)
    record = {
        "key": key_before,
        "used": {path: states_before.get(path) for path in sorted(_used(work))},
        "ok": report["error"] is None,
        **report,
        "records": read_json(work / "records.json"),
        "sha256": _sha256(work / "executed.ipynb"),
    }
    if (work / "executed.ipynb").exists():
        os.replace(work / "executed.ipynb", folder / "executed.ipynb")
    write(folder / "run.json", json.dumps(record, indent=1, ensure_ascii=False))
    shutil.rmtree(work, ignore_errors=True)
    return record


def _report(work: Path, status: int) -> dict:
    """What the plugin reported; an error where it could not, or where pytest has one of its own."""
    nothing = {"seconds": 0.0, "cpu_seconds": 0.0, "peak_mb": 0.0, "left_behind": [], "error": None}
    report = read_json(work / "report.json")
    if status and not report.get("error"):
        message = f"pytest ended with status {status}" if report else "the run broke off"
        report["error"] = {"cell": "?", "message": message, "traceback": _tail(work / "log.txt")}
    return nothing | report


def _run_nbval(name: str, work: Path, running: workers.Running) -> int:
    command = [environment.python(), "-m", "pytest", "-x", "-q", "--color=no"]
    command += ["-o", "addopts=", "-o", "filterwarnings=", "-p", "no:cacheprovider"]
    command += ["-p", "tools.lab_capture", "-p", "nbval.plugin", "--nbval-lax"]
    command += ["--nbval-current-env", f"--nbval-cell-timeout={CELL_TIMEOUT}"]
    command += [str(LABS / f"{name}.ipynb")]
    env = {
        **quiet_environment(),
        **used.watching(work / "used"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # what no lab needs takes a second to load
        "GLASSBOX_LAB_WORK": str(work),
        "GLASSBOX_RUN": str(work),
    }
    with (work / "log.txt").open("w", encoding="utf-8") as log:
        return running.call(command, cwd=PLUGIN.parent.parent, env=env, stdout=log, stderr=log)


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
        "PYTHONPATH": str(ROOT),
    }


def prepare() -> None:
    """Let matplotlib look for fonts once, before a lab would show its notice as an error."""
    HOME.mkdir(parents=True, exist_ok=True)
    if not list(HOME.glob("matplotlib/fontlist*.json")):
        fonts = [environment.python(), "-c", "import matplotlib.font_manager"]
        subprocess.run(fonts, env=quiet_environment(), capture_output=True, cwd=ROOT)


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _tail(log: Path, lines: int = 40) -> str:
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:])
