"""Recordings in general: runs are kept, an interrupt loses one, other settings start again."""

import json
import sys
import types

import pytest

from glassbox.recordings import load, recording


@pytest.fixture
def fake(monkeypatch):
    """A recording of five runs, of which one may be interrupted."""
    module = types.ModuleType("glassbox.recordings.fake")
    module.size, module.done, module.broken = 1, [], None

    def run(job):
        if job == module.broken:
            raise KeyboardInterrupt
        module.done.append(job)
        return {"square": job[0] ** 2}

    module.settings = lambda: {"size": module.size}
    module.jobs = lambda: [(i,) for i in range(5)]
    module.run = run
    module.assemble = lambda rows: {"squares": [row["square"] for row in rows.values()]}
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def make(folder):
    return recording.make("fake", folder / "fake.json", folder / "parts")


def test_an_interrupted_recording_goes_on_where_it_stopped(fake, tmp_path):
    fake.broken = (3,)
    with pytest.raises(KeyboardInterrupt, match="3 of 5"):
        make(tmp_path)
    assert not (tmp_path / "fake.json").exists()
    fake.broken = None
    made = make(tmp_path)
    assert fake.done == fake.jobs()  # none twice
    assert made["squares"] == [0, 1, 4, 9, 16]
    assert json.loads((tmp_path / "fake.json").read_text(encoding="utf-8")) == made


def test_a_damaged_part_is_made_again(fake, tmp_path):
    make(tmp_path)
    sorted((tmp_path / "parts").iterdir())[0].write_text('{"key": "', encoding="utf-8")
    make(tmp_path)
    assert len(fake.done) == 6


def test_other_settings_start_again(fake, tmp_path):
    make(tmp_path)
    fake.size = 2
    make(tmp_path)
    assert len(fake.done) == 10


def test_a_missing_recording_names_the_command(tmp_path):
    with pytest.raises(ValueError, match=r"python -m glassbox\.recordings\.rlhf"):
        load("rlhf", tmp_path)


@pytest.mark.parametrize("path", sorted(recording.HERE.glob("*.json")), ids=lambda p: p.stem)
def test_every_recording_is_made_by_its_module(path):
    assert load(path.stem)["made_by"] == recording.command(path.stem)
    module = __import__(f"glassbox.recordings.{path.stem}", fromlist=["jobs"])
    jobs = module.jobs()
    keys = {recording.Job(path.stem, job, "").key for job in jobs}
    assert len(keys) == len(jobs) > 0
