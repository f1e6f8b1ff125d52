"""No exercise accepts a solution that was changed mechanically: every check is put to the test.

The mutants of each reference solution: the right result of the first case whatever is asked; one
argument frozen at its first value; two exchanged; and by a change in the source, one at a time, a
sign, an operator, a comparison, a constant or a range off by one, the operands turned around, a
term, factor, condition, slice or call dropped, one function for its like (sum for mean, min for
max), a loop left after its first round. Mutants that compute the same by another way are listed in
`EQUIVALENT` with the reason.
"""

import ast
import copy
import inspect
import itertools
import math
from collections import Counter

import pytest

from glassbox.course import exercises
from glassbox.course.show import source

ALL = {f"{topic}.{e.name}": e for topic in exercises.topics() for e in exercises.exercises(topic)}
every_exercise = pytest.mark.parametrize(("name", "exercise"), ALL.items(), ids=list(ALL))
ROUNDS = 5_000  # of a mutant's loops, before it counts as endless

CUT_OFF = "a stretch cut off by the end is shorter than all those it is compared with"

# exercise -> what was changed -> why that is no mistake
EQUIVALENT = {
    "attention.attend": {"-1 -> 1": "of two dimensions the last is number 1"},
    "attention.parameters": {"vocab_size <-> block_size": "a sum"},
    "chinese_room.turns_until": {"1 -> 0": "no turns have no bits"},
    "collage.best_guess": {"x - value -> value - x": "squared"},
    "data_cleaning.estimate": {"a <-> b": "agreement is mutual"},
    "data_cleaning.jaccard": {"a <-> b": "likeness is mutual"},
    "data_cleaning.times_read": {"share <-> budget": "a product"},
    "data_value.same_order": {"a <-> b": "agreement is mutual"},
    "dpo.dpo_loss": {
        "rejected <-> ref_chosen": "both are subtracted",
        "chosen <-> ref_rejected": "both are added",
    },
    "embeddings.cosine": {"a <-> b": "likeness is mutual"},
    "emergence.digits": {"answers <-> replies": "agreement is mutual"},
    "emergence.exact": {"answers <-> replies": "agreement is mutual"},
    "encoder_or_decoder.nearest": {
        "torch.nn.functional.normalize(questions, dim=-1) -> questions": (
            "a question's length changes all of its cosines by one factor"
        ),
        "-1 -> 1": "of two dimensions the last is number 1",
        "-1 -> 1 #2": "of two dimensions the last is number 1",
        "-1 -> 1 #3": "of two dimensions the last is number 1",
    },
    "evaluation.pass_at_k": {
        "c <-> k": "k programs and c right ones meet as often the other way round"
    },
    "finetuning.lora_params": {"n_out <-> n_in": "a sum"},
    "hallucination.gap": {
        "range(bins) -> range(bins + 1)": "no reply lies behind the last bin",
        "confidence[i] - right[i] -> right[i] - confidence[i]": "without its sign",
    },
    "memorization.longest_run": {
        "a <-> b": "what is in common is mutual",
        "range(len(a)) -> range(len(a) + 1)": "no run begins behind the end",
        "range(len(b)) -> range(len(b) + 1)": "no run begins behind the end",
    },
    "memorization.stopped": {
        "written <-> protected": "what is in common is mutual",
        "range(len(protected) - n + 1) -> range(len(protected) - n + 1 + 1)": CUT_OFF,
        "range(len(written) - n + 1) -> range(len(written) - n + 1 + 1)": CUT_OFF,
        "len(protected) - n -> len(protected) + n": CUT_OFF,
        "len(protected) - n -> len(protected)": CUT_OFF,
        "len(written) - n -> len(written) + n": CUT_OFF,
        "len(written) - n -> len(written)": CUT_OFF,
        "1 -> 2": CUT_OFF,
        "1 -> 2 #2": CUT_OFF,
    },
    "moderation.flipped": {
        "truth <-> before": "agreement is mutual",
        "user <-> after": "agreement is mutual",
    },
    "next_word.perplexity": {"bits <-> length": "a product"},
    "parallelism.cards": {"n_params <-> bytes_each": "a product"},
    "pretraining.training_flops": {"parameters <-> tokens": "a product"},
    "reward_model.longer_wins": {"c > r -> c >= r": "ties are left out before"},
    "rlhf.advantages": {"r - mean -> mean - r #2": "squared"},
    "scaling_laws.best_size": {"6 -> 7": "7% off the best size, where the loss is flat"},
    "scaling_laws.huber": {"abs(r) <= delta -> abs(r) < delta": "the pieces meet at delta"},
    "shrinking.rounded": {
        "2 ** (bits - 1) - 1 -> 1 - 2 ** (bits - 1)": "the scale changes its sign twice"
    },
    "softmax_sampling.loops": {"len(ids) // times -> len(ids)": "a longer stretch never fits"},
    "softmax_sampling.nucleus": {"float(probs[token]) -> probs[token]": "a sum of tensors"},
    "the_bill.energy_kwh": {
        "watts <-> hours": "a product",
        "watts <-> pue": "a product",
        "hours <-> pue": "a product",
    },
    "the_bill.gpu_hours": {"peak <-> utilization": "a product"},
    "the_label_office.pairs_for": {
        f"{a} <-> {b}": "all three divide"
        for a, b in itertools.combinations(["billed", "seconds", "looks"], 2)
    },
    "world_model.explained": {
        "t - g -> g - t": "squared",
        "t - mean -> mean - t": "squared",
    },
    "world_model.line": {
        "x - mean_x -> x": "the y lie around their mean, so what is taken off every x falls out",
        "y - mean_y -> y": "the x lie around their mean, so what is taken off every y falls out",
        "x - mean_x -> x + mean_x": "the y lie around their mean, so what is added to every x falls out",
        "y - mean_y -> y + mean_y": "the x lie around their mean, so what is added to every y falls out",
        "x - mean_x -> mean_x - x #2": "squared",
    },
    "world_model.nearest": {
        "streets[name][0] - x -> x - streets[name][0]": "squared",
        "streets[name][1] - y -> y - streets[name][1]": "squared",
    },
}


# ----- mutants of the arguments and the result


@every_exercise
def test_a_constant_is_wrong_and_named(name, exercise):
    wanted = exercise.solution(*exercise.cases[0])
    message = refused(exercise, lambda *_: wanted)
    named = any(
        message.startswith(f"Not quite, because {w}") for _, w in exercise.mistakes.values()
    )
    assert named or "whatever it is asked" in message


@every_exercise
def test_an_argument_frozen_at_its_first_value_is_wrong_and_named(name, exercise):
    first = exercise.cases[0]
    for i in range(len(first)):

        def frozen(*args, i=i):
            return exercise.solution(*args[:i], *first[i : i + 1], *args[i + 1 :])

        message = refused(exercise, frozen)
        texts = [f"Not quite, because {words}" for _, words in exercise.mistakes.values()]
        named = any(message.startswith(text) for text in texts)
        named = named or "takes no notice of `" in message or "whatever it is asked" in message
        assert named or crashes(exercise, frozen)  # of a size that fits the first case only


@every_exercise
def test_exchanged_arguments_are_wrong(name, exercise):
    parameters = list(inspect.signature(exercise.solution).parameters)[: len(exercise.cases[0])]
    for i, j in itertools.combinations(range(len(parameters)), 2):

        def exchanged(*args, i=i, j=j):
            given = list(args)
            if j < len(given):
                given[i], given[j] = given[j], given[i]
            return exercise.solution(*given)

        change = f"{parameters[i]} <-> {parameters[j]}"
        expect(name, exercise, change, exchanged)


# ----- mutants of the source


@every_exercise
def test_every_changed_line_is_caught(name, exercise):
    for change, mutant in mutants(exercise.solution):
        expect(name, exercise, change, mutant)


def test_equivalent_mutants_exist():
    """The table names no mutant that is never made."""
    for name, table in EQUIVALENT.items():
        solution = ALL[name].solution
        names = list(inspect.signature(solution).parameters)
        made = {change for change, _ in mutants(solution)}
        made |= {f"{a} <-> {b}" for a, b in itertools.combinations(names, 2)}
        assert set(table) <= made, name


def expect(name, exercise, change, mutant):
    status = exercises.judge(exercise, mutant).status
    if change in EQUIVALENT.get(name, {}):
        assert status == "right", f"{name}: {change} is no equivalent"
    else:
        assert status == "wrong", f"{name} accepts: {change}"


def crashes(exercise, mutant):
    for case in exercise.cases:
        try:
            mutant(*case)
        except Exception:
            return True
    return False


def refused(exercise, mutant):
    verdict = exercises.judge(exercise, mutant)
    assert verdict.status == "wrong"
    return verdict.message


def mutants(function):
    """(what was changed, the changed function), one for each change."""
    tree, seen = ast.parse(source(function)), Counter()
    for number, node in enumerate(ast.walk(tree)):
        for change in changes(node):
            changed = copy.deepcopy(tree)
            target = next(itertools.islice(ast.walk(changed), number, None))
            before = ast.unparse(target)
            replacement = change(target)
            if replacement is not target:
                changed = Replace(target, replacement).visit(changed)
            after = ast.unparse(replacement)
            seen[what := f"{before} -> {after}".replace("\n", " ")] += 1
            if before != after:
                what = f"{what} #{seen[what]}" if seen[what] > 1 else what
                yield what, built(changed, function)


class Replace(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


class CountRounds(ast.NodeTransformer):
    """Every round of a `while` asks whether there have been too many."""

    def visit_While(self, node):
        self.generic_visit(node)
        node.body.insert(0, ast.parse("__round()").body[0])
        return node


def built(tree, function):
    rounds = itertools.count()

    def one_round():
        if next(rounds) > ROUNDS:
            raise TimeoutError("endless")

    names = dict(function.__globals__, __round=one_round)
    tree = ast.fix_missing_locations(CountRounds().visit(tree))
    exec(compile(tree, "<mutant>", "exec"), names)
    return names[function.__name__]


OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
}
COMPARISONS = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
}
LIKE = {
    "sum": ["mean", "max", "len"],
    "mean": ["sum"],
    "max": ["min"],
    "min": ["max"],
    "any": ["all"],
    "argmax": ["argmin"],
    "argsort": [],
    "count": ["index"],
    "sorted": [],
    "triu": ["tril"],
    "log": ["log2"],
    "log2": ["log"],
}
KEPT = {
    "range",
    "enumerate",
    "zip",
    "list",
    "tuple",
    "set",
    "item",
    "tolist",
    "Counter",
    "ones",
    "as_tensor",
}


def changes(node):
    """Functions that change a node of this kind in place, or give another for it."""
    if isinstance(node, ast.BinOp):
        yield from (operator(op) for op in OPERATORS.get(type(node.op), []))
        yield lambda n: n.left
        yield lambda n: n.right
        if not isinstance(node.op, (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)):
            yield lambda n: ast.BinOp(n.right, n.op, n.left)
    elif isinstance(node, ast.UnaryOp):
        yield lambda n: n.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from (comparison(op) for op in COMPARISONS.get(type(node.ops[0]), []))
    elif isinstance(node, ast.BoolOp):
        for i in range(len(node.values)):
            yield lambda n, i=i: without(n, i)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield lambda n: ast.Constant(n.value + 1)
        yield lambda n: ast.Constant(n.value - 1)
    elif isinstance(node, ast.Constant) and type(node.value) is str:
        yield lambda n: ast.Constant("")
    elif isinstance(node, ast.Call):
        yield from calls(node)
    elif (
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Slice)
    ):
        yield lambda n: n.value
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield unconditional
    elif isinstance(node, ast.IfExp):
        yield lambda n: n.body
        yield lambda n: n.orelse
    elif isinstance(node, (ast.For, ast.While)):
        yield only_once
    elif isinstance(node, ast.AugAssign):
        yield lambda n: ast.Assign([n.target], n.value, lineno=1)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield lambda n: n.value
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) == 2:
        yield lambda n: ast.Tuple(n.elts[::-1], n.ctx)


def calls(node):
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for other in LIKE.get(name, []):
        if isinstance(node.func, ast.Name):
            yield lambda n, other=other: ast.Call(like(other), n.args, n.keywords)
        else:
            yield lambda n, other=other: renamed(n, other)
    if name in KEPT:
        if name == "range":
            yield lambda n: ast.Call(n.func, [*n.args[:-1], plus(n.args[-1], 1)], [])
            yield lambda n: ast.Call(n.func, [*n.args[:-1], plus(n.args[-1], -1)], [])
    elif isinstance(node.func, ast.Attribute) and not is_module(node.func.value):
        yield lambda n: n.func.value  # x.softmax(-1) -> x
    elif node.args:
        yield lambda n: n.args[0]  # math.sqrt(x) -> x
    if len(node.args) == 2 and name not in KEPT | {"max", "min", "dist"}:  # these are symmetric
        yield lambda n: ast.Call(n.func, n.args[::-1], n.keywords)


def like(name):
    if name != "mean":
        return ast.Name(name, ast.Load())
    return ast.parse("lambda v, *_: (v := list(v)) and sum(v) / len(v)", mode="eval").body


def is_module(node):
    return ast.unparse(node).split(".")[0] in {"math", "torch"}


def plus(node, n):
    return ast.BinOp(node, ast.Add(), ast.Constant(n))


def operator(op):
    return lambda n: ast.BinOp(n.left, op(), n.right)


def comparison(op):
    return lambda n: ast.Compare(n.left, [op()], n.comparators)


def without(node, i):
    rest = node.values[:i] + node.values[i + 1 :]
    return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def renamed(node, name):
    return ast.Call(ast.Attribute(node.func.value, name, ast.Load()), node.args, node.keywords)


def unconditional(node):
    node.ifs = []
    return node


def only_once(node):
    node.body.append(ast.Break())
    return node


def test_the_mutants_are_many_and_real():
    total = sum(1 for e in ALL.values() for _ in mutants(e.solution))
    assert total > 500
    changed = dict(mutants(ALL["next_word.surprisal"].solution))
    assert set(changed) == {
        "-math.log2(p) -> math.log2(p)",
        "math.log2(p) -> math.log(p)",
        "math.log2(p) -> p",
    }
    assert changed["math.log2(p) -> math.log(p)"](0.5) == -math.log(0.5)
