"""The environment is made once; after a change only the step that it concerns is done again."""

import json
import threading
import time

import pytest

from tools import environment


@pytest.fixture
def installs(tmp_path, monkeypatch):
    """A checkout whose installers only write down that they were called."""
    for name, value in {
        "ROOT": tmp_path,
        "BUILD": tmp_path / "_build",
        "VENV": tmp_path / ".venv",
        "STAMP": tmp_path / ".venv" / "glassbox.json",
    }.items():
        monkeypatch.setattr(environment, name, value)
    for name in ("requirements.lock", "pyproject.toml", "package-lock.json"):
        (tmp_path / name).write_text("one", encoding="utf-8")
    calls = []
    monkeypatch.setattr(environment, "_ensure_virtual_environment", lambda: None)
    monkeypatch.setattr(environment, "_interpreter", lambda: tmp_path / "pyproject.toml")
    monkeypatch.setattr(environment, "_npm", lambda: ["npm"])
    monkeypatch.setattr(environment, "_pip", lambda arguments, words: calls.append(words))
    monkeypatch.setattr(environment, "_logged", lambda *a, **k: calls.append("Node packages"))
    return tmp_path, calls


TORCH, PINS, PROJECT, NODE = (
    "torch==2.13.0 (the largest part)",
    "the pinned packages",
    "glassbox itself",
    "Node packages",
)


def test_torch_comes_first_and_a_second_call_installs_nothing(installs):
    _, calls = installs
    environment.ensure()
    assert calls == [TORCH, PINS, PROJECT, NODE]
    environment.ensure()
    assert len(calls) == 4


@pytest.mark.parametrize(
    "changed, again",
    [("requirements.lock", PINS), ("pyproject.toml", PROJECT), ("package-lock.json", NODE)],
)
def test_a_change_repeats_one_step(installs, changed, again):
    root, calls = installs
    environment.ensure()
    calls.clear()
    (root / changed).write_text("two", encoding="utf-8")
    environment.ensure()
    assert calls == [again]


def test_it_goes_on_where_it_was_interrupted(installs, monkeypatch):
    _, calls = installs

    def interrupted(arguments, words):
        if words == PINS and PINS not in calls:
            calls.append(words)
            raise KeyboardInterrupt
        calls.append(words)

    monkeypatch.setattr(environment, "_pip", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.ensure()
    environment.ensure()
    assert calls == [TORCH, PINS, PINS, PROJECT, NODE]


def test_an_environment_whose_python_is_gone_is_made_again(installs, monkeypatch):
    root, calls = installs
    environment.ensure()
    calls.clear()
    monkeypatch.setattr(environment, "_interpreter", lambda: root / "gone")
    environment.ensure()
    assert calls == [TORCH, PINS, PROJECT]


def test_a_damaged_stamp_is_no_stamp(installs):
    _, calls = installs
    environment.ensure()
    calls.clear()
    environment.STAMP.write_text(json.dumps({"torch": 1})[:5], encoding="utf-8")
    environment.ensure()
    assert calls == [TORCH, PINS, PROJECT]


def test_two_builds_in_one_folder_take_turns(installs, capsys):
    order = []
    holding = threading.Event()

    def first():
        with environment.alone("book"):
            holding.set()
            time.sleep(0.3)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    holding.wait()
    with environment.alone("book"):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]
    assert "Waiting for another make.py (book)" in capsys.readouterr().out
