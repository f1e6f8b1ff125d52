"""The real ledger: whole, consistent, in American English, and free of the documents' own text."""

import datetime
import json
import re
import subprocess
import sys

import pytest
from pybtex.database import parse_file
from pybtex.richtext import Text

CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

BRITISH = [
    "behaviour",
    "colour",
    "favour",
    "honour",
    "humour",
    "labour",
    "neighbour",
    "rumour",
    "centre",
    "fibre",
    "litre",
    "metre",
    "theatre",
    "licence",
    "defence",
    "offence",
    "pretence",
    "analyse",
    "catalogue",
    "programme",
    "artefact",
    "sceptic",
    "sceptical",
    "cheque",
    "grey",
    "judgement",
    "ageing",
    "whilst",
    "amongst",
    "towards",
    "learnt",
    "spelt",
    "instalment",
    "skilful",
    "fulfil",
    "enrol",
    "tonne",
    "maths",
    "labelled",
    "labelling",
    "labeller",
    "modelled",
    "modelling",
    "cancelled",
    "travelled",
    "travelling",
    "counsellor",
    "counselling",
    "marvellous",
    "signalled",
    "tokenise",
    "tokenisation",
    "memorise",
    "memorisation",
    "generalise",
    "generalisation",
    "organise",
    "organisation",
    "optimise",
    "optimisation",
    "minimise",
    "maximise",
    "recognise",
    "realise",
    "summarise",
    "specialise",
    "normalise",
    "normalisation",
    "quantise",
    "quantisation",
    "parallelise",
    "synchronise",
    "emphasise",
    "criticise",
    "apologise",
    "customise",
    "standardise",
    "anonymise",
    "utilise",
    "utilisation",
    "penalise",
    "commoditise",
    "monetise",
    "randomise",
    "factorise",
    "initialise",
    "regularise",
    "regularisation",
    "visualise",
    "serialise",
    "characterise",
    "categorise",
]
STEMS = "|".join(
    sorted(
        (re.escape(w.removesuffix("e")) if w.endswith("ise") else re.escape(w) for w in BRITISH),
        key=len,
        reverse=True,
    )
)
BRITISH_WORD = re.compile(
    rf"\b(?:un|mis|re)?(?:{STEMS})(?:e|ed|es|er|ers|ing|s|d|ful|able|ation|ations|less)?\b", re.I
)


def texts(ledger):
    """Every text of ours in the ledger, with the place to name in a failure."""
    for claim in ledger.claims.values():
        where = f"{claim.file}:{claim.line} {claim.id}"
        for text in (claim.claim, claim.because, claim.lab_idea, claim.speaker):
            if text:
                yield where, text
        for step in claim.timeline:
            yield where, step.state
    for source in ledger.sources.values():
        for text in (source.title, source.publisher, source.summary, source.published_note or ""):
            yield source.id, text
        for section in source.sections:
            yield source.id, f"{section.title}. {section.about}"


def test_all_five_ledgers_are_there_whole(ledger):
    """615 claims came in with the draft; none may get lost by accident."""
    counts = ledger.counts()["by_source"]
    assert list(counts) == ["dialogue", "blog", "impact", "yearend", "panel"]
    drafted = {"dialogue": 203, "blog": 131, "impact": 111, "yearend": 57, "panel": 113}
    short = {s: (counts[s], n) for s, n in drafted.items() if counts[s] < n}
    assert not short, f"fewer claims than were drafted (have, drafted): {short}"


def test_numbers_of_claims_run_without_gaps(ledger):
    for source in ledger.sources:
        numbers = [int(c.id.rsplit("-", 1)[1]) for c in ledger.of_source(source)]
        assert numbers == list(range(1, len(numbers) + 1)), source


def test_no_claim_is_listed_twice(ledger):
    seen = {}
    for claim in ledger.claims.values():
        words = " ".join(re.findall(r"\w+", claim.claim.lower()))
        assert words not in seen, f"{claim.id} repeats {seen[words]}"
        seen[words] = claim.id


def test_pybtex_reads_every_reference_and_finds_the_same_keys(ledger, root):
    entries = parse_file(str(root / "seeds" / "references.bib"), bib_format="bibtex").entries
    assert sorted(entries) == sorted(ledger.references)
    for key, entry in entries.items():
        assert entry.fields.get("title"), f"{key} has no title"
        assert entry.fields.get("year") or entry.fields.get("url"), (
            f"{key} has neither year nor url"
        )


def test_no_work_stands_under_two_keys(root):
    entries = parse_file(str(root / "seeds" / "references.bib"), bib_format="bibtex").entries
    seen = {}
    for key, entry in entries.items():
        title = re.sub(r"[^a-z0-9]", "", entry.fields.get("title", "").lower())
        marks = [("eprint", entry.fields.get("eprint")), ("doi", entry.fields.get("doi"))]
        marks.append(("title", (title, entry.fields.get("year"))))
        for mark in marks:
            if mark[1]:
                assert mark not in seen, f"{key} and {seen[mark]} share their {mark[0]}"
                seen[mark] = key


# Works that a reader can look up by their title only, and why.
WITHOUT_LOCATOR = {
    "allen1992enclosure": "a printed book of which we found no ISBN that a second source confirms",
}


def test_every_work_says_where_it_can_be_found(root):
    entries = parse_file(str(root / "seeds" / "references.bib"), bib_format="bibtex").entries
    lost = {
        key
        for key, entry in entries.items()
        if not any(entry.fields.get(f) for f in ("url", "doi", "eprint", "isbn"))
    }
    assert lost == set(WITHOUT_LOCATOR), lost ^ set(WITHOUT_LOCATOR)


def isbn_is_sound(isbn):
    digits = isbn.replace("-", "")
    if not re.fullmatch(r"97[89]\d{10}", digits):
        return False
    return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0


def test_addresses_and_numbers_have_the_form_of_one(root):
    entries = parse_file(str(root / "seeds" / "references.bib"), bib_format="bibtex").entries
    for key, entry in entries.items():
        fields = entry.fields
        assert re.fullmatch(r"https?://[^\s{}]+", fields.get("url", "https://x")), key
        assert re.fullmatch(r"10\.\d{4,}/\S+", fields.get("doi", "10.1000/x")), key
        assert re.fullmatch(r"\d{4}\.\d{4,5}", fields.get("eprint", "2301.00001")), key
        assert isbn_is_sound(fields.get("isbn", "978-0-8027-1391-9")), key


def test_what_a_reader_sees_of_a_work_has_no_command_of_latex_in_it(root):
    entries = parse_file(str(root / "seeds" / "references.bib"), bib_format="bibtex").entries
    for key, entry in entries.items():
        for field in ("title", "note", "howpublished", "journal", "booktitle", "publisher"):
            shown = str(Text.from_latex(entry.fields.get(field, "")))
            assert not set(shown) & set("\\{}"), (key, shown)


@pytest.mark.parametrize("isbn", ["978-0-8027-1391-8", "0-8027-1391-2", "978-0-8027-139-9"])
def test_a_mistyped_isbn_is_found(isbn):
    assert not isbn_is_sound(isbn)


def test_the_texts_are_american_english(ledger):
    found = [(where, m[0]) for where, text in texts(ledger) for m in BRITISH_WORD.finditer(text)]
    assert not found


@pytest.mark.parametrize(
    "word", ["behaviour", "tokenisation", "labelled", "unlabelled", "data centre", "organised"]
)
def test_the_search_for_british_words_finds_them(word):
    assert BRITISH_WORD.search(f"the {word} of it")


@pytest.mark.parametrize(
    "word", ["rise", "wise", "surprised", "metric", "metered", "exercises", "program", "analysis"]
)
def test_the_search_for_british_words_leaves_others_alone(word):
    assert not BRITISH_WORD.search(f"the {word} of it")


def test_none_of_the_documents_own_text_is_in_the_ledger(root):
    """Only the original titles are Chinese: the claims are paraphrases, the text is not ours to give."""
    for path in sorted((root / "seeds").glob("*.yaml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if CHINESE.search(line):
                assert re.match(r"\s+title_original: ", line), (
                    f"{path.name}:{number}: {line.strip()}"
                )
                assert len(line) < 90, f"{path.name}:{number}: longer than a title"
    assert not list((root / "seeds").glob("*.txt")), "the documents themselves do not belong here"


def test_no_source_is_redistributed(ledger):
    assert [s.id for s in ledger.sources.values() if s.redistributed] == []


def test_verdicts_fit_their_kinds(ledger):
    for c in ledger.claims.values():
        if c.verdict == "opinion":
            assert c.kind in ("opinion", "prediction"), (
                f"{c.id}: a {c.kind} cannot be a mere opinion"
            )
        if c.kind == "prediction":
            assert c.verdict not in ("holds",), (
                f"{c.id}: a prediction came true or not; it cannot just hold"
            )


def test_every_text_is_a_finished_sentence(ledger):
    for where, text in texts(ledger):
        assert not re.search(r"\s\s|\bTODO\b|\bXXX\b|\\\"| ,| \.(?:\s|$)", text), f"{where}: {text}"
    for claim in ledger.claims.values():
        for text in (claim.claim, claim.because):
            assert re.search(r"[.)\"]$", text), f"{claim.id}: {text[-40:]}"
            # a name that its owner writes small may open a sentence
            assert re.match(r"[A-Z0-9\"$]|text-davinci|gpt-|trlX", text), f"{claim.id}: {text[:40]}"


def test_claims_that_the_text_refers_to_exist(ledger):
    for where, text in texts(ledger):
        for name in re.findall(r"\b(?:dialogue|blog|impact|yearend|panel)-\d{3}\b", text):
            assert name in ledger.claims, f"{where} refers to {name}"


def test_every_claim_of_the_first_chapters_is_dated_or_settled(ledger):
    for chapter in ("01_next_word", "02_tokens", "03_softmax_sampling"):
        for c in ledger.of_chapter(chapter):
            if c.as_of:
                assert c.as_of <= f"{datetime.date.today():%Y-%m}", f"{c.id} is dated in the future"


def test_labs_named_by_claims_lie_in_the_claims_chapter(ledger):
    for c in ledger.claims.values():
        if c.lab:
            assert c.lab.split("_")[0][:2] == c.chapter[:2], (
                f"{c.id}: {c.lab} belongs to another chapter"
            )


def test_the_counts_can_be_printed_from_a_shell(root, ledger):
    done = subprocess.run(
        [sys.executable, str(root / "_ext" / "ledger.py")],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert f"claims: {len(ledger.claims)}" in done.stdout


def test_the_ledger_is_plain_data(ledger):
    """What the site and the labs take from it can be written as JSON."""
    assert len(json.dumps(ledger.counts())) > 100


def test_the_readme_names_every_field_verdict_kind_and_source(root):
    import ledger as module

    text = (root / "seeds" / "README.md").read_text(encoding="utf-8")
    fields = module.SCHEMA["$defs"]["claim"]["properties"]
    names = (*fields, *module.VERDICTS, *module.KINDS, *module.HEDGES)
    missing = [n for n in names if not re.search(rf"\b{n}\b", text)]
    missing += [f for f in module.SOURCES if f"`{f}.yaml`" not in text]
    assert not missing


def test_numbers_of_claims_are_not_typed_into_the_readme(root, ledger):
    """Counts are computed: a typed one would be wrong after the next correction."""
    text = (root / "seeds" / "README.md").read_text(encoding="utf-8")
    assert not re.search(rf"\b{len(ledger.claims)}\b|\b\d+ claims\b", text)
