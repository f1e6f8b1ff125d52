"""A pytest plugin that keeps what nbval sees: each cell's outputs, the time, the memory, the error.

nbval runs a notebook's cells in a kernel and throws the outputs away. This plugin puts them back
into the notebook and writes it, with a small report, to the folder named by GLASSBOX_LAB_WORK. So
the run that the tests judge is the run that the page shows. Used by tools/labs.py only:

    python -m pytest -p tools.lab_capture -p nbval.plugin --nbval-lax --nbval-current-env labs/01_next_word.ipynb

Left out: updates of an output already shown (nbval does not pass them on).
"""

import contextlib
import copy
import json
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path
from queue import Empty

# A grammar of addresses that no notebook needs: jsonschema does without, and starts a second earlier.
sys.modules.setdefault("rfc3987_syntax", None)

import nbformat  # noqa: E402
import psutil  # noqa: E402
import pytest  # noqa: E402
from nbval import kernel  # noqa: E402
from nbval.kernel import RunningKernel  # noqa: E402

# Asked of the kernel after every cell: seconds of processor time, and the peak of resident memory.
CPU_SECONDS = (
    "sum(__import__('os').times()[:4]) + "
    "sum(sum(c.cpu_times()[:2]) for c in __import__('psutil').Process().children(recursive=True))"
)
PEAK_BYTES = (
    "__import__('resource').getrusage(0).ru_maxrss * "
    "(1 if __import__('sys').platform == 'darwin' else 1024)"
    if os.name != "nt"
    else "__import__('psutil').Process().memory_info().peak_wset"
)
WIDGET = "application/vnd.jupyter.widget-view+json"
LIVE = '<p class="gb-live">A control appears here when the notebook runs.</p>'
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def pytest_configure(config):
    kernel.start_new_kernel = _start_elsewhere(kernel.start_new_kernel)
    RunningKernel.execute_cell_input = _execute
    RunningKernel.await_reply = _await_reply
    config.pluginmanager.register(Capture(Path(os.environ["GLASSBOX_LAB_WORK"])), "lab-capture")


class Capture:
    """Collects from nbval's items and writes when the session ends."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.items = []
        self.start = time.monotonic()
        self.seconds = self.cpu_seconds = self.peak_mb = 0.0
        self.error = None
        self.over = threading.Event()
        self.parent = psutil.Process().parent()
        signal.signal(signal.SIGTERM, _end_all)
        threading.Thread(target=self._watch_processes, daemon=True).start()

    def _watch_processes(self):
        """Where a lab starts processes of its own, their memory counts too, as it is each second.

        Where make.py was killed there is nobody left to run it for.
        """
        while not self.over.wait(1):
            if not self.parent.is_running():
                _end_all()
            for running in psutil.Process().children():
                try:
                    own = [c.memory_full_info().uss for c in running.children(recursive=True)]
                    if own:
                        held = running.memory_info().rss + sum(own)
                        self.peak_mb = max(self.peak_mb, held / 2**20)
                except psutil.Error:
                    continue  # it has just ended

    def pytest_collection_finish(self, session):
        self.items = [item for item in session.items if hasattr(item, "cell")]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item):
        self.seconds = time.monotonic() - self.start
        running = item.parent.kernel
        if running is None or not running.is_alive():
            return
        answer = _ask(running.kc, {"cpu": CPU_SECONDS, "peak": PEAK_BYTES})
        self.cpu_seconds = max(self.cpu_seconds, answer.get("cpu", 0.0))
        self.peak_mb = max(self.peak_mb, answer.get("peak", 0.0) / 2**20)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        if report.failed and self.error is None:
            trouble = call.excinfo.value
            trace = ANSI.sub("", str(getattr(trouble, "inner_traceback", None) or "")).strip()
            last = trace.splitlines()[-1] if trace else str(trouble)
            cell = getattr(item, "cell", {}).get("id", "?")
            self.error = {"cell": cell, "message": last, "traceback": trace or str(trouble)}
        return report

    def pytest_sessionfinish(self, session):
        self.over.set()
        if not self.items:
            return
        notebook = copy.deepcopy(self.items[0].parent.nb)
        outputs = {item.cell.id: item.test_outputs or [] for item in self.items}
        for number, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), 1):
            cell.execution_count = number
            cell.outputs = [_static(output, number) for output in outputs.get(cell.id, [])]
        nbformat.validate(notebook)
        text = nbformat.writes(notebook)
        (self.folder / "executed.ipynb").write_text(text, encoding="utf-8", newline="\n")
        report = {
            "seconds": round(self.seconds, 1),
            "cpu_seconds": round(self.cpu_seconds, 1),
            "peak_mb": round(self.peak_mb, 1),
            "left_behind": sorted(p.name for p in (self.folder / "elsewhere").iterdir()),
            "error": self.error,
        }
        (self.folder / "report.json").write_text(json.dumps(report), encoding="utf-8")


def _end_all(*_):
    """End the kernel with all its processes, then this one, without another word."""
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            process.kill()
    os._exit(1)


def _start_elsewhere(start_new_kernel):
    """Start kernels in an empty folder: a lab must run from anywhere and leave nothing behind."""

    def start(*arguments, **options):
        folder = Path(os.environ["GLASSBOX_LAB_WORK"]) / "elsewhere"
        folder.mkdir(exist_ok=True)
        return start_new_kernel(*arguments, **{**options, "cwd": str(folder)})

    return start


def _execute(running, source, allow_stdin=None):
    """Run a cell as a reader's notebook does. nbval keeps no history, and then IPython does not see
    the semicolon that hides a value."""
    return running.kc.execute(source, allow_stdin=allow_stdin, stop_on_error=False)


def _await_reply(running, sent, timeout):
    """Wait for a cell to end. nbval would wait out the whole timeout for a kernel that died."""
    end = time.monotonic() + timeout
    while True:
        try:
            message = running.get_message("shell", timeout=1)
        except Empty:
            if not running.is_alive():
                raise RuntimeError("the kernel died; did it run out of memory?") from None
            if time.monotonic() > end:
                raise
            continue
        if message["parent_header"].get("msg_id") == sent:
            return


def _ask(client, expressions: dict[str, str]) -> dict[str, float]:
    """The numbers that the kernel answers for some expressions; none where it does not answer."""
    sent = client.execute("", silent=True, store_history=False, user_expressions=expressions)
    try:
        while True:
            reply = client.get_shell_msg(timeout=10)
            if reply["parent_header"].get("msg_id") == sent:
                break
    except Empty:
        return {}
    answers = reply["content"].get("user_expressions", {})
    return {k: float(v["data"]["text/plain"]) for k, v in answers.items() if v["status"] == "ok"}


def _static(output, number: int):
    """An output as a page without a kernel can show it: a live control gives way to its HTML."""
    output = nbformat.from_dict(output)
    if output.output_type == "execute_result":
        output.execution_count = number
    data = output.get("data", {})
    if WIDGET in data:
        del data[WIDGET]
        data.setdefault("text/html", LIVE)
    return output
