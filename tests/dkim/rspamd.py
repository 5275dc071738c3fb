#!/usr/bin/env python3
"""What rspamd says of messages, for tests/dkim/judges: a rspamd of our own with its module dkim and nothing else, which asks a
name server of ours. Both listen on loopback, on ports that are free.

    rspamd.py FOLDER...      FOLDER/NAME.signed, FOLDER/records -> FOLDER/rspamd: a line for each, with a word for each signature

It keeps the keys that it has asked for, so the records of all folders must agree."""

import http.client
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

CONFIG = """
options {{
  pidfile = "{work}/pid"; tempdir = "{work}"; cache_file = "{work}/cache"; hs_cache_dir = "{work}"; control_socket = "{work}/control";
  filters = "dkim"; dns {{ nameserver = ["127.0.0.1:{dns}:1"]; timeout = 5s; }}
  url_tld = "{work}/tld"; explicit_modules = [];
}}
logging {{ type = "console"; level = "error"; }}
dkim {{ max_sigs = 20; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
"""


def serve(server, records):
    """Answers questions for TXT, from records by name (RFC 1035)."""
    while True:
        question, asker = server.recvfrom(4096)
        at, labels = 12, []
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode("latin1").lower())
            at += 1 + question[at]
        text = records.get(".".join(labels), "").encode()
        strings = b"".join(bytes([len(text[i : i + 255])]) + text[i : i + 255] for i in range(0, len(text), 255))
        answer = b"\xc0\x0c\0\x10\0\x01\0\0\x0e\x10" + len(strings).to_bytes(2, "big") + strings if text else b""
        flags = bytes([0x84 | question[2] & 1, 0x80 if text else 0x83])
        counts = bytes([0, 1, 0, bool(text), 0, 0, 0, 0])
        server.sendto(question[:2] + flags + counts + question[12 : at + 5] + answer, asker)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def check(port, message):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    # Of mail without an address it thinks that it is its own, and does not judge it.
    connection.request("POST", "/checkv2", message, {"Ip": "192.0.2.1"})
    symbols = json.loads(connection.getresponse().read()).get("symbols", {})
    words = ["Pass"] * len(symbols.get("R_DKIM_ALLOW", {}).get("options", []))
    for name, symbol in symbols.items():
        if name.startswith("R_DKIM_") and name != "R_DKIM_ALLOW":
            words += [name] * max(len(symbol.get("options", [])), 1)
    return words


def main():
    folders = list(map(pathlib.Path, sys.argv[1:]))
    records = {}
    for folder in folders:
        lines = (folder / "records").read_text().splitlines()
        records.update(line.split(" ", 1) for line in lines)
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(names, records), daemon=True).start()
    port = free_port()
    with tempfile.TemporaryDirectory() as work:
        config = pathlib.Path(work, "rspamd.conf")
        config.write_text(CONFIG.format(work=work, dns=names.getsockname()[1], port=port))
        # It would compile ten thousand names of top level domains.
        pathlib.Path(work, "tld").write_text("org\ncom\n")
        rspamd = subprocess.Popen(["rspamd", "-f", "--insecure", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.1)
            for folder in folders:
                with open(folder / "rspamd", "w") as said:
                    for path in sorted(folder.glob("*.signed")):
                        print(path.stem, *check(port, path.read_bytes()), file=said)
        finally:
            rspamd.terminate()
            rspamd.wait()


main()
