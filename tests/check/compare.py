"""Compares the verdicts of `ehlo check --message` with those of pyspf and dkimpy: see compare."""

import collections
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import dkim
import spf

from zones import CLIENTS, DOMAINS, Server, made

EHLO, MESSAGES, COUNT, SEED = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
SENDERS = ["mail", "a-b", "x.y", "postmaster"]
server = Server()


def lookup(name, qtype, *_, **__):
    """What pyspf asks of the DNS."""
    name = str(name).rstrip(".").lower()
    found = []
    for value in server.zone.get((name, qtype), []):
        found.append(((name, qtype), (value.encode(),) if qtype == "TXT" else value))
    return found


spf.DNSLookup = lookup


def check(message, *flags):
    command = [EHLO, "check", "--json", "--no-connect", "--resolver", server.address, "--message", message, *flags]
    done = subprocess.run([*command, "check.example"], stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
    return json.loads(done.stdout)["message"]


def of_spf(folder, numbers):
    """Random zones, each with some clients and senders."""
    message = os.path.join(folder, "m.eml")
    pathlib.Path(message).write_text("From: a@d0.example\n\nx\n")
    verdicts, wrong = collections.Counter(), []
    for _ in range(COUNT):
        server.zone = made(numbers)
        client, domain = numbers.choice(CLIENTS), numbers.choice(DOMAINS)
        sender = "%s@%s" % (numbers.choice(SENDERS), domain)
        theirs, why = spf.check2(i=client, s=sender, h="h0.d1.example")
        ours = check(message, "--from-ip", client, "--from", sender, "--ehlo-name", "h0.d1.example")["spf"]
        verdicts[ours["verdict"]] += 1
        # pyspf refuses an include of the domain itself even if nobody comes as far as that (RFC 7208, section 4.6.2: the terms
        # are judged from left to right, and the first that matches ends it).
        is_early = "trivial recursion" in str(why)
        # It also asks for the addresses of all MX hosts before it compares any, and counts what is void behind the one that
        # matches (section 5.4: the first address that matches will do).
        is_early |= "Void lookup" in str(why) and "mx" in (ours["term"] or "").split(":")[0]
        if ours["verdict"] != theirs and not is_early:
            records = {name: texts for (name, kind), texts in server.zone.items() if kind == "TXT"}
            wrong.append((client, sender, "ours", ours, "pyspf", theirs, why, records))
    print("SPF:", COUNT, "clients,", ", ".join("%s %d" % one for one in sorted(verdicts.items())))
    return wrong


def of_dkim():
    """The messages of tests/dkim/messages, by the records beside them."""
    wrong, count = [], 0
    for message in sorted(MESSAGES.glob("*.eml")):
        octets = re.sub(rb"\r?\n", b"\r\n", message.read_bytes())
        records = message.with_suffix(".records")
        if not records.exists():
            continue
        server.zone = {}
        for line in records.read_text().splitlines():
            if line.strip() and line[0] not in ";#":
                name, rest = line.split(None, 1)
                text = "".join(re.findall(r'"([^"]*)"', rest)) or rest
                server.zone.setdefault((name.rstrip(".").lower(), "TXT"), []).append(text)
        asked = lambda name, timeout=5: "".join(
            server.zone.get((name.decode().rstrip(".").lower(), "TXT"), [""])).encode()
        found = check(str(message))["dkim"]
        there = len(re.findall(rb"(?im)^dkim-signature:", octets.partition(b"\r\n\r\n")[0]))
        if len(found) != there:
            wrong.append((message.name, "has signatures:", there, "found:", len(found)))
        verifier = dkim.DKIM(octets, minkey=1024)
        for at, ours in enumerate(found):
            count += 1
            try:
                theirs = verifier.verify(at, dnsfunc=asked)
            except dkim.DKIMException:
                theirs = False
            if theirs != (ours["verdict"] == "pass"):
                wrong.append((message.name, at, "ours", ours, "dkimpy", theirs))
    print("DKIM:", count, "signatures")
    return wrong if count else [("no signature was found in", str(MESSAGES))]


with tempfile.TemporaryDirectory() as work:
    faults = of_spf(work, random.Random(SEED)) + of_dkim()
for fault in faults:
    print(*fault, sep="\n    ")
sys.exit(1 if faults else 0)
