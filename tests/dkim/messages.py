#!/usr/bin/env python3
"""Messages for the judges: those of the given folders (*.eml), some of our own, and changes of all of them.

    messages.py FOLDER COUNT [FROM...]

They are written as DATA sends them: CRLF line ends, the last one too. The same every time."""

import pathlib
import random
import re
import sys

OWN = [
    b"From: Joe <joe@example.org>\r\nTo: Ann <ann@example.net>\r\nSubject: Dinner\r\n"
    b"Date: Fri, 11 Jul 2025 21:00:37 -0700\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"Gr\xc3\xbc\xc3\x9fe,\r\n\r\nwe lost the game.  Are you hungry yet?\r\n\r\n-- \r\nJoe\r\n",
    b"from: joe@example.org\r\nSUBJECT :\r\n folded\r\n\tthree   times\r\n\r\n\r\n\r\n",
    b"From: joe@example.org\r\nList-Unsubscribe: <https://example.org/u>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Id: News <news.example.org>\r\n\r\n"
    + b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n" * 40,
    b"From: joe@example.org\r\nSubject: none\r\n\r\n",
]


def folded(header, chance):
    fields = re.split(rb"\r\n(?![ \t])", header.rstrip(b"\r\n"))
    place = chance.randrange(len(fields))
    blanks = [m.start() for m in re.finditer(rb"[^ \t\r\n:][ ]", fields[place]) if b":" in fields[place][:m.start()]]
    if blanks:
        at = chance.choice(blanks) + 1
        fields[place] = fields[place][:at] + b"\r\n" + chance.choice([b" ", b"\t", b"   "]) + fields[place][at:]
    return fields


def changed(message, chance):
    """One message of another, still one that can be sent."""
    header, _, body = message.partition(b"\r\n\r\n")
    lines = body.split(b"\r\n")
    fields = re.split(rb"\r\n(?![ \t])", header)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(lines))
        field = chance.randrange(len(fields))
        what = chance.randrange(13)
        if what == 0:
            fields = folded(b"\r\n".join(fields), chance)
        elif what == 1:
            lines[place] += chance.choice([b" ", b"\t", b" \t  "])
        elif what == 2:
            lines[place] = lines[place].replace(b" ", chance.choice([b"\t", b"  ", b" \t"]), 2)
        elif what == 3:
            lines = [b""]
        elif what == 4:
            lines += [chance.choice([b"", b" ", b"\t"])] * chance.randint(1, 4)
        elif what == 5:
            lines[place] += "äöü€".encode() + bytes([0xE9, 0xFF])
        elif what == 6:
            lines[place] = b"long " * 150 + lines[place]
        elif what == 7:
            fields.insert(chance.randrange(len(fields) + 1), fields[field])
        elif what == 8:
            fields.insert(field, b"Subject:" + chance.choice([b"", b" ", b" again", b"\r\n again", b"\tx \t y \t"]))
        elif what == 9:
            name, _, value = fields[field].partition(b":")
            fields[field] = chance.choice([name.upper(), name.lower(), name + b" "]) + b":" + value
        elif what == 10:
            fields[field] += chance.choice([b" ", b"\t", b"  "])
        elif what == 11:
            lines[:0] = [chance.choice([b"", b" ", b"."])]
        else:
            fields.append(b"X-Long: " + b"x" * 900)
    return b"\r\n".join(fields) + b"\r\n\r\n" + b"\r\n".join(lines)


def sent(octets):
    """With CRLF line ends, a header section and a From that can be signed; or None."""
    message = re.sub(rb"\r\n|\r|\n", b"\r\n", octets.replace(b"\0", b""))
    if message.startswith(b"From "):
        message = message.partition(b"\r\n")[2]
    header, end, body = message.partition(b"\r\n\r\n")
    # opendkim takes no message without an address in From, and none with a blank behind that name.
    if not end or not re.search(rb"(?im)^from:.*@", header) or re.search(rb"(?im)^from[ \t]+:", header):
        return None
    if any(not re.match(rb"[!-9;-~]+[ \t]*:", field) for field in re.split(rb"\r\n(?![ \t])", header)):
        return None
    return header + end + body + (b"" if body.endswith(b"\r\n") or not body else b"\r\n")


def main():
    folder, count, sources = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    files = sorted(path for source in sources for path in pathlib.Path(source).rglob("*.eml"))
    messages = [message for octets in OWN + [path.read_bytes() for path in files] if (message := sent(octets))]
    messages = messages[:count]
    chance = random.Random(6376)
    first = list(messages)
    while len(messages) < count:
        message = sent(changed(chance.choice(first), chance))
        if message:
            messages.append(message)
    for number, message in enumerate(messages):
        (folder / f"{number:04}.eml").write_bytes(message)


main()
