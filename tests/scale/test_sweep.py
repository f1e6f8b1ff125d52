"""Sweeps: what a run reads, what is kept, what an interrupt costs, and Ray where it is installed."""

import json
import math
from dataclasses import replace

import pytest
import torch

from glassbox.machine.model import GPT
from glassbox.scale import sweep as sweeping
from glassbox.scale.bill import training_flops
from glassbox.scale.sweep import (
    LETTERS,
    PLANS,
    Folder,
    Run,
    Stream,
    SweepError,
    columns,
    encode,
    floor,
    gpu_held_out,
    held_out,
    held_out_loss,
    isoflop,
    sweep,
    train_run,
    training_text,
)
from glassbox.world import World

TINY = Run(n_embd=8, n_tokens=4000, residents=20, dtype="float32")


def fake(run, device="cpu"):
    """A run that costs nothing."""
    return {"key": run.key, "n_params": run.n_params, "n_tokens": run.n_tokens, "loss": 1.0,
            "half": 2.0, "half_tokens": run.n_tokens // 2, "status": "done"}  # fmt: skip


def runs(n=4):
    return [replace(TINY, seed=seed) for seed in range(n)]


def test_parameters_are_those_that_multiply():
    for width in (8, 16, 48):
        model = GPT(Run(width, 1).config)
        assert Run(width, 1).n_params == model.num_params() - model.embed.weight.numel()
        attention = 12 * 2 * width * 128
        assert 6 * Run(width, 1).n_params == model.flops_per_token(128) - attention


def test_equal_compute_at_every_width():
    for run in isoflop([1e9, 4e9], [8, 12, 16]):
        assert training_flops(run.n_params, run.n_tokens) == pytest.approx(run.budget, rel=1e-3)


def test_the_key_holds_every_setting():
    keys = {replace(TINY, **{k: v}).key for k, v in (
        ("n_embd", 12), ("n_tokens", 5000), ("seed", 1), ("lr", 0.02), ("muon_lr", 0.01),
        ("cooldown", 0.1), ("residents", 30), ("T", 64), ("batch_size", 16), ("budget", 1e9),
    )}  # fmt: skip
    assert len(keys | {TINY.key}) == 11
    assert replace(TINY).key == TINY.key


def test_no_character_is_read_twice_and_none_is_skipped():
    text = torch.arange(1001)
    stream = Stream(text, batch_size=5, T=10)
    assert len(stream) == 20
    seen = torch.cat([stream[s][0].flatten() for s in range(20)])
    assert sorted(seen.tolist()) == list(range(1000))
    for step in range(20):
        idx, targets = stream[step]
        assert torch.equal(targets, idx + 1)


def test_the_alphabet_covers_the_town():
    world = World(seed=0, residents=400)
    for document in world.documents(n=3000, split="held_out"):
        assert encode(document.text).max() < len(LETTERS)
    with pytest.raises(ValueError, match="é"):
        encode("café")


def test_seeds_read_different_documents_of_one_town():
    a, b = (training_text(5000, 20, seed) for seed in (0, 1))
    assert not torch.equal(a[:4000], b[:4000])
    assert torch.equal(a, training_text(5000, 20, 0))
    names = {r.name for r in World(seed=0, residents=20).residents}
    for text in (a, b):
        told = "".join(LETTERS[i] for i in text.tolist())
        assert any(name in told for name in names)


def test_the_held_out_text_is_counted_once():
    idx, targets, nats = held_out(20, 128)
    documents = list(
        World(seed=0, residents=20).documents(sweeping.KINDS, sweeping.N_HELD_OUT, "held_out")
    )
    assert int((targets >= 0).sum()) == sum(len(d.text) + 1 for d in documents)
    told = "".join(LETTERS[i] for i in targets[targets >= 0].tolist())
    assert told == "".join(d.text + "\0" for d in documents)
    assert nats == pytest.approx(-sum(d.logprob for d in documents) / len(told))
    assert floor(20) == nats
    at = (targets >= 0).nonzero()[:-1]
    follows = (targets[:, :-1] >= 0) & (targets[:, 1:] >= 0)
    assert torch.equal(idx[:, 1:][follows], targets[:, :-1][follows]) and len(at)


def test_an_untrained_model_guesses_and_no_model_goes_below_the_floor():
    model = GPT(TINY.config)
    assert held_out_loss(model, 20) == pytest.approx(math.log(len(LETTERS)), abs=1e-4)
    row = train_run(replace(TINY, n_tokens=40_000))
    assert floor(20) < row["loss"] < row["half"] < math.log(len(LETTERS))
    assert row["n_tokens"] == 40_448 and row["half_tokens"] == 19_968  # 79 and 39 batches
    assert row["flops"] == 6 * row["n_params"] * row["n_tokens"]


def test_a_run_is_the_same_twice():
    a, b = train_run(TINY), train_run(TINY)
    assert a["loss"] == b["loss"]
    assert train_run(replace(TINY, seed=1))["loss"] != a["loss"]


def test_a_diverged_run_has_a_row_and_no_fit(tmp_path):
    wild = replace(TINY, lr=1e30)
    row = train_run(wild)
    assert row["status"] == "diverged" and row["loss"] is None and "learning rate" in row["why"]
    rows = sweep([TINY, wild], tmp_path, progress=False)
    assert [r["status"] for r in rows] == ["done", "diverged"]
    with pytest.raises(SweepError, match=r"1 of 2 runs diverged \(2144 parameters"):
        columns(rows)
    assert len(columns(r for r in rows if r["status"] == "done")[0]) == 1


def test_an_interrupted_sweep_keeps_what_is_finished(tmp_path):
    seen = []

    def stops(run, device):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(run.key)
        return fake(run)

    with pytest.raises(KeyboardInterrupt, match="2 of 4 runs are kept"):
        sweep(runs(), tmp_path, train_one=stops, progress=False)
    trained = []
    rows = sweep(
        runs(), tmp_path, train_one=lambda r, d: trained.append(r.key) or fake(r), progress=False
    )
    assert len(trained) == 2 and not set(trained) & set(seen)
    assert [r["key"] for r in rows] == [r.key for r in runs()]


def test_a_failure_names_the_run_and_keeps_the_rest():
    keep = {}

    def fails(run, device):
        if run.seed == 2:
            raise RuntimeError("the disk is full")
        return fake(run)

    with pytest.raises(SweepError, match=r"seed=2.*disk is full.*2 of 4 runs are kept"):
        sweep(runs(), keep, train_one=fails, progress=False)
    assert len(keep) == 2


def test_a_damaged_file_is_trained_again(tmp_path):
    folder = Folder(tmp_path)
    folder[TINY.key] = fake(TINY)
    assert TINY.key in folder
    (tmp_path / f"{TINY.key}.json").write_text('{"key": "12', encoding="utf-8")
    assert TINY.key not in folder
    sweep([TINY], folder, train_one=fake, progress=False)
    assert folder[TINY.key]["loss"] == 1.0
    (tmp_path / f"{TINY.key}.json").write_text(json.dumps({"key": "another"}), encoding="utf-8")
    assert TINY.key not in folder
    assert not list(tmp_path.glob("*.tmp"))


def test_equal_runs_are_trained_once():
    trained = []
    rows = sweep([TINY, TINY], train_one=lambda r, d: trained.append(r) or fake(r), progress=False)
    assert len(rows) == 2 and len(trained) == 1


def test_two_workers_give_what_one_gives(tmp_path):
    plan = runs(3)
    alone, keep = sweep(plan, progress=False), Folder(tmp_path)
    together = sweep(plan, keep, workers=2, progress=False)
    assert [r["loss"] for r in together] == [r["loss"] for r in alone]
    assert all(run.key in keep for run in plan)


def test_a_run_that_fails_in_a_worker_is_named_and_the_others_are_kept():
    def train_one(run, device):
        if run.seed == 1:
            raise OSError("no space")
        return fake(run)

    keep = {}
    with pytest.raises(SweepError, match=r"seed=1.*failed with OSError: no space.*are kept"):
        sweep(runs(3), keep, workers=2, train_one=train_one, progress=False)
    assert runs(3)[1].key not in keep


def test_bad_calls_are_named():
    with pytest.raises(ValueError, match="workers is 0"):
        sweep([TINY], workers=0)
    with pytest.raises(ValueError, match="engine is 'cloud'"):
        sweep([TINY], engine="cloud")
    with pytest.raises(ValueError, match="no runs"):
        sweep([])
    with pytest.raises(ValueError, match="-1"):
        training_flops(-1, 5)


def test_half_way_columns_have_half_the_tokens():
    row = fake(TINY)
    assert columns([row]) == ([2144], [4000], [1.0])
    assert columns([row], "half") == ([2144], [2000], [2.0])


def test_plans_hold_no_run_twice():
    for name, plan in PLANS.items():
        keys = [run.key for run in plan()]
        assert len(set(keys)) == len(keys), name
    assert {r.key for r in PLANS["small"]()} <= {r.key for r in PLANS["recorded"]()}


def test_the_models_to_be_foretold_are_four_times_larger():
    from glassbox.recordings.scaling_laws import held_out_runs

    for plan, large in ((PLANS["small"](), held_out_runs()[0]), (PLANS["gpu"](), gpu_held_out())):
        assert large.n_params >= 4 * max(run.n_params for run in plan)
        assert large.n_tokens in {run.n_tokens for run in plan}
        assert large.config.head_dim % 2 == 0


def test_the_command_resumes_and_writes_a_table(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(PLANS, "small", lambda: runs(2))
    arguments = ["--folder", str(tmp_path / "runs"), "--table", str(tmp_path / "table.json")]
    sweeping.main(arguments)
    assert "2 runs" in capsys.readouterr().err
    table = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    assert [r["seed"] for r in table["runs"]] == [0, 1]
    monkeypatch.setattr(sweeping, "train_run", None)  # nothing is left to train
    sweeping.main(arguments)


def test_without_ray_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(SweepError, match=r"glassbox\[ray\]"):
        sweep([TINY], engine="ray", progress=False)


def test_ray_gives_what_one_process_gives():
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        here = sweep(runs(2), progress=False)
        there = sweep(runs(2), engine="ray", progress=False)
    finally:
        ray.shutdown()
    assert [r["loss"] for r in there] == [r["loss"] for r in here]


def test_a_ray_cluster_of_two_nodes_shares_the_runs_out():
    """Two Ray nodes on this machine, each with one processor: both get work, and the rows are one process's."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    def on_some_node(run, device):
        import time

        time.sleep(1)  # so that one node alone does not take both
        return train_run(run, device) | {"node": ray.get_runtime_context().get_node_id()}

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        cluster.add_node(num_cpus=1)
        ray.init(address=cluster.address, log_to_driver=False)
        there = sweep(runs(4), engine="ray", train_one=on_some_node, progress=False)
        here = sweep(runs(4), progress=False)
    finally:
        ray.shutdown()
        cluster.shutdown()
    assert [r["loss"] for r in there] == [r["loss"] for r in here]
    assert len({r["node"] for r in there}) == 2
