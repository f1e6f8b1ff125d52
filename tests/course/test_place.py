"""`scale = "gpu"` on machines with and without one."""

import pytest

from glassbox.course import place as module
from glassbox.course.place import place


def test_the_small_run_says_nothing(capsys):
    assert place("cpu", 60, 10) == ("cpu", "cpu")
    assert capsys.readouterr().out == ""


def test_without_a_gpu_the_reader_is_told_and_the_lab_goes_on_small(monkeypatch, capsys):
    monkeypatch.setattr(module, "best_device", lambda: "cpu")
    assert place("gpu", 60, 10) == ("cpu", "cpu")
    assert "no GPU" in capsys.readouterr().out


def test_with_a_gpu_device_and_time_come_first(monkeypatch, capsys):
    """A GPU that multiplies 10 times faster does 100 times the work of 120 s in 20 minutes."""
    monkeypatch.setattr(module, "best_device", lambda: "cuda")
    monkeypatch.setattr(module, "device_name", lambda device: "a large GPU")
    monkeypatch.setattr(module, "_product_time", {"cpu": 1.0, "cuda": 0.1}.get)
    assert place("gpu", 120, 100) == ("gpu", "cuda")
    said = capsys.readouterr().out
    assert "on a large GPU" in said and "20 minutes" in said and "100 times" in said


def test_another_scale_is_refused():
    with pytest.raises(ValueError, match="scale is 'GPU'"):
        place("GPU", 60, 10)
