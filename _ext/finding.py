"""Sentences of result, each tied to a yes or no that a lab records.

    {finding}`Networks of two layers copy what networks of one cannot. <attention.two_layers_copy>`

A lab says `record({"attention.two_layers_copy": copied_in_every_seed})`, a bool. The sentence stands
in the text as it is written, with a small link to the lab. If a run records False, or something else
than True or False, or nothing, that is a warning with sentence and record, which the book's build makes
an error: a person then rewrites the sentence. With GLASSBOX_PREVIEW=1 a missing record passes.
"""

from __future__ import annotations

import re

from docutils import nodes
from measured import lab_link, note, preview
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

log = logging.getLogger(__name__)


def parts(text: str) -> tuple[str, str] | None:
    """Sentence and record, or None where the text is not `sentence <lab.record>`.

    >>> parts("It copies. <attention.copies>")
    ('It copies.', 'attention.copies')
    >>> parts("It copies.")
    """
    found = re.fullmatch(r"(.*\S)\s*<([a-z0-9_]+\.[a-z0-9_]+)>", text.strip(), re.S)
    return (" ".join(found[1].split()), found[2]) if found else None


def problem(sentence: str, name: str, entry: dict | None) -> str | None:
    """What is wrong with a sentence, given the record it is tied to; None if nothing is.

    >>> problem("It copies.", "attention.copies", {"value": True, "lab": "04_attention"})
    >>> problem("It copies.", "attention.copies", {"value": False, "lab": "04_attention"})
    'lab 04_attention no longer finds attention.copies; rewrite the sentence "It copies."'
    """
    if entry is None:
        return f'no lab has recorded {name}, which the sentence "{sentence}" needs'
    if entry["value"] is True:
        return None
    if entry["value"] is False:
        return f'lab {entry["lab"]} no longer finds {name}; rewrite the sentence "{sentence}"'
    return (
        f'{name} is {entry["value"]!r}; the sentence "{sentence}" needs a record that is '
        "True or False"
    )


class Finding(SphinxRole):
    def run(self):
        found = parts(self.text)
        if found is None:
            raise_words = "a finding is `sentence <lab.record>`, got %r"
            log.warning(raise_words, self.text, location=self.get_location())
            return [nodes.inline("", self.text)], []
        sentence, name = found
        note(self.env)
        entry = self.env.gb_records.get(name)
        wrong = problem(sentence, name, entry)
        if wrong and not (entry is None and preview()):
            log.warning("%s", wrong, location=self.get_location())
        inside, messages = self.inliner.parse(sentence, self.lineno, self.inliner, None)
        node = nodes.inline(self.rawtext, "", *inside, classes=["gb-finding"])
        return [node, *([self.source(entry)] if entry else [])], messages

    def source(self, entry: dict) -> nodes.reference:
        """The small link to the lab that says yes."""
        number = entry["lab"].partition("_")[0].lstrip("0")
        link = nodes.reference("", f"lab {number}", refuri=lab_link(self.env, entry), internal=True)
        link["classes"].append("gb-finding__lab")
        link["reftitle"] = "Checked against this lab's run each time the book is built"
        return link


def setup(app: Sphinx) -> dict:
    app.add_role("finding", Finding())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
