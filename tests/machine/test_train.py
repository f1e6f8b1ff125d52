"""Training: it learns, it resumes to the bit, and nothing that goes wrong loses a checkpoint."""

import math
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from glassbox.machine import resume
from glassbox.machine import train as training
from glassbox.machine.data import END, Windows, token_stream
from glassbox.machine.measure import bits_per_byte, document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, TrainingStopped, train

TEXTS = [f"The {a} of {b} likes {c}." for a in ("cook", "smith", "clerk", "nurse") for b in ("Ada", "Bo", "Cy") for c in ("tea", "rain")]  # fmt: skip
BPE_ = BPE.train(TEXTS, 300, special_tokens=[END])
CONFIG = TrainConfig(steps=12, dtype="float32", threads=1, warmup=3, save_every=5)


def model(**switches) -> GPT:
    return GPT(GPTConfig(len(BPE_), 16, 2, 2, 16, **switches))


def batches(seed: int = 0) -> Windows:
    return Windows(TEXTS, BPE_, batch_size=4, T=16, seed=seed)


# ----- it learns


@pytest.mark.parametrize("muon_lr", [0.02, None])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_loss_falls(muon_lr, dtype):
    config = TrainConfig(steps=60, muon_lr=muon_lr, dtype=dtype, threads=1, warmup=5)
    history = train(model(), batches(), config, progress=False)
    assert history.loss[0] == pytest.approx(math.log(len(BPE_)), abs=0.01)
    assert sum(history.loss[-5:]) / 5 < 1.5
    assert history.dtype == dtype and history.tokens == 60 * 64


def test_with_torchs_adamw_the_losses_are_the_same():
    """The loop against the plainest loop there is."""
    config = TrainConfig(12, muon_lr=None, eps=1e-8, schedule="constant", warmup=0, dtype="float32")
    ours = train(model(), batches(), config, progress=False).loss
    theirs, expected, windows = model(), [], batches()
    optimizer = torch.optim.AdamW(theirs.parameters(), 0.01, (0.9, 0.95), weight_decay=0.0)
    for step in range(12):
        _, loss = theirs(*windows[step])
        loss.backward()
        expected.append(loss.item())
        optimizer.step()
        optimizer.zero_grad()
    assert ours == pytest.approx(expected, rel=1e-4)


def test_evaluate_is_called_on_the_way_and_at_the_end():
    history = train(
        model(), batches(), CONFIG, progress=False, eval_every=5,
        evaluate=lambda m, step: {"step": step, "training": m.training},
    )  # fmt: skip
    assert history.evals == {s: {"step": s, "training": False} for s in (5, 10, 12)}


def test_lists_start_over_and_generators_may_not_end_early():
    two = [batches()[0], batches()[1]]
    assert len(train(model(), two, CONFIG, progress=False).loss) == 12
    assert len(train(model(), (batches()[i] for i in range(12)), CONFIG, progress=False).loss) == 12
    with pytest.raises(TrainingStopped, match="ended before step 2 of 12"):
        train(model(), iter(two), CONFIG, progress=False)
    for nothing in ([], iter([])):
        with pytest.raises(TrainingStopped, match="ended before step 0 of 12"):
            train(model(), nothing, CONFIG, progress=False)


def test_progress_tells_speed_and_bits_per_byte(capsys):
    train(model(), batches(), CONFIG, progress=True)
    shown = capsys.readouterr().err
    assert "12/12" in shown and "tokens/s" in shown and "bits per byte" in shown


# ----- it resumes


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("switches", [{}, {"tied": True, "norm": "layer", "bias": True}])
@pytest.mark.parametrize("stop_at", [1, 5, 11])
def test_an_interrupted_run_resumes_to_the_bit(tmp_path, dtype, switches, stop_at):
    config = TrainConfig(12, dtype=dtype, threads=1, warmup=3, clip=1.0)
    whole, broken, resumed = model(**switches), model(**switches), model(**switches)
    expected = train(whole, batches(), config, progress=False)
    with pytest.raises(KeyboardInterrupt, match=f"after step {stop_at}.*goes on"):
        train(
            broken,
            Interrupting(batches(), stop_at),
            config,
            resume=tmp_path / "run",
            progress=False,
        )
    history = train(resumed, batches(), config, resume=tmp_path / "run", progress=False)
    assert history.loss == expected.loss and history.tokens == expected.tokens
    assert all(torch.equal(a, b) for a, b in zip(whole.parameters(), resumed.parameters()))


class Interrupting:
    """Batches during which somebody presses Ctrl-C."""

    def __init__(self, windows, at):
        self.windows, self.at, self.fingerprint = windows, at, windows.fingerprint

    def __getitem__(self, step):
        if step == self.at:
            os.kill(os.getpid(), signal.SIGINT) if os.name == "posix" else signal.raise_signal(
                signal.SIGINT
            )
        return self.windows[step]


def test_an_interrupt_without_a_checkpoint_stops_too():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt, match=r"after step 3$"):
        train(model(), Interrupting(batches(), 3), CONFIG, progress=False)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_finished_run_is_not_trained_again(tmp_path):
    first = train(model(), batches(), CONFIG, path=tmp_path / "run", progress=False)
    m = model()
    again = train(m, batches(), CONFIG, resume=tmp_path / "run", progress=False)
    assert again == first
    assert m(*batches()[0])[1] < 5


def test_checkpoints_of_other_runs_are_refused(tmp_path):
    train(model(), batches(), CONFIG, path=tmp_path / "run", progress=False)
    with pytest.raises(ValueError, match=r"model\.activation was 'relu2', now 'gelu'"):
        train(model(activation="gelu"), batches(), CONFIG, resume=tmp_path / "run")
    with pytest.raises(ValueError, match=r"train\.steps was 12, now 13"):
        train(model(), batches(), TrainConfig(13, dtype="float32", threads=1, warmup=3, save_every=5), resume=tmp_path / "run")  # fmt: skip


def test_a_run_goes_on_with_its_own_tokenizer_and_text_alone(tmp_path):
    path = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        train(model(), Interrupting(batches(), 5), CONFIG, path=path, progress=False)
    other_bpe = BPE.train([*TEXTS, "the cat sat " * 9], len(BPE_), special_tokens=[END])
    assert len(other_bpe) == len(BPE_)  # so that the model's shape tells nothing
    for what, others in (
        ("tokenizer", Windows(TEXTS, other_bpe, 4, T=16)),
        ("text", Windows(TEXTS[1:], BPE_, 4, T=16)),
        ("seed", batches(seed=1)),
        ("T", Windows(TEXTS, BPE_, 4, T=15)),
        ("batch_size", [batches()[0]]),
    ):
        with pytest.raises(ValueError, match=f"is of another run: .*batches.{what} was .*, now "):
            train(model(), others, CONFIG, resume=path, progress=False)


def test_a_run_may_be_saved_more_often_than_before(tmp_path):
    path, expected = tmp_path / "run", train(model(), batches(), CONFIG, progress=False)
    with pytest.raises(KeyboardInterrupt):
        train(model(), Interrupting(batches(), 5), CONFIG, path=path, progress=False)
    more = replace(CONFIG, save_every=1)
    assert train(model(), batches(), more, resume=path, progress=False).loss == expected.loss


def test_batches_that_break_off_leave_the_steps_before(tmp_path):
    path, expected = tmp_path / "run", train(model(), batches(), CONFIG, progress=False)
    seven = (batches()[i] for i in range(7))
    with pytest.raises(TrainingStopped, match="ended before step 7 of 12"):
        train(model(), seven, CONFIG, path=path, progress=False)
    rest = (batches()[i] for i in range(12))
    asked = []
    history = train(
        model(), rest, CONFIG, resume=path, progress=False, eval_every=1,
        evaluate=lambda m, step: asked.append(step) or {},
    )  # fmt: skip
    assert asked == [8, 9, 10, 11, 12] and history.loss == expected.loss


class Dial(torch.nn.Module):
    """No language model and no config: one number, which should become 3."""

    def __init__(self):
        super().__init__()
        self.number = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, idx, targets):
        return None, (self.number - 3).square()


def test_any_module_can_be_kept(tmp_path):
    one = [batches()[0]]
    expected = train(Dial(), one, CONFIG, path=tmp_path / "run", progress=False)
    resumed = train(Dial(), one, CONFIG, resume=tmp_path / "run", progress=False)
    assert resumed.loss == expected.loss


def test_what_evaluate_returns_can_be_kept(tmp_path):
    def look(m, step):
        return {"norm": m.head.weight.norm(), "row": torch.ones(2), "who": {"Ada"}}

    kept = {"evaluate": look, "resume": tmp_path / "run", "progress": False}
    train(model(), batches(), CONFIG, **kept)
    again = train(model(), batches(), CONFIG, **kept).evals[12]
    assert again["norm"] > 0 and again["row"] == [1, 1] and again["who"] == "{'Ada'}"


def test_a_place_that_cannot_be_written_is_named_before_the_first_step(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path, message in ((tmp_path, "is a folder; name a file"), (tmp_path / "file" / "run", "written")):  # fmt: skip
        for kept in ({"path": path}, {"resume": path}):
            m = model()
            with pytest.raises(OSError, match=message):
                train(m, batches(), CONFIG, progress=False, **kept)
            assert not m.head.weight.any()  # it starts at zero
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_an_edited_header_is_noticed(tmp_path):
    path = tmp_path / "run"
    train(model(), batches(), CONFIG, path=path, progress=False)
    with safe_open(path, "pt") as file:
        told, tensors = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    renamed = {name.replace("embed", "embedding"): w for name, w in tensors.items()}
    recast = {name: w.view(torch.int32) if w.is_floating_point() else w for name, w in tensors.items()}  # fmt: skip
    longer = told | {"about": told["about"].replace('"tokens": 768', '"tokens": 769')}
    assert longer != told
    for metadata, contents in (
        (longer, tensors), (told, renamed), (told, recast), ({}, tensors), (None, tensors),
    ):  # fmt: skip
        save_file(contents, path, metadata)
        with pytest.raises(ValueError, match=r"run is damaged.*delete it and train again"):
            train(model(), batches(), CONFIG, resume=path, progress=False)


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_a_damaged_checkpoint_is_noticed(tmp_path, damage):
    path = tmp_path / "run"
    train(model(), batches(), CONFIG, path=path, progress=False)
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[-100] ^= 1
    path.write_bytes({"cut": data[:-10], "flip": data, "empty": b""}[damage])
    with pytest.raises(ValueError, match=r"run is damaged.*delete it and train again"):
        train(model(), batches(), CONFIG, resume=path)


def test_a_full_disk_leaves_the_previous_checkpoint_whole(tmp_path, monkeypatch):
    path = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        train(model(), Interrupting(batches(), 5), CONFIG, path=path, progress=False)
    before = path.read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(resume, "save_file", full)
    with pytest.raises(TrainingStopped, match=r"could not be written.*what was there is whole"):
        train(model(), batches(), CONFIG, resume=path, progress=False)
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["run"]


# ----- it stops


def test_nan_stops_with_step_rate_and_advice_and_keeps_the_weights():
    m = model()
    with torch.no_grad():
        m.head.weight[0, 0] = math.nan
    before = [p.clone() for p in m.parameters()]
    with pytest.raises(
        TrainingStopped, match=r"loss is nan.*at step 0 .*Try half the learning rates"
    ):
        train(m, batches(), CONFIG, progress=False)
    assert all(torch.equal(a.nan_to_num(), b.nan_to_num()) for a, b in zip(before, m.parameters()))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_gradients_that_lie_around_are_not_used(dtype):
    config = replace(CONFIG, dtype=dtype)
    expected, m, good = train(model(), batches(), config, progress=False), model(), model()
    with torch.no_grad():
        m.head.weight[0, 0] = math.nan
    with pytest.raises(TrainingStopped):
        train(m, batches(), config, progress=False)
    assert all(p.grad is None for p in m.parameters())
    m.load_state_dict(good.state_dict())
    for p in m.parameters():
        p.grad = torch.ones_like(p)
    assert train(m, batches(), config, progress=False).loss == expected.loss


def test_a_model_with_nothing_to_train_is_named():
    with pytest.raises(ValueError, match="no parameter to train"):
        train(model().requires_grad_(False), batches(), CONFIG, progress=False)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        *[
            ({"steps": 5, name: value}, f"{name} is .*; it must be ")
            for name, values in {
                "steps": (0, 2.5, math.nan),
                "lr": (-1, math.nan),
                "muon_lr": (-1, math.nan),
                "betas": ((1.5, 0.9), (0.9, 1.0), (math.nan, 0.9)),
                "eps": (-1,),
                "weight_decay": (-1,),
                "clip": (0, -1, math.nan),
                "warmup": (-5,),
                "cooldown": (-2, 9),
                "threads": (-1, 0, 1.5),
                "save_every": (0, -1),
            }.items()
            for value in values
        ],
        ({"steps": 5, "schedule": "linear"}, "schedule is 'linear'"),
        ({"steps": 5, "dtype": "float16"}, "dtype is 'float16'"),
    ],
)
def test_bad_settings_are_named(setting, message):
    with pytest.raises(ValueError, match=message):
        TrainConfig(**setting)


def test_a_bad_eval_every_is_named():
    with pytest.raises(ValueError, match="eval_every is 0; it must be a whole number, 1 or more"):
        train(model(), batches(), CONFIG, progress=False, eval_every=0)


def test_threads_are_put_back():
    before = torch.get_num_threads()
    train(model(), batches(), TrainConfig(2), progress=False)
    assert torch.get_num_threads() == before


def test_threads_are_put_back_after_an_interrupt_while_they_are_timed(monkeypatch):
    def interrupted(*_):
        torch.set_num_threads(before + 1)
        raise KeyboardInterrupt

    before = torch.get_num_threads()
    monkeypatch.setattr(training, "faster_threads", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(model(), batches(), replace(CONFIG, threads=None), progress=False)
    assert torch.get_num_threads() == before


# ----- windows and measures


def test_every_window_starts_at_a_document_and_every_document_is_read_whole():
    windows = batches()
    stream, end = windows.tokens, BPE_.special_tokens[END]
    assert BPE_.decode(stream) == END + END.join(TEXTS) + END
    seen = "".join(BPE_.decode(stream[s : s + 17]) for s in windows.starts)
    assert all(stream[s] == end for s in windows.starts)
    assert all(text + END in seen for text in TEXTS)


def test_a_document_longer_than_a_window_goes_on_in_the_next():
    long = "x" * 100
    windows = Windows([long, "short"], BPE.from_merges([], special_tokens=[END]), 2, T=16)
    covered = {p for s in windows.starts for p in range(s + 1, s + 17)}
    assert covered >= set(range(1, 97))


def test_batches_depend_on_seed_and_step_alone():
    a, b = batches(), batches()
    for step in (7, 0, 30, 7):
        assert torch.equal(a[step][0], b[step][0])
    assert not torch.equal(batches(1)[0][0], batches(2)[0][0])
    idx, targets = a[3]
    assert idx.shape == targets.shape == (4, 16) and torch.equal(idx[:, 1:], targets[:, :-1])


def test_each_epoch_uses_every_window_once():
    windows = batches()
    n = len(windows.starts)
    starts = [windows.starts[windows.order[i]] for i in range(2 * n)]
    assert sorted(starts[:n]) == sorted(starts[n:]) == windows.starts
    assert starts[:n] != starts[n:]


def test_too_little_text_is_named():
    with pytest.raises(ValueError, match="fewer than one window of 17"):
        Windows(["ab"], BPE_, 4, T=16)
    with pytest.raises(ValueError, match="there are no documents"):
        bits_per_byte(model(), BPE_, [])


def test_bad_windows_and_measures_are_named():
    for bad in ({"T": 0}, {"T": -1}, {"batch_size": 0}, {"batch_size": 1.5}):
        with pytest.raises(ValueError, match=f"{next(iter(bad))} is .* whole number, 1 or more"):
            Windows(TEXTS, BPE_, **{"batch_size": 4, "T": 16} | bad)
    with pytest.raises(ValueError, match="batch_size is -1"):
        document_nats(model(), BPE_, TEXTS, batch_size=-1)
    with pytest.raises(IndexError, match=r"nothing at -4: .* begins at 0"):
        batches()[-1]


@pytest.mark.parametrize(
    "read",
    [token_stream, lambda t, bpe: Windows(t, bpe, 4, T=16), lambda t, bpe: document_nats(model(), bpe, t), lambda t, bpe: bits_per_byte(model(), bpe, t)],
)  # fmt: skip
def test_whoever_reads_documents_wants_a_list_and_an_end(read):
    with pytest.raises(ValueError, match=r"a single text; .*\[text\]"):
        read(TEXTS[0] * 9, BPE_)
    with pytest.raises(ValueError, match="no special token"):
        read(["ab"], BPE.from_merges([]))


def test_document_nats_are_the_losses_of_single_documents():
    m = model()
    train(m, batches(), CONFIG, progress=False)
    texts = [*TEXTS[:3], "tea", "The cook of Bo likes Ada. " * 4]
    nats = document_nats(m, BPE_, texts, batch_size=2)
    for text, nat in zip(texts[:4], nats):
        ids = token_stream([text], BPE_)[None]
        _, loss = m(ids[:, :-1], ids[:, 1:])
        assert nat.item() == pytest.approx(loss.item() * (ids.shape[1] - 1), rel=1e-4)
    assert nats[4] > 0  # longer than the window: every token is counted once
    n_bytes = sum(len(t) + 2 for t in texts)
    assert bits_per_byte(m, BPE_, texts) == pytest.approx(nats.sum() / math.log(2) / n_bytes)


def test_long_documents_count_every_token_once():
    """A model that guesses blindly pays the same for every token, so the sum tells the count."""
    text = "The cook of Bo likes Ada. " * 9
    nats = document_nats(model(), BPE_, [text])
    n = len(BPE_.encode(text)) + 1
    assert nats.item() == pytest.approx(n * math.log(len(BPE_)), rel=1e-4)


# ----- the machine


STEPS_AND_PAGES = """
import resource, sys, torch
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, train
idx = torch.randint(0, 1024, (32, 64), generator=torch.Generator().manual_seed(0))
pages = []
config = TrainConfig(20, dtype="float32", threads=1)
def look(model, step):
    pages.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
    return {}
train(GPT(GPTConfig(1024, 64, 2, 2, 64)), [(idx, idx)], config, progress=False, evaluate=look, eval_every=1)
print(sorted(b - a for a, b in zip(pages[9:], pages[10:]))[5])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts pages as Linux does")
def test_a_step_uses_the_memory_of_the_step_before():
    """Logits alone are 8 MB here, 2,048 pages, several times a step. The median of ten steps."""
    command = [sys.executable, "-c", STEPS_AND_PAGES]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    assert float(told) < 500
