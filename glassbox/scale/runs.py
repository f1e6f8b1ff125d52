"""Many runs, each kept when it is done: on this machine or on a Ray cluster, and resumed where it stopped.

A run is anything with a `key`; what does it is a function. Sweeps (`scale.sweep`) and the recordings of
the labs are made with it. Left out: retrying what failed, and moving files between machines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import joblib
from joblib.externals import loky

from glassbox.machine.files import write_text
from glassbox.machine.progress import Progress


class SweepError(RuntimeError):
    """The sweep could not be finished; the message says what is kept and how to go on."""


class Folder:
    """Finished runs as files, one JSON each, named by the hash of the run's settings.

    A file is written to the side and renamed, so an interrupt leaves none half written. A file that
    cannot be read is taken for a run that is still to be done.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)

    def _file(self, key: str) -> Path:
        return self.path / f"{key}.json"

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def get(self, key: str) -> dict | None:
        try:
            row = json.loads(self._file(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return row if isinstance(row, dict) and row.get("key") == key else None

    def __getitem__(self, key: str) -> dict:
        return self.get(key)

    def __setitem__(self, key: str, row: dict) -> None:
        write_text(self._file(key), json.dumps(row, ensure_ascii=False) + "\n")


def run_all(
    runs: Iterable,
    run_one: Callable,
    keep: dict | Folder | str | Path | None = None,
    engine: str = "local",
    device: str = "cpu",
    workers: int = 1,
    tell: Callable | None = None,
) -> list[dict]:
    """Do every run that is not in `keep` yet; returns all rows in the order of `runs`.

    runs    anything with a `key`; runs of the same key are one run
    run_one what does a run: (run, device) to a row, a dict that holds the run's "key"
    keep    a folder, or a dict in memory: every finished run is put there at once
    engine  "local", on this machine, or "ray", spread over a Ray cluster
    workers how many processes of this machine work at a time, each on one thread; with 1, this one
    tell    what to say of a row beside the progress bar; without it there is no bar

    An interrupt loses only the run that is under way. Raises SweepError if a run fails, saying
    which, and what is kept. A diverged run is no failure: it has a row that says so.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine is {engine!r}; it must be one of {', '.join(ENGINES)}")
    runs = list(runs)
    if not runs:
        raise ValueError("there are no runs; give at least one")
    if workers < 1:
        raise ValueError(f"workers is {workers}; give at least one")
    keep = {} if keep is None else Folder(keep) if isinstance(keep, str | Path) else keep
    missing = list({run.key: run for run in runs if run.key not in keep}.values())
    with Progress(len(runs), len(runs) - len(missing), tell is not None, "model") as bar:
        try:
            for row in ENGINES[engine](missing, run_one, device, workers):
                keep[row["key"]] = row
                bar.update(tell(row) if tell else "")
        except KeyboardInterrupt:
            raise KeyboardInterrupt(_kept(runs, keep)) from None
        except SweepError as error:
            raise SweepError(f"{error}. {_kept(runs, keep)}") from error.__cause__
    return [keep[run.key] for run in runs]


def _kept(runs, keep) -> str:
    n = sum(run.key in keep for run in runs)
    where = f" in {keep.path}" if isinstance(keep, Folder) else ""
    return f"{n} of {len(runs)} runs are kept{where}; the same call goes on from there"


def _run(run_one, run, device):
    try:
        return run_one(run, device)
    except Exception as error:
        raise SweepError(f"{run} failed with {type(error).__name__}: {error}") from error


def _local(runs, run_one, device, workers):
    jobs = (joblib.delayed(_run)(run_one, run, device) for run in runs)
    workers = min(workers, len(runs)) or 1
    try:
        yield from joblib.Parallel(workers, return_as="generator_unordered")(jobs)
    finally:
        if workers > 1:
            loky.get_reusable_executor().shutdown()  # or they would hold their memory for minutes


def _ray(runs, run_one, device, workers):
    try:
        import ray
    except ImportError:
        raise SweepError(
            "engine is 'ray', which is not installed: pip install glassbox[ray]"
        ) from None
    if not ray.is_initialized():
        ray.init(log_to_driver=False)  # joins the cluster of RAY_ADDRESS, or starts one here
    gpus = 1 if device.startswith("cuda") else 0
    remote = ray.remote(num_cpus=1, num_gpus=gpus, max_retries=2)(run_one)
    waiting = {remote.remote(run, device): run for run in runs}
    try:
        while waiting:
            (ready, *_), _ = ray.wait(list(waiting), num_returns=1)
            run = waiting.pop(ready)
            try:
                yield ray.get(ready)
            except ray.exceptions.RayError as error:
                cause = str(error).strip().splitlines()[-1]
                raise SweepError(f"{run} failed on a Ray worker: {cause}") from error
    finally:
        for task in waiting:
            ray.cancel(task, force=True)


ENGINES = {"local": _local, "ray": _ray}
