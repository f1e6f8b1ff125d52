"""What the project's files may not hold, and how its code is written."""

import json
import re
import subprocess
import sys

import pytest

import make
from tools.environment import ROOT

# Spelled in pieces, so that this file passes its own test.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "yarn" + "pkg.com"]
HOSTS += ["npm" + "mirror.com", "download.py" + "torch.org", "mirrors" + "."]


def tracked() -> list[str]:
    """Files that belong to the project: in git, or new and not ignored."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    names = [name for name in listed.decode("utf-8").split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


def texts():
    for name in tracked():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_names_a_package_registry():
    """Lock files name packages and hashes; where they come from is the reader's setting."""
    found = [(name, host) for name, text in texts() for host in HOSTS if host in text]
    assert not found


def test_the_node_lock_holds_hashes_and_no_addresses():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry and entry["integrity"].startswith("sha512-"), name


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-node.lock"])
def test_the_python_locks_pin_by_hash_and_hold_no_addresses(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find" not in text
    pins = re.split(r"\n(?=\S)", text.strip())
    for pin in pins:
        assert re.match(r"[\w.\[\]-]+==\S+", pin) and "--hash=sha256:" in pin, pin[:80]
    # pip takes these with torch, where a machine wants them; a lock would force them on all
    assert not [pin for pin in pins if re.match("torch==|nvidia-|cuda-|triton", pin)]


def test_torch_is_pinned_once_and_the_same():
    from tools.environment import TORCH

    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert set(re.findall(r"torch==[\d.]+", project)) == {TORCH}


def test_every_pinned_package_is_installed_as_pinned():
    from importlib import metadata

    wrong = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        pin = re.match(r"([\w.-]+)==([^\s;]+) (?:\\)?$", line)  # those without a condition
        if pin and metadata.version(pin[1]) != pin[2]:
            wrong[pin[1]] = (metadata.version(pin[1]), pin[2])
    assert not wrong


def test_no_machine_path_in_any_file():
    private = re.compile("/ho" + r"me/\w+/|/Us" + r"ers/\w+/|/wo" + "rk/|/tm" + "p/w")
    found = {name: private.findall(text) for name, text in texts() if private.search(text)}
    assert not found


def test_the_makefile_offers_what_make_py_does():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^(book [\w ]+):$", text, re.MULTILINE)[1].split())
    assert targets == {command.__name__ for command in make.COMMANDS}
    for name in targets:
        assert re.search(rf"^  {name} ", make.__doc__, re.MULTILINE), f"{name} is not in the help"


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=["lint", "format"])
def test_python_is_written_as_agreed(arguments):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "--no-cache", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-4000:]
