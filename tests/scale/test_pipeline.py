"""Schedules of a pipeline: the published formula, the published memory, and no pass before its time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.scale.pipeline import KINDS, bubble, held, order, predicted_bubble, schedule

sizes = st.integers(1, 7)
kinds = st.sampled_from(KINDS)


@given(kinds, sizes, st.integers(1, 20), st.floats(0.1, 5), st.floats(0.1, 5))
def test_the_bubble_is_the_formulas_whatever_the_passes_take(kind, p, m, forward, backward):
    """Narayanan et al. 2021, section 2.2, for both schedules."""
    slots = schedule(kind, p, m, forward, backward)
    assert bubble(slots) == pytest.approx(predicted_bubble(p, m), abs=1e-9)


def test_published_shares():
    assert [round(100 * predicted_bubble(4, m)) for m in (4, 32)] == [43, 9]


@given(kinds, sizes, st.integers(1, 12))
def test_every_pass_is_done_once_after_what_it_waits_for(kind, p, m):
    slots = schedule(kind, p, m)
    at = {(s.stage, s.micro_batch, s.work): s for s in slots}
    assert len(at) == len(slots) == 2 * p * m
    for (stage, i, work), slot in at.items():
        before = [(stage, i, "forward")] if work == "backward" else []
        before += [(stage - 1, i, "forward")] if work == "forward" and stage else []
        before += [(stage + 1, i, "backward")] if work == "backward" and stage < p - 1 else []
        assert all(at[needed].end <= slot.start + 1e-9 for needed in before)
    for stage in range(p):
        own = sorted((s for s in slots if s.stage == stage), key=lambda s: s.start)
        assert [(s.work, s.micro_batch) for s in own] == order(kind, stage, p, m)
        assert all(a.end <= b.start + 1e-9 for a, b in zip(own, own[1:]))


@given(sizes, st.integers(1, 12))
def test_one_forward_one_back_keeps_no_more_than_there_are_stages(p, m):
    assert held(schedule("gpipe", p, m)) == [m] * p
    assert held(schedule("1f1b", p, m)) == [min(m, p - stage) for stage in range(p)]


def test_the_order_is_pytorchs():
    """torch.distributed.pipelining builds its 1F1B with the same warm-up."""
    assert order("1f1b", 0, 4, 8)[:5] == [*(("forward", i) for i in range(4)), ("backward", 0)]
    assert order("1f1b", 3, 4, 8)[:3] == [("forward", 0), ("backward", 0), ("forward", 1)]


def test_a_slow_stage_makes_all_wait():
    assert bubble(schedule("gpipe", 4, 8, forward=[1, 1, 3, 1])) > predicted_bubble(4, 8) + 0.1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: schedule("zigzag", 4, 4), "'zigzag'; it must be one of gpipe, 1f1b"),
        (lambda: schedule("gpipe", 0, 4), "stages is 0"),
        (lambda: schedule("gpipe", 4, 0), "micro_batches is 0"),
        (lambda: schedule("gpipe", 4, 4, forward=0), "forward is 0"),
        (lambda: schedule("gpipe", 4, 4, backward=[1, 2]), "or 4 of them"),
        (lambda: order("gpipe", 4, 4, 4), "from 0 to 3"),
    ],
)
def test_bad_calls_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
