"""The search on a small book: built by Sphinx with our extensions, searched with its own code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment

ROOT = Path(__file__).resolve().parents[2]
CONF = """
extensions = ["myst_parser", "sphinxcontrib.bibtex", "course_sphinx", "measured"]
root_doc, html_theme = "names", "basic"
html_static_path = ["static"]
bibtex_bibfiles, mathjax_path = [], "m.js"
"""
PAGES = {
    "names": """# Names

{cite:t}`kopf2023open` wrote it. Jan Kocoń agrees, and so does Çağrı from 北京.

```{bibliography}
```

```{toctree}
:hidden:

words
codes
```
""",
    "words": """# The words

人工智能 is two words of two letters, 猫 is one. The constructor tokenizes toString in 2023.
Half a word is **bold**face. ภาษาไทย has no spaces.
""",
    "codes": """# Tokens

It takes a GPT-2 token, `n_embd` wide, or nothing.

<table><tr><td>München</td><td>Straße</td></tr></table>
""",
}
BIB = r"""@misc{kopf2023open,
 author = {K{\"o}pf, Andreas and {\"U}st{\"u}n, Ahmet},
 title = {Open {A}ssistant at {M\"unchen}},
 year = {2023},
}
"""
FOUND = {
    "Köpf": {"names"},
    "kopf": {"names"},
    "ÜSTÜN": {"names"},
    "Kocoń": {"names"},
    "kocon": {"names"},
    "Cagri": {"names"},
    "München": {"names", "codes"},
    "munchen": {"names", "codes"},
    "Strasse": {"codes"},
    "北京": {"names"},
    "京": {"names"},
    "人工": {"words"},
    "人工智能": {"words"},
    "猫": {"words"},
    "工人": set(),  # the same letters, not in this order
    "ภาษา": {"words"},
    "constructor": {"words"},
    "toString": {"words"},
    "__proto__": set(),
    "hasOwnProperty": set(),
    "valueOf": set(),
    "2023": {"names", "words"},
    "boldface": {"words"},
    "bold": {"words"},
    "the": {"words"},
    "tokenizing": {"words", "codes"},  # another form of tokenizes and of token
    "token": {"words", "codes"},
    "n_embd": {"codes"},
    "embd": {"codes"},  # inside a longer word
    "GPT-2 wide": {"codes"},
    "constructor wide": set(),  # no page has both
    "constructor 猫": {"words"},
    "constructor 京": set(),
    "tokanizes": {"words", "codes"},  # one letter wrong: taken for tokenizes
    "constuctor": {"words"},  # one letter missing
    "bioldface": {"words"},  # one too many
    "Kcono": set(),  # two slips
    "Koocn": {"names"},  # two letters that changed places
    "tokanizes 猫": {"words"},
    "-": set(),
    "": set(),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("search")
    (root / "pyproject.toml").write_text("", encoding="utf-8")
    (root / "seeds").mkdir()
    (root / "seeds" / "references.bib").write_text(BIB, encoding="utf-8")
    (root / "src" / "static").mkdir(parents=True)
    (root / "src" / "conf.py").write_text(CONF, encoding="utf-8")
    script = (ROOT / "_static" / "search.js").read_text(encoding="utf-8")
    (root / "src" / "static" / "search.js").write_text(script, encoding="utf-8")
    for name, text in PAGES.items():
        (root / "src" / f"{name}.md").write_text(text, encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith("GLASSBOX_")}
    env |= {"PYTHONPATH": os.pathsep.join([str(ROOT / "_ext"), str(ROOT)]), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", "src", "html"]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return root / "html"


@pytest.fixture(scope="module")
def found(site):
    script = str(ROOT / "tests" / "book" / "search.mjs")
    command = [environment.node(), script, str(site), json.dumps(list(FOUND))]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    return {word: set(pages) for word, pages in json.loads(done.stdout).items()}


@pytest.mark.parametrize("word", FOUND)
def test_a_word_is_found_where_it_is_printed(found, word):
    assert found[word] == FOUND[word]
