"""Two machines pretended on one: two groups of processes that know each other only by an address.

On each machine `torchrun` starts an agent, the agents meet at an address, and each starts its machine's
processes. Here both agents run on this machine; with another address the same lines run on two.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing

from glassbox.scale.crew import HOST, LOOP, WorkerError


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with closing(socket.socket()) as line:
        line.bind((HOST, 0))
        return line.getsockname()[1]


def lines(arguments: Sequence[str], hosts: int, each: int, address: str) -> list[str]:
    """The command that is said on each of the machines; the same on all.

    >>> " ".join(lines(["train_cli"], 2, 8, "first:29500")[3:9])
    '--nnodes 2 --nproc-per-node 8 --rdzv-backend c10d'
    """
    told = {
        "--nnodes": hosts,
        "--nproc-per-node": each,
        "--rdzv-backend": "c10d",
        "--rdzv-endpoint": address,
        "--rdzv-id": "glassbox",
    }
    options = [str(word) for pair in told.items() for word in pair]
    return [sys.executable, "-m", "torch.distributed.run", *options, "-m", *arguments]


def run_hosts(
    arguments: Sequence[str],
    hosts: int = 2,
    each: int = 1,
    seconds: float = 120,
    comes: int | None = None,
) -> float:
    """Run a module with `hosts` groups of `each` processes; returns the seconds it took.

    arguments  the module and what it is given, as after `python -m`
    comes      how many of the groups are started; default all

    Raises WorkerError if a group fails, or if all are not done within `seconds`; no process is left.
    """
    command = lines(arguments, hosts, each, f"{HOST}:{free_port()}")
    command[command.index("-m", 3) : command.index("-m", 3)] = ["--local-addr", HOST]
    began, agents = time.monotonic(), []
    settings = os.environ | ({"GLOO_SOCKET_IFNAME": LOOP} if LOOP else {})
    try:
        for _ in range(hosts if comes is None else comes):
            agents.append(
                subprocess.Popen(
                    command,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    env=settings,
                    text=True,
                    encoding="utf-8",
                )
            )
        for number, agent in enumerate(agents):
            try:
                _, said = agent.communicate(timeout=max(0.1, began + seconds - time.monotonic()))
            except subprocess.TimeoutExpired:
                missing = f"; only {len(agents)} of {hosts} came" if len(agents) < hosts else ""
                raise WorkerError(
                    f"the {hosts} groups were not done within {seconds:g} s{missing}",
                    number,
                    {},
                    seconds,
                ) from None
            if agent.returncode:
                raise WorkerError(
                    f"group {number} of {hosts} failed: {_why(said)}", number, {}, 0.0
                )
    finally:
        _end(agents)
    return time.monotonic() - began


def _why(said: str) -> str:
    """Our own sentence among all that torchrun says, or its last line."""
    words = [line for line in said.splitlines() if line.strip()]
    own = [line for line in words if line.startswith("stopped: ")]
    return (own or words or ["it said nothing"])[0 if own else -1].removeprefix("stopped: ")


def _end(agents: list[subprocess.Popen]) -> None:
    """Ask the agents to end their processes, and insist after a while."""
    running = [agent for agent in agents if agent.poll() is None]
    for agent in running:
        agent.terminate()  # an agent ends its processes first
    until = time.monotonic() + 10
    for agent in running:
        try:
            agent.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            agent.kill()
            agent.wait()
    for agent in agents:
        agent.stderr.close()
