"""What all recordings share: a module says which runs there are, and here they are done and put together.

A module of this folder has

    settings()        what decides the outcome and can be written down; change it, and all runs are new
    jobs()            the runs, each a tuple (or a frozen dataclass) of plain values
    run(job)          does one and returns a dict of plain values
    assemble(rows)    {job: what `run` returned} to the table that labs and figures read

`python -m glassbox.recordings.rlhf` then does what is not done yet, keeps every finished run as a file
in _build/recordings/rlhf, and at the end writes rlhf.json beside the module.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import sys
import time
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path

import torch

from glassbox.machine.files import write_text
from glassbox.scale.runs import ENGINES, run_all

HERE = Path(__file__).parent


def load(name: str, folder: Path = HERE) -> dict:
    """A recording. Raises ValueError, naming the command that makes it, if it is not there."""
    file = folder / f"{name}.json"
    if not file.exists():
        raise ValueError(f"{file.name} is missing; make it with `{command(name)}`")
    return json.loads(file.read_text(encoding="utf-8"))


def command(name: str) -> str:
    return f"python -m glassbox.recordings.{name}"


@dataclass(frozen=True)
class Job:
    """One run of one recording, found again by a hash of all that decides what comes out."""

    recording: str
    what: tuple
    settings: str

    @property
    def key(self) -> str:
        what = asdict(self.what) if is_dataclass(self.what) else self.what
        text = json.dumps([self.recording, what, self.settings], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def do(job: Job, device: str = "cpu") -> dict:
    """Do one run; its row also says how many seconds it took."""
    torch.set_num_threads(1)
    began = time.process_time()
    found = importlib.import_module(f"glassbox.recordings.{job.recording}").run(job.what)
    return {"key": job.key, "found": found, "seconds": round(time.process_time() - began, 2)}


def make(
    name: str,
    file: Path | None = None,
    parts: Path | None = None,
    engine: str = "local",
    workers: int = 1,
    tell=None,
) -> dict:
    """Do the runs of a recording that are not kept in `parts`, and write the table; returns it."""
    module = importlib.import_module(f"glassbox.recordings.{name}")
    settings = json.dumps(module.settings(), sort_keys=True)
    jobs = [Job(name, job, settings) for job in module.jobs()]
    parts = parts or Path("_build") / "recordings" / name
    rows = run_all(jobs, do, parts, engine, workers=workers, tell=tell)
    table = {
        "made_by": command(name),
        "torch": torch.__version__.split("+")[0],
        "seconds": round(sum(row["seconds"] for row in rows)),
        **module.assemble({job.what: row["found"] for job, row in zip(jobs, rows)}),
    }
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    write_text(file or HERE / f"{name}.json", text + "\n")
    return table


def main(name: str, arguments: list[str] | None = None) -> None:
    """The command line of a recording."""
    parser = argparse.ArgumentParser(
        prog=command(name), description=f"Record {name}, or go on with it."
    )
    parser.add_argument("--file", type=Path, help="the table; default: beside the module")
    parser.add_argument("--parts", type=Path, help="finished runs; default: _build/recordings")
    parser.add_argument("--engine", choices=ENGINES, default="local")
    parser.add_argument("--workers", type=int, default=1, help="processes, each on one thread")
    given = parser.parse_args(arguments)
    table = make(name, **vars(given), tell=lambda row: f"{row['seconds']:.0f} s")
    print(f"{name}: {table['seconds']} processor seconds in all", file=sys.stderr)
