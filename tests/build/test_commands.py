"""Every command that a page, a docstring or a notebook names exists, and does what it can do at once.

What is cheap is run; of what trains for an hour, the arguments are read (`--help` behind them).
"""

import ast
import json
import re
import shlex
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions, requires
from importlib.util import find_spec
from pathlib import Path

import pytest

import make
from tools.environment import ROOT, TORCH

GUIDES = ["README.md", "CONTRIBUTING.md", "seeds/README.md", "chapters/back/running.md"]
TEXTS = (".md", ".py", ".ipynb", ".js", ".mjs", ".toml", ".yaml", ".yml", ".json")
# What a guide may tell somebody to type that is not ours to test.
OTHERS = {"git", "cd", "curl", "scp", "cp", "source", "tljh-config", "uv", "conda", "exec"}
# In Google's list of what Colab carries (github.com/googlecolab/backend-info), seen 2026-11.
COLAB = {
    "torch", "numpy", "scipy", "tqdm", "pyyaml", "matplotlib", "plotly", "ipywidgets", "psutil",
    "regex", "joblib", "scikit-learn",
}  # fmt: skip
RUN_MODULES = """
import contextlib, io, json, runpy, sys
said = []
for module, arguments in json.load(sys.stdin):
    out, sys.argv = io.StringIO(), [module, *arguments, "--help"]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            runpy.run_module(module, run_name="__main__")
            status = "ran without reading its arguments"
        except SystemExit as end:
            status = end.code or 0
        except BaseException as error:
            status = repr(error)
    said.append([status, out.getvalue()])
print(json.dumps(said))
"""


@cache
def texts() -> dict[str, str]:
    """Every text of the repository that may name a command, tests aside."""
    files = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    mine = [f for f in files if f.endswith(TEXTS) and not f.startswith("tests/")]
    return {f: (ROOT / f).read_text(encoding="utf-8") for f in mine if (ROOT / f).is_file()}


def modules(prefix: str) -> dict[tuple[str, ...], str]:
    """`python -m prefix… arguments` wherever it is named: the words -> a file that names them."""
    found = {}
    for file, text in texts().items():
        for rest in re.findall(rf"python3? -m ({prefix}\b[^`\"'\n\[{{()\\<]*)", text):
            if re.fullmatch(r"[\w.]+\.", rest):  # before the {name} of a template
                continue
            command = re.split(r"\s{2,}|[,;]|\s#", rest)[0].rstrip(". ")
            found.setdefault(tuple(shlex.split(command)), file)
    return found


def blocks(file: str, language: str) -> list[str]:
    """The commands in a guide's code blocks, one a line; continued lines joined."""
    found = re.findall(rf"^```{language}\n(.*?)^```", texts()[file], flags=re.S | re.M)
    lines = "\n".join(found).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def shell_commands() -> list[str]:
    return [line for file in GUIDES for line in blocks(file, "bash")]


def test_every_command_of_the_library_reads_its_arguments():
    named = modules("glassbox")
    assert len(named) >= 15
    assert ("glassbox", "doctor") in named
    done = subprocess.run(
        [sys.executable, "-c", RUN_MODULES],
        input=json.dumps([[module, arguments] for module, *arguments in named]),
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    for (words, file), (status, said) in zip(named.items(), json.loads(done.stdout), strict=True):
        assert status == 0, f"{file} names `python -m {' '.join(words)}`: {status}\n{said}"
        for option in (word for word in words if word.startswith("--")):
            assert option in said, f"{file} names {option}, which {words[0]} does not have"


@pytest.mark.parametrize("prefix", ["figures", "tools"])
def test_every_other_module_that_is_named_can_be_run(prefix):
    named = modules(prefix)
    assert named
    for (module, *_), file in named.items():
        spec = find_spec(module)
        assert spec and spec.origin, f"{file} names {module}, which does not exist"
        text = Path(spec.origin).read_text(encoding="utf-8")
        assert '__name__ == "__main__"' in text, f"{file} names {module}, which does nothing"


def test_the_doctor_and_the_chat_answer(tmp_path):
    """As README has it, from another folder; the doctor's verdict is about this machine."""
    run = [sys.executable, "-m", "glassbox"]
    env = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "PYTHONUTF8": "1"}
    doctor = subprocess.run([*run, "doctor"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert doctor.stderr == ""
    assert "the shipped model `base` is whole" in doctor.stdout
    command = next(words for words in modules("glassbox") if words[:2] == ("glassbox", "chat"))
    lines = "Who lives in Port Ellery?\n/quit\n"
    chat = subprocess.run(
        [*run, *command[1:]], input=lines, cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert (chat.returncode, chat.stderr) == (0, "")
    assert chat.stdout.strip()


def test_every_make_command_that_is_named_exists():
    known = {command.__name__ for command in make.COMMANDS}
    makefile = texts_of("Makefile")
    named = {
        name: file
        for file, text in texts().items()
        for name in re.findall(r"(?:`|python3? |^)make(?:\.py)? ([a-z]+)", text, flags=re.M)
    }
    assert {"book", "test", "lab", "wheel"} <= set(named)
    for name, file in named.items():
        assert name in known, f"{file} names `make {name}`, which does not exist"
    for name in known:
        assert re.search(rf"^  {name} ", make.__doc__, re.M), f"make.py does not explain {name}"
        assert re.search(rf"^[a-z ]*\b{name}\b[a-z ]*:$", makefile, re.M), f"Makefile lacks {name}"


def texts_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_make_says_what_it_can_do():
    done = subprocess.run(
        [sys.executable, "make.py", "help"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "python make.py book" in done.stdout


@pytest.mark.parametrize("line", shell_commands())
def test_a_line_of_a_guide_is_a_command_that_works(line):
    words = shlex.split(re.sub(r"^\((.*)\)$", r"\1", line), comments=True)
    words = [w for w in words if w not in ("sudo", "|", "-") and not re.match(r"[A-Z]+=", w)]
    name, *arguments = words
    if name == "make":
        assert arguments[0] in {command.__name__ for command in make.COMMANDS}
    elif "python" in Path(name).name:
        check_python(arguments)
    else:
        assert name in OTHERS, f"a test cannot tell whether {name} works"


def check_python(arguments: list[str]) -> None:
    """A script or a module of ours that exists, with files that exist."""
    if arguments[0] == "--version":
        return
    if arguments[0] == "-m":
        assert find_spec(arguments[1]), arguments
        if arguments[1] == "pip":
            assert [a for a in arguments if a.startswith("torch")] in ([], [TORCH])
        arguments = arguments[2:] if arguments[1] == "pytest" else []
    for path in (a for a in arguments if "/" in a or a.endswith(".py")):
        assert (ROOT / path).exists(), path


# ---- Google Colab


def imported(file: str, text: str) -> set[str]:
    """The top-level packages that a module or the code of a notebook imports."""
    if file.endswith(".ipynb"):
        cells = [c["source"] for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
        code = "\n".join("".join(source) for source in cells)
        text = "\n".join(line for line in code.splitlines() if not re.match(r"\s*[%!]", line))
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"glassbox"}


def needed() -> set[str]:
    """The distributions that labs and library import, without those of an optional extra."""
    mine = [(f, t) for f, t in texts().items() if re.match(r"(labs|glassbox)/.*\.(py|ipynb)$", f)]
    names = {name for file, text in mine for name in imported(file, text)}
    by_name = packages_distributions()
    found = {by_name[name][0].lower() for name in names if name in by_name}
    brought = {"ipython", "traitlets", "matplotlib-inline"}  # by ipywidgets, wherever that is
    return found - brought - {"ray", "transformers", "pytest"}


def required() -> set[str]:
    lines = [line for line in requires("glassbox") if "extra ==" not in line]
    return {re.match(r"[\w-]+", line)[0].lower() for line in lines}


def test_the_library_requires_what_it_and_the_labs_import():
    assert {"datasketch", "torch"} <= needed()
    assert needed() <= required()


@pytest.mark.parametrize("file", ["README.md", "chapters/back/running.md"])
def test_the_recipe_for_colab_installs_what_colab_lacks(file):
    recipe = re.search(r"```\w*\n(!git clone.*?)```", texts()[file], flags=re.S)[1]
    lines = [line for line in recipe.splitlines() if "pip install" in line]
    named = {word for line in lines for word in line.split()[2:] if not word.startswith("-")}
    assert named >= needed() - COLAB
    assert needed() - COLAB  # a recipe that names nothing would pass else
