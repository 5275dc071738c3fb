#!/usr/bin/env python3
"""Whether all judges found as many good signatures in each message as `ehlo dkim verify`, for tests/dkim/judges.

    compare.py FOLDER JUDGE...      FOLDER/ehlo and FOLDER/JUDGE, with a line for each message of FOLDER

Of what differences.tsv names, as many judges as it says have to agree. It ends with 1 if more say something else."""

import pathlib
import re
import sys

# A name with a blank in front of its colon; a value that begins with a fold, or is empty.
BLANK = re.compile(rb"(?m)^[!-9;-~]+[ \t]+:")
FOLDED = re.compile(rb"(?m)^[!-9;-~]+[ \t]*:[ \t]*\r?$")
NAME = re.compile(rb"(?m)^([!-9;-~]+)[ \t]*:")
SIGNATURE = re.compile(rb"(?mi)^dkim-signature:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*")
NO_LENGTH = re.compile(rb";\s*l\s*=\s*0+\s*(?:;|\Z)")
LENGTH = re.compile(rb";\s*l\s*=")
LAST_BLANK = re.compile(rb"(?:\A|\r\n)[ \t]+(?:\r\n)*\Z")


def traits(octets, words):
    """What a message has that some do not judge as we do."""
    header, _, body = octets.partition(b"\r\n\r\n")
    names = [name.lower() for name in NAME.findall(header) if name.lower() != b"dkim-signature"]
    has = {
        "blank-before-colon": BLANK.search(header),
        "value-folded-or-empty": FOLDED.search(header),
        "field-twice": len(set(names)) < len(names),
        "l-none": any(NO_LENGTH.search(field) for field in SIGNATURE.findall(header)),
        "l=": any(LENGTH.search(field) for field in SIGNATURE.findall(header)),
        "blank-lines-at-end": LAST_BLANK.search(body),
        "body-of-blanks": body and not body.strip(),
        "unreadable-signature": "permerror:unreadable_signature" in words,
        "not-a-field": "permerror:not_a_field" in words,
    }
    return [name for name, is_so in has.items() if is_so]


def said(file):
    lines = [line.split() for line in file.read_text().splitlines()]
    return {name: words for name, *words in lines}


def rows():
    text = (pathlib.Path(__file__).parent / "differences.tsv").read_text()
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {name: int(count) for name, count, *_ in lines}


def main():
    folder, judges = pathlib.Path(sys.argv[1]), sys.argv[2:]
    differences, ours = rows(), said(folder / "ehlo")
    theirs = {judge: said(folder / judge) for judge in judges}
    otherwise, passed = [], {}
    asked = dict.fromkeys(judges, 0)
    for name, words in ours.items():
        if words[:1] and words[0].startswith("status-"):
            otherwise.append(f"{name}: ehlo ended with {words[0]}")
            continue
        octets = (folder / f"{name}.signed").read_bytes()
        found = traits(octets, words)
        if name[0] in "mt":
            found.append(re.sub(r"^[mt]\d\d-|-(relaxed|simple)$", "", name))
        good = words.count("Pass")
        passed[good] = passed.get(good, 0) + 1
        # Where a message has two of them, the judges that differ may be others in each.
        may_differ = sum(len(judges) - differences[trait] for trait in found if trait in differences)
        differ = []
        for judge in judges:
            words_there = theirs[judge].get(name) or ["nothing"]
            # opendkim takes no message whose header section has faults that are not about DKIM, and tells of no signature.
            if words_there[0].startswith("status-"):
                continue
            asked[judge] += 1
            if words_there.count("Pass") != good:
                differ.append(f"{judge} {' '.join(words_there)}")
        if len(differ) > may_differ:
            otherwise.append(f"{name}: ehlo {' '.join(words)}; {'; '.join(differ)}")
    print(f"{folder.name}: {len(ours)} messages;", ", ".join(f"{number} with {good} good" for good, number in sorted(passed.items())))
    print("   ", ", ".join(f"{judge} {number}" for judge, number in asked.items()), f"asked; {len(otherwise)} said otherwise")
    for line in otherwise[:10]:
        print("   ", line)
    sys.exit(bool(otherwise) or not ours)


main()
