"""Several pieces of work side by side, each in a process of its own, as far as cores and memory go.

An interrupt ends all of them. The processes get a group of their own, so that Ctrl+C reaches this
program alone, which then decides.
"""

import concurrent.futures
import subprocess
import threading

from tools import environment

MEMORY = 1.8e9  # bytes: what a lab may hold, and the process that runs it


def at_once() -> int:
    """How many run side by side: one a core, as far as the free memory goes."""
    ask = "import joblib, psutil; print(joblib.cpu_count(True), psutil.virtual_memory().available)"
    said = subprocess.run([environment.python(), "-c", ask], capture_output=True, text=True).stdout
    cores, free = (int(number) for number in said.split())
    return max(1, min(cores, int(free / MEMORY)))


class Running:
    """The processes that are at work, so that an interrupt can end them all."""

    def __init__(self):
        self.processes: list[subprocess.Popen] = []
        self.over = False
        self.lock = threading.Lock()

    def call(self, command: list[str], **options) -> int:
        """Run a command; its status. Raises InterruptedError where an interrupt ended it."""
        with self.lock:
            if self.over:
                raise InterruptedError("everything was interrupted")
            process = subprocess.Popen(command, start_new_session=True, **options)
            self.processes.append(process)
        status = process.wait()
        if self.over:
            raise InterruptedError("everything was interrupted")
        return status

    def end(self) -> None:
        """Ask every process to end; end those that have not after ten seconds."""
        with self.lock:
            self.over = True
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def run_all(work, names: list[str], workers: int) -> None:
    """Call `work(name, running)` for every name, in this order, `workers` at a time."""
    running = Running()
    with concurrent.futures.ThreadPoolExecutor(max(1, workers)) as pool:
        left = {pool.submit(work, name, running) for name in names}
        try:
            while left:  # the wait is cut up because on Windows an interrupt cannot end it
                done, left = concurrent.futures.wait(left, 1, concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    future.result()
        except BaseException:  # an interrupt too
            pool.shutdown(wait=False, cancel_futures=True)
            running.end()
            raise


def duration(seconds: float) -> str:
    """
    >>> duration(8), duration(250)
    ('8 s', '4 min')
    """
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
