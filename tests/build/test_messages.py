"""Whatever a machine lacks is told in one sentence that names the remedy, without a traceback."""

import os
import subprocess
import sys

import pytest

import make
from tools import environment
from tools.environment import ROOT, VENV, Stop


def run(code: str, **env) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A checkout in which nothing is installed yet."""
    for name, value in (("ROOT", tmp_path), ("BUILD", tmp_path / "_build")):
        monkeypatch.setattr(environment, name, value)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "glassbox.json")
    return tmp_path


def test_an_old_python():
    old = "import sys, runpy; sys.version_info = (3, 9, 2, 'final', 0); runpy.run_path('make.py')"
    told = run(old)
    assert told.returncode == 1 and "Traceback" not in told.stderr
    assert told.stderr.count("\n") == 1
    assert "needs Python 3.11 or newer and this is Python 3.9" in told.stderr


def test_a_full_disk(bare, monkeypatch):
    usage = type("Usage", (), {"free": 1.5e9})
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(Stop, match=r"needs 4 GB of free disk space and .* has 1\.5 GB: free some"):
        environment.ensure()


def test_a_python_without_venv(bare, monkeypatch):
    broken = bare / "python-without-venv"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(environment.sys, "executable", str(broken))
    with pytest.raises(Stop, match=r"cannot create a virtual environment .*python3-venv"):
        environment.ensure()
    assert not (bare / ".venv").exists()


def test_no_network_for_pip(bare, monkeypatch):
    """Port 9 refuses: to pip that is a machine without a network."""
    for name, value in {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
        "PIP_RETRIES": "1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(environment, "python", lambda: sys.executable)
    with pytest.raises(Stop, match="the package index cannot be reached; check the network"):
        environment._pip(["glassbox-is-on-no-index"], "something")


def test_no_network_for_npm(bare, monkeypatch):
    (bare / "package-lock.json").write_text(
        (ROOT / "package-lock.json").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (bare / "package.json").write_text(
        (ROOT / "package.json").read_text(encoding="utf-8"), encoding="utf-8"
    )
    monkeypatch.setattr(environment, "VENV", VENV)  # Node may be there and nowhere else
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(bare / "cache"))
    with pytest.raises(Stop, match="the package index cannot be reached; check the network"):
        environment._ensure_node_packages()


def test_a_machine_without_node_gets_it_through_pip(bare, monkeypatch):
    asked = []
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    monkeypatch.setattr(environment, "_pip", lambda arguments, words: asked.append(arguments))
    with pytest.raises(Stop, match=r"Node 20 or newer is needed .* could not be installed through"):
        environment._ensure_node_packages()
    assert asked[0][-1].endswith("requirements-node.lock")


def test_an_old_node_does_not_count(monkeypatch):
    monkeypatch.setattr(environment, "_node_major", lambda program: 18)
    monkeypatch.setattr(environment, "_node_wheel", lambda: None)
    assert environment.node() is None and environment._npm() is None


def test_tests_without_git(monkeypatch, capsys):
    monkeypatch.setattr(make.shutil, "which", lambda name: None)
    assert make.main(["test"]) == 1
    assert capsys.readouterr().err.startswith("make.py: The tests need git")


def test_a_lab_that_does_not_exist(monkeypatch, capsys):
    monkeypatch.setattr(make, "figures", lambda: 0)
    assert make.main(["labs", "99_nothing"]) == 1
    assert "There is no lab '99_nothing'" in capsys.readouterr().err


def test_serving_before_building(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(make.pages, "HTML", tmp_path)
    assert make.main(["serve"]) == 1
    assert "There is no book yet" in capsys.readouterr().err


def test_an_interrupt_says_how_to_go_on(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    interrupted.__name__ = "env"
    monkeypatch.setattr(make, "COMMANDS", [interrupted])
    assert make.main(["env"]) == 130
    assert "goes on where it stopped" in capsys.readouterr().err


def test_an_unknown_command_shows_the_list(capsys):
    assert make.main(["bock"]) == 2
    assert "python make.py book" in capsys.readouterr().out


@pytest.mark.parametrize(
    "cores, arguments, expected",
    [
        (2, (), ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]),
        (2, ("-k", "tokens"), ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]),
        (1, (), []),
        (4, ("-n1",), []),
        (4, ("--pdb",), []),
    ],
)
def test_the_tests_run_side_by_side_where_that_is_possible(monkeypatch, cores, arguments, expected):
    monkeypatch.setattr(make.workers, "at_once", lambda: cores)
    assert make._side_by_side(arguments) == expected


def test_a_lab_over_its_budget_fails_the_bench(monkeypatch, capsys):
    """A machine twice as slow takes twice as long: what counts is the lab."""
    took = {"01_dice": 120.0, "02_cards": 200.0, "03_coins": 30.0}
    monkeypatch.setattr(make.lab_bench.labs, "prepare", lambda: None)
    monkeypatch.setattr(make.lab_bench, "slowness", lambda: 2.0)

    def run(name):
        return {"ok": True, "cpu_seconds": took[name], "peak_mb": 300.0}

    monkeypatch.setattr(make.lab_bench.labs, "run", run)
    assert make.lab_bench.main(["01_dice"]) == 0
    assert make.lab_bench.main(["03_coins", "02_cards"]) == 1
    said = capsys.readouterr().out
    assert "All labs keep their budget" in said and "02_cards: 100 s; at most 90" in said
