"""Recordings in general."""

import pytest

from glassbox.recordings import load


def test_a_missing_recording_names_the_command(tmp_path):
    with pytest.raises(ValueError, match=r"python -m glassbox\.recordings\.rlhf"):
        load("rlhf", tmp_path)
