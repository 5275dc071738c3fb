#!/usr/bin/env python3
"""Messages whose signature is right, or wrong in one way, for tests/dkim/judges: those of the RFCs, and one that is signed here
by hand with Ed25519, so that only what a row names is wrong with it.

    ways.py FOLDER KEYS MESSAGES      writes FOLDER/NAME.signed and adds to FOLDER/records; NAME says what was done"""

import base64
import hashlib
import pathlib
import re
import sys
import time

import nacl.signing

HEADER = "From: Joe <joe@example.org>\r\nTo: a@b.example\r\nSubject: one\r\n two\r\nDate: Fri, 11 Jul 2025 21:00:37 -0700\r\n"
BODY = "Hello  there,\r\n\r\nwe won. \r\n\r\n"
NOW = int(time.time())
TAGS = {"v": "1", "a": "ed25519-sha256", "c": "relaxed/relaxed", "d": "example.org", "s": "ed", "t": str(NOW - 60),
        "h": "From:To:Subject:Date:From"}

# What the tags are, or are not (None), and what is done to the signed message.
TAG_ROWS = {
    "good": {}, "simple": {"c": "simple/simple"}, "simple-relaxed": {"c": "simple/relaxed"}, "relaxed-simple": {"c": "relaxed"},
    "no-c": {"c": None}, "no-t": {"t": None}, "x-to-come": {"x": str(NOW + 9999)}, "x-past": {"t": "5", "x": "6"},
    "x-before-t": {"x": "6"}, "t-tomorrow": {"t": str(NOW + 86400)}, "v-2": {"v": "2"}, "no-v": {"v": None},
    "from-not-signed": {"h": "To:Subject:Date"}, "i-same": {"i": "joe@example.org"}, "i-below": {"i": "joe@mail.example.org"},
    "i-elsewhere": {"i": "@example.com"}, "q-dns": {"q": "dns/txt"}, "q-http": {"q": "http"}, "unknown-tag": {"u": "1"},
    "copied-fields": {"z": "From:x|To:y"}, "unknown-algorithm": {"a": "x-sha256"}, "unknown-form": {"c": "nofws/nofws"},
    "no-record": {"s": "none"}, "revoked": {"s": "revoked"}, "key-of-rsa": {"s": "rsa"}, "other-key": {"s": "other"},
    "record-sha1-only": {"s": "sha1"}, "record-not-for-email": {"s": "web"}, "record-exact-and-i-below":
        {"s": "exact", "i": "joe@mail.example.org"}, "record-testing": {"s": "testing"}, "record-unknown-tag": {"s": "unknown"},
    "record-no-version": {"s": "bare"}, "l-all": {"l": "{all}"}, "l-some": {"l": "5"}, "l-none": {"l": "0"},
    "l-too-long": {"l": "999"}, "empty-h-member": {"h": "From:To:Subject::Date"}, "h-folded": {"h": "From : To :\r\n Subject :\r\n\tDate"},
}


def change(old, new):
    def changed(message):
        assert old in message, old
        return message.replace(old, new, 1)
    return changed


MESSAGE_ROWS = {
    "blank-in-body": change("Hello  there", "Hello \t there"), "blank-at-line-end": change("won. \r\n", "won.\r\n"),
    "empty-lines-more": lambda text: text + "\r\n\r\n", "empty-lines-fewer": change("won. \r\n\r\n", "won. \r\n"),
    "line-more": lambda text: text + "Unsubscribe\r\n", "no-body": change(BODY, ""), "octet-of-body": change("won", "one"),
    "line-end-lost": lambda text: text[:-4], "fold-other": change("one\r\n two", "one \r\n\ttwo"), "unfolded": change("one\r\n two", "one two"),
    "case-of-name": change("\nSubject:", "\nSUBJECT:"), "blank-before-colon": change("\nSubject:", "\nSubject :"),
    "subject-tagged": change("Subject: one", "Subject: [list] one"), "from-changed": change("joe@", "moe@"),
    "field-lost": change("To: a@b.example\r\n", ""), "from-on-top": lambda text: "From: x@y.example\r\n" + text,
    "from-below": change("\r\n\r\nHello", "\r\nFrom: x@y.example\r\n\r\nHello"), "to-on-top": lambda text: "To: x@y.example\r\n" + text,
    "received-on-top": lambda text: "Received: x\r\n" + text,
    "fields-swapped": change("To: a@b.example\r\nSubject: one\r\n two\r\n", "Subject: one\r\n two\r\nTo: a@b.example\r\n"),
    "hash-cut": lambda text: re.sub(" bh=....", " bh=", text), "hash-other": lambda text: re.sub(" bh=.", lambda m: " bh=" + "AB"[m[0][-1] == "A"], text),
    "signature-other": lambda text: re.sub(" b=.", lambda m: " b=" + "AB"[m[0][-1] == "A"], text),
    "signature-cut": lambda text: re.sub(" b=.{8}", " b=", text), "signature-folded": lambda text: re.sub("( b=.{9})", "\\1\r\n\t", text),
    "signature-empty": lambda text: re.sub(" b=[^\r]*", " b=", text), "h-shorter": change("From:To:Subject", "From:To"),
    "blank-between-tags": change("; d=", ";  d="), "tag-twice": change("v=1;", "v=1; v=1;"), "sha1": change("ed25519-sha256", "rsa-sha1"),
    "other-domain": change("d=example.org", "d=example.net"), "semicolon-at-end": lambda text: re.sub("( b=[^\r]*)", "\\1;", text),
}


def relaxed_field(field):
    name, _, value = field.partition(":")
    return name.strip().lower() + ":" + re.sub("[ \t]+", " ", value.replace("\r\n", "")).strip(" \t")


def ended(body):
    """With one line end behind the last line that is not empty."""
    while body.endswith("\r\n"):
        body = body[:-2]
    return body + "\r\n"


def relaxed_body(body):
    text = "\r\n".join(re.sub("[ \t]+", " ", line).rstrip(" ") for line in body.split("\r\n"))
    return ended(text)


def signed(key, given):
    tags = {name: value for name, value in (TAGS | given).items() if value is not None}
    forms = (tags.get("c", "simple").split("/") + ["simple"])[:2]
    body = relaxed_body(BODY) if forms[1] == "relaxed" else ended(BODY)
    tags = {name: value.replace("{all}", str(len(body))) for name, value in tags.items()}
    body = body[: int(tags.get("l", len(body)))]
    tags["bh"] = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    own = "DKIM-Signature: " + ";\r\n ".join(f"{name}={value}" for name, value in tags.items()) + ";\r\n b="
    own = own.replace(";\r\n d=", "; d=")
    fields = re.split("\r\n(?![ \t])", HEADER.removesuffix("\r\n"))
    data = ""
    for name in tags["h"].split(":"):
        found = [field for field in fields if field.split(":")[0].lower() == name.strip().lower()]
        if found:
            fields.remove(found[-1])
            data += (relaxed_field(found[-1]) if forms[0] == "relaxed" else found[-1]) + "\r\n"
    data += relaxed_field(own) if forms[0] == "relaxed" else own
    signature = key.sign(hashlib.sha256(data.encode()).digest()).signature
    return own + base64.b64encode(signature).decode() + "\r\n" + HEADER + "\r\n" + BODY


def crlf(octets):
    return re.sub(rb"\r?\n", b"\r\n", octets)


def main():
    folder, keys, messages = map(pathlib.Path, sys.argv[1:])
    pem = (keys / "ed25519.pem").read_text()
    key = nacl.signing.SigningKey(base64.b64decode("".join(pem.splitlines()[1:-1]))[-32:])
    for number, (name, tags) in enumerate(TAG_ROWS.items()):
        (folder / f"t{number:02}-{name}.signed").write_bytes(signed(key, tags).encode())
    for number, (name, broken) in enumerate(MESSAGE_ROWS.items()):
        for form in "relaxed", "simple":
            message = broken(signed(key, {"c": f"{form}/{form}"}))
            (folder / f"m{number:02}-{name}-{form}.signed").write_bytes(message.encode())
    data = base64.b64encode(bytes(key.verify_key)).decode()
    texts = {"revoked": "v=DKIM1; k=ed25519; p=", "sha1": f"v=DKIM1; k=ed25519; h=sha1; p={data}",
             "web": f"v=DKIM1; k=ed25519; s=other; p={data}", "exact": f"v=DKIM1; k=ed25519; t=s; p={data}",
             "testing": f"v=DKIM1; k=ed25519; t=y; p={data}", "unknown": f"v=DKIM1; k=ed25519; n=a note; u=1; p={data}",
             "bare": f"k=ed25519; p={data}", "other": "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}
    with open(folder / "records", "a") as records:
        for name, text in texts.items():
            records.write(f"{name}._domainkey.example.org {text}\n")
        for path in sorted(messages.glob("*.records")):
            for line in path.read_text().splitlines():
                strings = re.findall('"([^"]*)"', line)
                if not line.startswith(";"):
                    name, text = line.split(" ", 1)
                    records.write(f"{name.rstrip('.')} {''.join(strings) if strings else text}\n")
    for path in sorted(messages.glob("*.eml")):
        (folder / f"{path.stem}.signed").write_bytes(crlf(path.read_bytes()))


main()
