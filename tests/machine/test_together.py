"""Rows are dealt out rightly, alone nothing changes, and what keeps processes apart is said in one sentence."""

import os
import socket
import subprocess
import sys

import pytest
import torch

from glassbox.machine import together, train_cli
from glassbox.machine.train import TrainConfig


def test_shares_weigh_the_targets_that_count():
    idx = torch.arange(12).view(4, 3)
    targets = idx.clone()
    targets[0] = -1  # 3 of process 0's 6 targets do not count
    shares = [together.shard((idx, targets), own, 2)[2] for own in (0, 1)]
    assert shares == pytest.approx([2 * 3 / 9, 2 * 6 / 9])
    rows = [together.shard((idx, targets), own, 2)[0] for own in (0, 1)]
    assert torch.equal(torch.cat(rows), idx)


def test_rows_that_cannot_be_dealt_out_are_named():
    with pytest.raises(ValueError, match="5 rows for 2 processes; make batch_size a multiple of 2"):
        together.shard((torch.zeros(5, 1), torch.zeros(5, 1)), 0, 2)


def test_alone_there_is_nothing_to_do(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert (together.size(), together.rank()) == (1, 0)
    assert together.join() == torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
    together.leave()
    w = torch.ones(2)
    assert together.whole(w) is w and torch.equal(together.like(w, w), w)
    assert together.any_of(True) and not together.any_of(False)


def test_an_unknown_way_to_share_is_named():
    with pytest.raises(ValueError, match="parallel is 'magic'; it must be one of"):
        TrainConfig(steps=1, parallel="magic")


def run(**variables) -> str:
    """What the command says when it is one of two processes and the other is not there."""
    told = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", **variables}
    done = subprocess.run(
        [sys.executable, "-m", "glassbox.machine.train_cli", "--seconds", "2", "--documents", "20"],
        env={**os.environ, **told}, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1]


def test_a_process_that_never_comes_and_a_port_in_use_are_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        taken.listen()
        assert f"stopped: 127.0.0.1:{port} is in use" in run(RANK="0", MASTER_PORT=port)
    assert "stopped: process 0 of 2 waited 2 s" in run(RANK="0", MASTER_PORT=port)


def test_the_command_trains_alone_on_a_text_of_ones_own(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("\n\n".join(["the cook likes tea"] * 40), encoding="utf-8")
    told = ["--steps", "3", "--batch-size", "2", "--T", "16", "--width", "32", "--vocab", "260"]
    train_cli.main([*told, "--text", str(tmp_path / "mine.txt"), "--dtype", "float32"])
    assert "step 3 of 3" in capsys.readouterr().err
    with pytest.raises(SystemExit, match=r"stopped: .*nowhere"):
        train_cli.main([*told, "--text", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit, match="0"):
        train_cli.main(["--help"])
