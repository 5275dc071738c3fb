#!/usr/bin/env python3
"""What dkimpy says of messages, and what it signs, for tests/dkim/judges.

    judge.py verify FOLDER         FOLDER/NAME.signed, FOLDER/records -> a line for each, with a word for each signature
    judge.py sign FOLDER KEYS      FOLDER/NAME.eml -> FOLDER/NAME.signed, each with one way to sign
    judge.py break FOLDER OTHER    FOLDER/NAME.signed -> OTHER/NAME.signed, each broken somewhere or not"""

import base64
import pathlib
import random
import re
import sys

import dkim


def records(folder):
    lines = (folder / "records").read_text().splitlines()
    return dict(line.split(" ", 1) for line in lines)


def verify(folder):
    known = records(folder)

    def txt(name, timeout=5):
        name = name.decode() if isinstance(name, bytes) else name
        return known.get(name.rstrip("."), "").encode() or None

    for path in sorted(folder.glob("*.signed")):
        message = path.read_bytes()
        header = message.partition(b"\r\n\r\n")[0]
        words = []
        count = len(re.findall(rb"(?im)^dkim-signature:", header))
        for index in range(max(count, 1)):
            try:
                words.append("Pass" if dkim.DKIM(message).verify(index, dnsfunc=txt) else "Fail")
            except Exception as error:  # Whatever it says, it is no pass.
                words.append(f"{type(error).__name__}:{error}".replace(" ", "_"))
        print(path.stem, *words)


def sign(folder, keys):
    rsa = (keys / "rsa2048.pem").read_bytes()
    pem = (keys / "ed25519.pem").read_text()
    seed = base64.b64decode("".join(pem.splitlines()[1:-1]))[-32:]
    ways = [(one, other, kind, length) for one in (b"simple", b"relaxed") for other in (b"simple", b"relaxed")
            for kind in ("rsa", "ed") for length in (False, True)]
    for number, path in enumerate(sorted(folder.glob("*.eml"))):
        one, other, kind, length = ways[number % len(ways)]
        message = path.read_bytes()
        algorithm = b"rsa-sha256" if kind == "rsa" else b"ed25519-sha256"
        key = rsa if kind == "rsa" else base64.b64encode(seed)
        # It does not know fields with a blank in front of the colon.
        if re.search(rb"(?m)^[!-9;-~]+[ \t]+:", message.partition(b"\r\n\r\n")[0]):
            continue
        field = dkim.sign(message, kind.encode(), b"example.org", key, canonicalize=(one, other), length=length,
                          signature_algorithm=algorithm)
        path.with_suffix(".signed").write_bytes(field + message)


def break_them(folder, other):
    chance = random.Random(8463)
    for path in sorted(folder.glob("*.signed")):
        message = bytearray(path.read_bytes())
        for _ in range(chance.randint(1, 2)):
            at = chance.randrange(len(message))
            what = chance.randrange(5)
            if what == 0 and message[at] not in b"\r\n":
                message[at] = chance.choice(b"aZ 9=;:")
            elif what == 1 and message[at] not in b"\n":
                message[at:at] = chance.choice([b"x", b" "])
            elif what == 2 and message[at] in b" x":
                message[at:at] = b" "
            elif what == 3:
                message += b"\r\n"
            else:
                message += b"more\r\n"
        (other / path.name).write_bytes(message)
    (other / "records").write_bytes((folder / "records").read_bytes())


def main():
    what, folder, *rest = sys.argv[1:]
    rest = [pathlib.Path(path) for path in rest]
    {"verify": verify, "sign": sign, "break": break_them}[what](pathlib.Path(folder), *rest)


main()
