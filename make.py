"""Build, read, run and test Glass Box with one command, on any system: python make.py book

  book      everything: environment, figures, labs, pages; only what changed is done again
  test      the proof: all of the above, then every test (python make.py test -k tokens)
  preview   the pages in about a minute, with the labs' last results
  serve     show the book at an address of this machine
  lab       JupyterLab on the labs
  labs      run the labs whose results are out of date (python make.py labs 01_next_word)
  bench     what the labs take, one after the other, against what they may (bench 01_next_word)
  figures   build the interactive figures
  stills    take the pictures that stand in for them on paper and without JavaScript (stills tokens)
  models    train the small shipped models again
  wheel     the library with its figures as one file, to install elsewhere
  env       the environment alone
  clean     remove all that was built (the environment stays)

Needs Python 3.11 or newer and the standard library; the rest it installs into .venv.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Glass Box needs Python 3.11 or newer and this is Python {}.{}: install a newer one "
        "and run make.py with it.".format(*sys.version_info[:2])
    )

import functools
import http.server
import os
import shutil
import subprocess

from tools import bench as lab_bench
from tools import book as pages
from tools import environment, workers
from tools import figures as live_figures
from tools import labs as lab_runs
from tools.environment import BUILD, ROOT, Stop

PORTS = range(8000, 8020)


def env() -> int:
    environment.ensure()
    return 0


def figures() -> int:
    env()
    live_figures.build()
    return 0


def labs(*wanted: str) -> int:
    """Run the labs whose results are out of date; show how long each took."""
    figures()
    _known(wanted)
    records = lab_runs.run_stale(list(wanted) or None)
    for record in records:
        state = "" if record.get("ok") else "   FAILED"
        print(f"  lab {record['name']:<28} {record.get('seconds', 0):4.0f} s{state}")
    return 0 if all(record.get("ok") for record in records) else 1


def bench(*wanted: str) -> int:
    """Run labs one after the other; 1 where one takes more than a lab may."""
    figures()
    _known(wanted)
    return lab_bench.main(list(wanted) or lab_runs.names())


def _known(wanted: tuple[str, ...]) -> None:
    unknown = [name for name in wanted if name not in lab_runs.names()]
    if unknown:
        raise Stop(f"There is no lab {unknown[0]!r}; there are {', '.join(lab_runs.names())}.")


def book() -> int:
    if labs():
        raise Stop("A lab failed (see above); the book is built when every lab runs.")
    _show(pages.build())
    return 0


def preview() -> int:
    figures()
    _show(pages.build(preview=True))
    return 0


def serve() -> int:
    """Serve the built book to this machine alone, until interrupted."""
    if not (pages.HTML / "index.html").exists():
        raise Stop("There is no book yet: run `python make.py book` first.")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(pages.HTML))
    for port in PORTS:
        try:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
            break
        except OSError:
            continue
    else:
        raise Stop(f"Ports {PORTS[0]} to {PORTS[-1]} are all in use: free one and run it again.")
    print(f"The book is at http://127.0.0.1:{server.server_port}/ (Ctrl+C ends it)", flush=True)
    with server:
        server.serve_forever()
    return 0


def lab(*arguments: str) -> int:
    figures()
    return _run([environment.python(), "-m", "jupyterlab", str(ROOT / "labs"), *arguments])


def models() -> int:
    env()
    return _run([environment.python(), "-m", "glassbox.shipped"])


def stills(*wanted: str) -> int:
    """Take the figures' pictures from the built book; the next book shows them."""
    failed = book()
    return failed or _run([environment.python(), "-m", "tools.stills", *wanted])


def wheel() -> int:
    """Write the library, with models, recordings and figures, as one file for pip."""
    figures()
    out = BUILD / "wheel"
    shutil.rmtree(out, ignore_errors=True)
    pip = [environment.python(), "-m", "pip", "wheel", "--quiet", "--no-deps"]
    failed = _run([*pip, "--no-build-isolation", "--wheel-dir", str(out), "."])
    for file in out.glob("*.whl"):
        print(f"The library: {file}   (pip install --no-deps takes it anywhere)")
    return failed


def test(*arguments: str) -> int:
    """Build what the tests look at, then run them; the last line is pytest's."""
    if shutil.which("git") is None:
        raise Stop("The tests need git to know which files belong to the project: install it.")
    env()
    try:
        labs()  # a lab that fails is shown here and fails its own test below
    except Stop as reason:
        print(f"make.py: {reason}", flush=True)
    share = _side_by_side(arguments)
    print(f"Running the tests, {share[1] if share else 1} at a time …", flush=True)
    return _run([environment.python(), "-m", "pytest", *share, *arguments])


def _side_by_side(arguments: tuple[str, ...]) -> list[str]:
    """For pytest-xdist: one worker a core, if memory allows; a file of tests stays with one worker,
    and the files keep their order. Nothing where the arguments say how many, or want to talk."""
    if any(word.startswith(("-n", "--numprocesses", "--pdb", "-s")) for word in arguments):
        return []
    count = workers.at_once()
    share = ["-n", str(count), "--dist", "loadfile", "--no-loadscope-reorder"]
    return share if count > 1 else []


def clean() -> int:
    shutil.rmtree(BUILD, ignore_errors=True)
    return 0


def _show(html) -> None:
    print(f"The book: {html / 'index.html'}   (python make.py serve shows it at an address)")


def _run(command: list[str]) -> int:
    """Run a command in the project's folder and environment, in the reader's view."""
    return subprocess.run(command, cwd=ROOT, env=environment.node_environment()).returncode


COMMANDS = [
    book,
    test,
    preview,
    serve,
    lab,
    labs,
    bench,
    figures,
    stills,
    models,
    wheel,
    env,
    clean,
]
TAKE_ARGUMENTS = [test, lab, labs, bench, stills]


def main(arguments: list[str]) -> int:
    commands = {command.__name__: command for command in COMMANDS}
    name, *rest = arguments or ["help"]
    command = commands.get(name)
    if command is None or (rest and command not in TAKE_ARGUMENTS):
        print(__doc__.strip())
        return 0 if name in ("help", "-h", "--help") else 2
    try:
        return command(*rest)
    except Stop as reason:
        print(f"make.py: {reason}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on where it stopped.", file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
