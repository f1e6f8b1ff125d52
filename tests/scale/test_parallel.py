"""Several processes do what one does; what they send is what the formula says; and none is left behind."""

import os
import pickle
import signal
import subprocess
import sys
import time

import psutil
import pytest
import torch

from glassbox.scale import hosts, parallel, pipeline
from glassbox.scale.crew import Crew, WorkerError
from glassbox.scale.sweep import training_text

STEPS = 12


@pytest.fixture(scope="module")
def four():
    with Crew(4, seconds=60) as crew:
        yield crew


@pytest.fixture(scope="module")
def text():
    return training_text(8 * 64 * STEPS * 2, 400, 0)


@pytest.fixture(scope="module")
def alone(text):
    return parallel.train_work(text, STEPS)["losses"]


# ----- the crew


def test_a_crew_answers_in_the_order_of_its_numbers_and_leaves_nobody():
    with Crew(2) as crew:
        pids = crew.run(os.getpid)
        assert len(set(pids)) == 2 and os.getpid() not in pids
        assert crew.run(torch.get_num_threads) == [1, 1]
        assert crew.run(int, "7") == [7, 7]
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_killed_worker_ends_the_job_and_the_next_call_starts_anew(text):
    with Crew(2) as crew:
        pids = crew.run(os.getpid)
        with pytest.raises(
            WorkerError, match=r"worker 1 of 2 .* was killed \(signal 9, SIGKILL\); the other 1"
        ):
            crew.run(parallel.train_work, text, STEPS, dies=(1, 3))
        assert not any(psutil.pid_exists(pid) for pid in pids)
        assert crew.run(int, "7") == [7, 7]


def test_a_worker_that_fails_is_named_and_not_those_that_lost_it(four):
    with pytest.raises(WorkerError, match=r"failed with ValueError: .*6 heads for 4 processes"):
        four.run(parallel.tensor_work, C=36, n_head=6)
    with pytest.raises(
        WorkerError, match=r"6 rows for 4 processes; make batch_size a multiple of 4"
    ):
        four.run(parallel.train_work, torch.zeros(9000, dtype=torch.long), 2, batch_size=6)
    with pytest.raises(WorkerError, match=r"10 numbers for 4 processes; pad it"):
        four.run(parallel.wire_work, 10)


def test_a_worker_that_never_comes_is_named(monkeypatch):
    monkeypatch.setattr(
        "glassbox.scale.crew._worker", time.sleep
    )  # it gets a line, and fails with it
    crew = Crew(2, seconds=10)
    with pytest.raises(WorkerError, match=r"worker . of 2 .* ended without an answer"):
        crew.run(int, "7")
    assert not crew.processes


@pytest.mark.skipif(os.name == "nt", reason="Windows stops no process for a while")
def test_a_worker_that_is_late_is_named():
    with Crew(2) as crew:
        os.kill(crew.processes[1].pid, signal.SIGSTOP)
        crew.lines[0].send_bytes(pickle.dumps((int, ("7",), {})))
        with pytest.raises(WorkerError, match=r"worker 1 of 2 .* did not come within 1 s"):
            crew._answers(1)
    assert not crew.processes


def test_processes_do_not_outlive_the_one_that_started_them(tmp_path):
    script = (
        "import os, time\n"
        "from glassbox.scale.crew import Crew\n"
        "if __name__ == '__main__':\n"
        "    crew = Crew(2)\n"
        "    print(*crew.run(os.getpid), flush=True)\n"
        "    crew.run(time.sleep, 60)\n"
    )
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    caller = subprocess.Popen(
        [sys.executable, tmp_path / "script.py"], stdout=subprocess.PIPE, text=True
    )
    pids = [int(pid) for pid in caller.stdout.readline().split()]
    assert len(pids) == 2 and all(psutil.pid_exists(pid) for pid in pids)
    caller.kill()
    caller.communicate()
    until = time.monotonic() + 10
    while any(map(psutil.pid_exists, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(psutil.pid_exists, pids))


def test_a_function_of_a_notebook_is_refused(monkeypatch):
    monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)
    mine = type("F", (), {"__module__": "__main__", "__name__": "mine"})()
    with pytest.raises(ValueError, match=r"mine is defined in this notebook.*put it into a file"):
        Crew(2).run(mine)


@pytest.mark.parametrize(("size", "seconds"), [(0, 60), (2, 0)])
def test_bad_sizes_are_named(size, seconds):
    with pytest.raises(ValueError, match=f"size is {size} and seconds {seconds}"):
        Crew(size, seconds)


# ----- training


@pytest.mark.parametrize("way", ["ddp", "fsdp"])
def test_four_processes_train_as_one(four, text, alone, way):
    found = four.run(parallel.train_work, text, STEPS, parallel=way)
    assert all(worker["losses"] == found[0]["losses"] for worker in found)
    assert found[0]["losses"] == pytest.approx(alone, rel=1e-5)
    assert len({worker["sum"] for worker in found}) == 1


@pytest.mark.parametrize("then", ["ddp", "fsdp"])
def test_a_run_goes_on_with_fewer_processes(four, text, alone, then, tmp_path):
    path = tmp_path / "run"
    with pytest.raises(WorkerError, match="was killed"):
        four.run(parallel.train_work, text, STEPS, path=path, dies=(2, 9))
    assert [p.name for p in tmp_path.iterdir()] == ["run"]  # whole, written once
    with Crew(2) as two:
        found = two.run(parallel.train_work, text, STEPS, path=path, parallel=then)
    assert found[0]["losses"] == pytest.approx(alone, rel=1e-5)
    again = parallel.train_work(text, STEPS, path=path)  # one process finds it finished
    assert again["losses"] == found[0]["losses"]


# ----- bytes


def test_what_is_sent_is_what_the_formula_says(four):
    n_bytes = 4 * 120_000
    for worker in four.run(parallel.wire_work, 120_000):
        assert worker["right"]
        assert worker["sent"]["ring, by our count"] == parallel.wire_bytes("all_reduce", 4, n_bytes)
        if worker["sent"]["all_reduce"] is not None:
            for name, what in (
                ("all_reduce", "all_reduce"),
                ("all_gather", "all_gather"),
                ("ring", "all_reduce"),
            ):
                expected = parallel.wire_bytes(what, 4, n_bytes)
                assert worker["sent"][name] == pytest.approx(expected, rel=0.02), name


def test_shards_keep_about_a_quarter(four):
    whole = four.run(parallel.kept_work, "ddp")
    parts = four.run(parallel.kept_work, "fsdp")
    assert all(set(w["kept"].values()) == {w["whole"], 2 * w["whole"]} for w in whole)
    for name in ("weights", "gradients", "Adam"):
        assert sum(w["kept"][name] for w in parts) == whole[0]["kept"][name]
        assert max(w["kept"][name] for w in parts) < 0.4 * whole[0]["kept"][name]


# ----- cuts


def test_a_cut_block_computes_what_the_whole_one_does(four):
    for worker in four.run(parallel.tensor_work):
        assert worker["by hand"]["apart"] < 1e-5 and worker["PyTorch"]["apart"] < 1e-5
        assert (worker["by hand"]["forward"], worker["by hand"]["backward"]) == (2, 2)
        assert worker["PyTorch"]["forward"] == 2
        assert worker["rows first"]["apart"] < 1e-5 and worker["rows first"]["forward"] == 2
        assert worker["share"] == 0.25


def test_our_block_is_torchs():
    torch.manual_seed(0)
    block, x = parallel.Block(32, 4), torch.randn(2, 8, 32)
    theirs = torch.nn.MultiheadAttention(32, 4, bias=False, batch_first=True)
    theirs.in_proj_weight.data = torch.cat(
        [w.weight for w in (block.attn.q, block.attn.k, block.attn.v)]
    )
    theirs.out_proj.weight.data = block.attn.out.weight
    mask = torch.nn.Transformer.generate_square_subsequent_mask(8)
    expected, _ = theirs(x, x, x, attn_mask=mask, is_causal=True, need_weights=False)
    torch.testing.assert_close(block.attn(x), expected)


# ----- pipelines


@pytest.mark.parametrize("kind", pipeline.KINDS)
def test_a_pipelines_slopes_are_one_processs_and_its_waiting_the_formulas(four, kind):
    stages = four.run(parallel.pipeline_work, kind, 8, forward=0.02, backward=0.04)
    assert max(stage["apart"] for stage in stages) < 1e-5
    slots = [pipeline.Slot(*slot) for stage in stages for slot in stage["slots"]]
    assert pipeline.held(slots) == pipeline.held(pipeline.schedule(kind, 4, 8))
    assert pipeline.predicted_bubble(4, 8) - 0.03 < pipeline.bubble(slots) < 0.6
    assert max(four.run(parallel.pytorch_pipeline_work, kind, 8)) < 1e-5


# ----- arithmetic


def test_published_memory():
    """16 bytes a parameter: ZeRO's 1.5 billion take 24 GB (Rajbhandari et al., section 3.1)."""
    assert sum(parallel.training_bytes(1.5e9).values()) == pytest.approx(24e9)
    assert 4 * 175e9 == 700e9


def test_bad_numbers_are_named():
    with pytest.raises(ValueError, match="n_params is -1"):
        parallel.training_bytes(-1)
    with pytest.raises(ValueError, match="what is 'gossip'"):
        parallel.wire_bytes("gossip", 2, 8)
    with pytest.raises(ValueError, match="size 0"):
        parallel.wire_bytes("all_reduce", 0, 8)


# ----- torchrun

TOLD = ["--documents", "120", "--steps", "8", "--batch-size", "4", "--T", "32", "--width", "32",
        "--vocab", "280", "--dtype", "float32", "--save-every", "4"]  # fmt: skip


def test_two_hosts_train_as_one_process_and_one_goes_on(tmp_path):
    import json

    from glassbox.machine import train_cli

    run, losses = tmp_path / "run", {n: tmp_path / f"{n}.json" for n in ("two", "one", "more")}
    module = "glassbox.machine.train_cli"
    hosts.run_hosts([module, *TOLD, "--losses", str(losses["two"]), "--keep", str(run)])
    train_cli.main([*TOLD, "--losses", str(losses["one"])])
    two, one = (json.loads(losses[n].read_text()) for n in ("two", "one"))
    assert (two["processes"], one["processes"]) == (2, 1)
    assert two["losses"] == pytest.approx(one["losses"], rel=1e-5)
    train_cli.main(
        [*TOLD, "--losses", str(losses["more"]), "--keep", str(run)]
    )  # finished: as it was
    assert json.loads(losses["more"].read_text())["losses"] == two["losses"]


def test_a_host_that_never_comes_and_a_failing_one_are_named():
    before = {p.pid for p in psutil.Process().children(recursive=True)}
    with pytest.raises(WorkerError, match=r"not done within 4 s; only 1 of 2 came"):
        hosts.run_hosts(["glassbox.machine.train_cli", *TOLD], seconds=4, comes=1)
    with pytest.raises(WorkerError, match=r"group . of 1 failed: .*no_such_file"):
        hosts.run_hosts(["glassbox.machine.train_cli", "--text", "no_such_file"], hosts=1)
    assert {p.pid for p in psutil.Process().children(recursive=True)} <= before
