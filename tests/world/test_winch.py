"""The little language: what programs do, what passes, and that tests are in no lesson."""

import pytest

from glassbox.world import winch


@pytest.mark.parametrize(
    ("program", "x", "y"),
    [("add 1", 4, 5), ("double, add 3", 4, 11), ("add 3, double", 4, 14), ("less 2, triple, add 5.", 1, 2)],
)  # fmt: skip
def test_orders_are_carried_out_from_left_to_right(program, x, y):
    assert winch.run(program, x) == y


@pytest.mark.parametrize("text", ["", "add 4", "double double", "add 1, add 1, add 1, add 1", "x"])
def test_what_is_no_program_is_named(text):
    with pytest.raises(ValueError, match="is no program"):
        winch.run(text, 1)


def test_another_program_that_does_the_same_passes_and_one_that_fits_the_examples_only_does_not():
    task = winch.Task(((1, 3), (4, 6)), "add 2")
    assert winch.passes(task, " add 1, add 1.") and winch.passes(task, "add 3, less 1\nand so on")
    fixed = winch.Task(((2, 4),), "double")
    assert winch.run("add 2", 2) == 4 and not winch.passes(fixed, "add 2")  # hidden tests


def test_every_task_is_solved_by_its_own_program():
    for task in winch.tasks(200) + winch.tasks(200, test=True):
        assert winch.passes(task, task.program)


def test_tasks_for_tests_are_in_no_lesson():
    kept = {task.prompt for task in winch.tasks(300, seed=1, test=True)}
    assert not any(lesson.split(":")[0] + ":" in kept for lesson in winch.lessons(3000))


def test_the_same_call_gives_the_same_tasks():
    assert winch.tasks(5, 3) == winch.tasks(5, 3) != winch.tasks(5, 4)
