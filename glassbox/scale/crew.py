"""A crew of real processes on this machine that compute together: started once, asked often, gone at the end.

    with Crew(4) as crew:
        answers = crew.run(work, argument)

calls `work(argument)` in four processes at once, each on one thread, and gives the four answers. Inside,
`torch.distributed` connects them (gloo, over this machine's own network): rank, size and every collective
are PyTorch's own. If one fails or is killed, the others are ended too, and a WorkerError says which and why.
The next call starts a new crew. No process outlives the one that started it, whatever ends that one.

On Linux the processes are forked from one that has imported PyTorch once (less memory, a fast start);
elsewhere each starts afresh. `work` must be a function of a module, since each process imports it.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import pickle
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import wait

import torch
import torch.distributed as dist

HOST = "127.0.0.1"
LOOP = {"linux": "lo", "darwin": "lo0"}.get(sys.platform)  # this machine's way to itself
GRACE = 3.0  # seconds that the others have to say what they noticed, before they are ended
PRELOADED = ["torch.distributed.tensor.parallel", "torch.distributed.fsdp", "glassbox.scale.crew"]


class WorkerError(RuntimeError):
    """A process of the crew failed or did not come, and the others were ended.

    worker   its number, from 0
    others   what the others said before they were ended: {number: text}
    seconds  from the first sign of trouble until all were ended
    """

    def __init__(self, message: str, worker: int, others: dict[int, str], seconds: float):
        super().__init__(message)
        self.worker, self.others, self.seconds = worker, others, seconds


class Crew:
    """`size` processes, numbered from 0. `seconds` is how long they wait for one another at most."""

    def __init__(self, size: int, seconds: float = 60):
        if size < 1 or not seconds > 0:
            raise ValueError(
                f"size is {size} and seconds {seconds}; give 1 or more, and more than 0"
            )
        self.size, self.seconds = size, seconds
        self.processes, self.lines = [], []

    def __enter__(self) -> Crew:
        self._start()
        return self

    def __exit__(self, *_) -> None:
        self.end()

    def run(self, work: Callable, *arguments, **settings) -> list:
        """What `work(*arguments, **settings)` returns in each process, in the order of their numbers.

        Raises ValueError if `work` cannot be imported by the others, WorkerError if one fails.
        """
        main = sys.modules["__main__"]
        if getattr(work, "__module__", "") == "__main__" and not hasattr(main, "__file__"):
            raise ValueError(
                f"{work.__name__} is defined in this notebook, where other processes cannot find it; "
                "put it into a file and import it from there"
            )
        if not self.processes:
            self._start()
        order = pickle.dumps((work, arguments, settings))
        try:
            for line in self.lines:
                with contextlib.suppress(OSError):  # that one is gone, which `_answers` finds
                    line.send_bytes(order)
            return self._answers(None)
        except BaseException:
            self.end()
            raise

    def _start(self) -> None:
        # Who hosts the meeting point chooses its port, so no two crews take the same one.
        self.store = dist.TCPStore(HOST, 0, is_master=True, wait_for_workers=False)
        context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        if sys.platform == "linux":
            context.set_forkserver_preload(PRELOADED)
        for rank in range(self.size):
            ours, theirs = context.Pipe()
            told = (theirs, rank, self.size, self.store.port, self.seconds)
            process = context.Process(target=_worker, args=told, daemon=True, name=f"worker {rank}")
            process.start()
            theirs.close()
            self.processes.append(process)
            self.lines.append(ours)
        try:
            self._answers(self.seconds)
        except BaseException:
            self.end()
            raise

    def _answers(self, seconds: float | None) -> list:
        """One answer from each process; the first that fails ends the job."""
        until = None if seconds is None else time.monotonic() + seconds
        answers, waiting = {}, set(range(self.size))
        while waiting:
            left = None if until is None else max(0.0, until - time.monotonic())
            ready = wait([self.lines[r] for r in waiting], left)
            if not ready:
                late = min(waiting)
                raise self._trouble(late, f"did not come within {seconds:g} s", waiting - {late})
            for rank in [r for r in waiting if self.lines[r] in ready]:
                waiting.discard(rank)
                well, answer = self._hear(rank)
                if not well:
                    raise self._trouble(rank, answer, waiting)
                answers[rank] = answer
        return [answers[rank] for rank in range(self.size)]

    def _hear(self, rank: int) -> tuple:
        """(True, its answer) or (False, what went wrong) of a process that has something to say."""
        try:
            return pickle.loads(self.lines[rank].recv_bytes())
        except (EOFError, OSError):
            self.processes[rank].join(1)
            return False, _ending(self.processes[rank].exitcode)

    def _trouble(self, worker: int, why: str, waiting: set) -> WorkerError:
        """Listen to the others for a moment, end them all, and say what happened."""
        began, said, until = time.monotonic(), {worker: why}, time.monotonic() + GRACE
        waiting = set(waiting)
        while waiting and (left := until - time.monotonic()) > 0:
            ready = wait([self.lines[r] for r in waiting], left)
            for rank in [r for r in waiting if self.lines[r] in ready]:
                waiting.discard(rank)
                well, answer = self._hear(rank)
                if not well:
                    said[rank] = answer
        self.end(kill=True)
        # A process that lost a peer complains too; whoever was killed or failed by itself is the cause.
        worker = min(said, key=lambda r: (_of_a_peer(said[r]), r != worker))
        why = said.pop(worker)
        fate = f"; the other {self.size - 1} were ended" if self.size > 1 else ""
        message = f"worker {worker} of {self.size} (they count from 0) {why}{fate}"
        return WorkerError(message, worker, said, time.monotonic() - began)

    def end(self, kill: bool = False) -> None:
        """End all processes; a crew that has ended starts anew with the next `run`."""
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.send_bytes(pickle.dumps(None))
        until = time.monotonic() + (0 if kill else 2)
        for process in self.processes:
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
            process.close()
        for line in self.lines:
            line.close()
        self.processes, self.lines, self.store = [], [], None


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed (signal {-code}, {signal.Signals(-code).name})"
    return f"ended without an answer (exit code {code})"


def _of_a_peer(why: str) -> bool:
    """Whether a process only says that another one is gone, or did not answer."""
    return any(
        words in why for words in ("peer", "Connection", "connection", "Timed out", "ended with")
    )


def _worker(line, rank: int, size: int, port: int, seconds: float) -> None:
    """One process: meet the others, then do what is asked until the caller is content or gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the caller's, who ends us
    threading.Thread(target=_leave_with_the_caller, daemon=True).start()
    logging.getLogger("torch.distributed").setLevel(logging.ERROR)
    torch.set_num_threads(1)
    if LOOP:
        os.environ["GLOO_SOCKET_IFNAME"] = LOOP  # whatever the machine calls itself outside
    try:
        limit = timedelta(seconds=seconds)
        store = dist.TCPStore(HOST, port, is_master=False, timeout=limit)
        dist.init_process_group("gloo", store=store, rank=rank, world_size=size, timeout=limit)
        line.send_bytes(pickle.dumps((True, None)))
        while order := pickle.loads(line.recv_bytes()):
            line.send_bytes(_done(*order))
    except (EOFError, OSError, RuntimeError) as error:
        with contextlib.suppress(OSError):
            line.send_bytes(pickle.dumps((False, _said(error))))
    finally:
        os._exit(0)  # a peer may be gone, for whom an orderly good-bye would wait


def _done(work, arguments, settings) -> bytes:
    try:
        return pickle.dumps((True, work(*arguments, **settings)))
    except Exception as error:
        return pickle.dumps((False, _said(error)))


def _said(error: Exception) -> str:
    """What went wrong in a line; of gloo's complaints what they say, without its source's addresses."""
    words = (str(error).strip().splitlines() or [""])[0]
    words = re.sub(r"^\[\S+:\d+\] |\. This is typically.*", "", words)
    return f"failed with {type(error).__name__}: {words}"


def _leave_with_the_caller() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)
