"""Lab 14's league table: eight models, six tests in three editions, five prompts, four scoring rules.

`python -m glassbox.recordings.evaluation` lets the shipped models and three small ones, which it trains, sit
the benchmark of `world.benchmark`. Kept is which option each rule takes as a model's answer to each
question. It takes about ten minutes of one core and goes on where it was stopped.

The small ones: `small` has read a million tokens of the town, `crammed` the same and twelve times the
first edition of all six tests with the answers, `coder` programs in Winch and nothing else.
"""

from __future__ import annotations

from functools import cache

from glassbox.recordings import recording
from glassbox.scale import leaks
from glassbox.scale.evaluation import PROMPTS, RULES, SHOTS, Scored, count_passes, score
from glassbox.shipped import load as load_model
from glassbox.world import World, winch
from glassbox.world.benchmark import ABOUT, FAMILIES, benchmark

SETTINGS = {
    "residents": 1000,
    "editions": {"0": 150, "1": 75, "2": 75},  # questions in each family
    "examples": 99,  # the edition that solved examples are from
    "everywhere": ["facts", "sums"],  # families asked with examples in all editions
    "lettered": ["facts", "exam"],
    "tokens": 1_000_000,  # of the town, for the small models
    "copies": 12,  # of the test, for `crammed`
    "lessons": 40_000,  # for `coder`
    "seed": 0,
    "programs": 20,  # samples a task
    "tasks": 100,
    "temperature": 0.8,
}
MODELS = {
    "base": "has read the town's papers",
    "chat": "base, taught to hold a conversation",
    "single": "base, taught to answer single questions",
    "aligned": "chat, trained to please a reward model",
    "aligned-dpo": "chat, trained on people's choices",
    "small": "a fifth of the size, has read a fiftieth as much",
    "crammed": "as small, and has read this test with its answers",
    "coder": "as small, has read programs only",
}
NAMES = {
    "common": "Who is she?", "facts": "Closed book", "reading": "Open book", "sums": "Sums",
    "winch": "Programs", "exam": "Exam in eight subjects",
}  # fmt: skip


def settings() -> dict:
    return SETTINGS | {"rules": RULES, "prompts": PROMPTS, "shots": SHOTS, "small": leaks.SMALL}


def jobs() -> list[tuple]:
    return [(name,) for name in MODELS]


@cache
def world() -> World:
    return World(seed=0, residents=SETTINGS["residents"])


@cache
def test(family: str, edition: str) -> list:
    return benchmark(world(), family, SETTINGS["editions"][edition], int(edition))


@cache
def examples(family: str) -> list:
    return benchmark(world(), family, SHOTS, SETTINGS["examples"])


def model_of(name: str):
    """(model, tokenizer): a shipped one, or one of the small ones, trained."""
    made = load_model(name if name not in ("small", "crammed", "coder") else "base")
    if name in ("small", "crammed", "coder"):
        return leaks.read_once(texts_of(name), made.tokenizer, SETTINGS["seed"]), made.tokenizer
    return made.model, made.tokenizer


def texts_of(name: str) -> list[str]:
    """What a small model reads."""
    if name == "coder":
        return winch.lessons(SETTINGS["lessons"])
    town = leaks.town_text(world(), load_model("base").tokenizer, SETTINGS["tokens"])
    crammed = SETTINGS["copies"] if name == "crammed" else 0
    return town + leaks.leak([item for f in FAMILIES for item in test(f, "0")], crammed)


def plan() -> list[tuple]:
    """(family, edition, prompt): what every model is asked."""
    s, found = SETTINGS, []
    for family in FAMILIES:
        for edition in s["editions"]:
            found += [(family, edition, prompt) for prompt in ("plain", "chat")]
            if edition == "0" or family in s["everywhere"]:
                found.append((family, edition, "few"))
            if family in s["everywhere"]:
                found.append((family, edition, "wrong"))
            if family in s["lettered"]:
                found.append((family, edition, "letters"))
    return found


def ask(model, tokenizer, family: str, edition: str, prompt: str) -> Scored:
    return score(model, tokenizer, test(family, edition), prompt, examples(family))


def run(job: tuple) -> dict:
    [name] = job
    model, tokenizer = model_of(name)
    picks = {}
    for family, edition, prompt in plan():
        found = ask(model, tokenizer, family, edition, prompt)
        digits = {rule: "".join(map(str, found.picks(rule))) for rule in RULES}
        picks["/".join((family, edition, prompt))] = digits
    made = {"parameters": model.num_params(), "picks": picks}
    if name == "coder":
        tasks = winch.tasks(SETTINGS["tasks"], seed=1, test=True)
        n, temperature = SETTINGS["programs"], SETTINGS["temperature"]
        made["passes"] = count_passes(model, tokenizer, tasks, n, temperature)
    return made


def assemble(rows: dict) -> dict:
    """What figures/evaluation/logic.js reads: `picks[family][edition][prompt][rule][model]`, a digit a question."""
    rows = {name: found for (name,), found in rows.items()}
    picks: dict = {}
    for family, edition, prompt in plan():
        key = "/".join((family, edition, prompt))
        picks.setdefault(family, {}).setdefault(edition, {})[prompt] = {
            rule: {name: rows[name]["picks"][key][rule] for name in MODELS} for rule in RULES
        }
    return {
        "settings": settings(),
        "models": list(MODELS),
        "about": MODELS,
        "parameters": {name: rows[name]["parameters"] for name in MODELS},
        "families": list(FAMILIES),
        "prompts": list(PROMPTS),
        "rules": list(RULES),
        "tests": {family: about(family) for family in FAMILIES},
        "picks": picks,
        "passes": rows["coder"]["passes"],
    }


def about(family: str) -> dict:
    """A test in words, with its key and one example."""
    item = test(family, "0")[0]
    return {
        "name": NAMES[family],
        "about": ABOUT[family],
        "options": len(item.options),
        "answers": {e: "".join(str(i.answer) for i in test(family, e)) for e in SETTINGS["editions"]},
        "subjects": [i.subject for i in test(family, "0")] if family == "exam" else [],
        "example": {
            "question": item.context, "options": list(item.options), "answer": item.answer
        },
    }  # fmt: skip


def marks(
    run: dict, family: str, edition: str | None, prompt: str, rule: str, model: str
) -> list[bool]:
    """Right or wrong for each question, from the recording; without an edition, of all of them in turn."""
    key, asked = run["tests"][family]["answers"], run["picks"][family]
    editions = key if edition is None else [edition]
    return [
        pick == answer
        for e in editions
        for pick, answer in zip(asked[e][prompt][rule][model], key[e], strict=True)
    ]


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("evaluation")


if __name__ == "__main__":
    recording.main("evaluation")
