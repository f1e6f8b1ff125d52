"""Lab 21b's networks: can the place be read off their numbers, and does pushing them move the answer? Three seeds.

`python -m glassbox.recordings.world_model` trains a network on games of a counter on the town's map (`society.walks`)
for each seed, reads the place off with probes and their controls, pushes the numbers, and writes world_model.json;
it takes about three minutes of one core. The lab trains one of them itself.
"""

from __future__ import annotations

import torch
from sklearn.neural_network import MLPRegressor

from glassbox.recordings import recording
from glassbox.society import walks
from glassbox.society.probes import explained, fit

SEEDS = (0, 1, 2)
SETTINGS = {
    "games": 20_000,
    "steps": 500,
    "read": 400,  # games that probes are fitted on; other games are asked
    "asked": 400,
    "strengths": [0.5, 1.0, 1.5, 2.0, 3.0],
    "free": 64,  # hidden numbers of the probe that is no longer linear
}
AIMS = ("pattern", "probe", "random")
DIGITS = 4


def settings() -> dict:
    return {"settings": SETTINGS, "length": walks.LENGTH, "asks": walks.ASKS}


def jobs() -> list[tuple]:
    return [(seed,) for seed in SEEDS]


def games(seed: int):
    """Games to learn from, to fit probes on, and to ask about: (ids, places) each. No seed shares any."""
    counts = (SETTINGS["games"], SETTINGS["read"], SETTINGS["asked"])
    return [walks.walks(n, 1000 * (seed + 1) + k) for k, n in enumerate(counts)]


def run(job: tuple) -> dict:
    (seed,) = job
    learn, read, ask = games(seed)
    model = walks.trained(learn[0], SETTINGS["steps"], seed)
    return {
        "exam": walks.exam(model, *ask),
        "parameters": model.num_params(),
        **readings(model, walks.scrambled(model, seed), read, ask, seed),
        "pushes": pushes(model, read, ask),
    }


def dealt(places: torch.Tensor, seed: int) -> torch.Tensor:
    """Labels dealt out anew: each street gets the place of another, the same one every time (a control task)."""
    order = list(walks.STREET_AT)
    to = torch.randperm(len(order), generator=torch.Generator().manual_seed(seed)).tolist()
    return torch.tensor(
        [order[to[order.index(tuple(p))]] for p in places.int().tolist()], dtype=torch.float64
    )


def readings(model, other, read, ask, seed: int) -> dict:
    """What probes explain of the place, at every `where` of games that they were not fitted on.

    linear, free: for each depth the share with the trained network ("trained"), with its numbers dealt out
    anew ("scrambled"), and of places dealt out anew ("dealt"). map: where the linear probe sees each street, mean.
    """
    found = {"linear": [], "free": [], "map": []}
    (h, places), (g, truth) = walks.at_where(model, *read), walks.at_where(model, *ask)
    h0, g0 = walks.at_where(other, *read)[0], walks.at_where(other, *ask)[0]
    fake, fake_truth = dealt(places, seed), dealt(truth, seed)
    for depth in range(len(h)):
        rows = {
            "trained": (h[depth], places, g[depth], truth),
            "scrambled": (h0[depth], places, g0[depth], truth),
            "dealt": (h[depth], fake, g[depth], fake_truth),
        }
        found["linear"].append(
            {name: explained(t, fit(x, y)(z)) for name, (x, y, z, t) in rows.items()}
        )
        found["free"].append({name: free(*row, seed) for name, row in rows.items()})
        probe = fit(h[depth], places)
        seen = {
            name: probe(g[depth][(truth == torch.tensor(place)).all(-1)]).mean(0).tolist()
            for name, place in walks.STREETS.items()
        }
        found["map"].append(seen)
    return found


def free(x, y, z, truth, seed: int) -> float:
    """The share that a probe with a hidden layer explains."""
    mean, spread = x.mean(0), x.std(0) + 1e-6
    probe = MLPRegressor(
        hidden_layer_sizes=(SETTINGS["free"],), max_iter=200, random_state=seed, tol=1e-3
    )
    probe.fit(((x - mean) / spread).numpy(), y.numpy())
    return explained(truth, torch.from_numpy(probe.predict(((z - mean) / spread).numpy())))


def aimed(h, places) -> dict:
    """Steps along the pattern; along the probe's own weights and in a random direction, each as long as these."""
    along = walks.pattern(h, places)
    read = walks.reading(fit(h, places))
    read = (
        read / read.norm(dim=-1, keepdim=True).clamp_min(1e-12) * along.norm(dim=-1, keepdim=True)
    )
    return {"pattern": along, "probe": read, "random": walks.random_steps(along)}


def pushes(model, read, ask) -> list[dict]:
    """For each depth, aim and strength the shares of the answers, means over the four directions."""
    h, places = walks.at_where(model, *read)
    rows = []
    for depth in range(1, len(h)):  # before the first block every `where` has the same numbers
        steps = aimed(h[depth], places)
        for aim in AIMS:
            for strength in SETTINGS["strengths"]:
                every = [
                    walks.push(model, *ask, depth, steps[aim], word, strength)
                    for word in walks.MOVES
                ]
                mean = {key: sum(one[key] for one in every) / len(every) for key in every[0]}
                rows.append({"depth": depth, "aim": aim, "strength": strength, **mean})
    return rows


def rounded(found):
    """The same with every float rounded."""
    if isinstance(found, dict):
        return {key: rounded(value) for key, value in found.items()}
    if isinstance(found, list):
        return [rounded(value) for value in found]
    return round(found, DIGITS) if isinstance(found, float) else found


def assemble(rows: dict) -> dict:
    return settings() | {"seeds": [rounded(rows[job]) for job in jobs()]}


def load() -> dict:
    return recording.load("world_model")


if __name__ == "__main__":
    recording.main("world_model")
