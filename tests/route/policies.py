#!/usr/bin/env python3
"""policies.py FOLDER: the MTA-STS policy hosts of the lab (RFC 8461, section 3.3), on 203.0.113.80, port 443.

Each domain below is a virtual host, `mta-sts.DOMAIN`: what it answers, and which chain it shows. What was
asked is in FOLDER/log/policies, a host and a path a line.
"""

import http.server
import ssl
import sys

ADDRESS = ("203.0.113.80", 443)
PATH = "/.well-known/mta-sts.txt"


def answer(body, status=200, kind="text/plain", chain="policies", **fields):
    return {"body": body.replace("\n", "\r\n").encode(), "status": status, "chain": chain,
            "fields": {"Content-Type": kind, **fields}}


def policy(mode, *hosts):
    return f"version: STSv1\nmode: {mode}\n" + "".join(f"mx: {host}\n" for host in hosts) + "max_age: 86400\n"


ANY = policy("enforce", "*.mx.sts.test")
# No host of the lab fits it: where it counted, nothing could be sent.
NOBODY = policy("enforce", "mail.example")

POLICIES = {
    "enforce.sts.test": answer(policy("enforce", "enforce.mx.sts.test")),
    "wildcard.sts.test": answer(ANY),
    "deep.sts.test": answer(ANY),
    "second.sts.test": answer(policy("enforce", "listed.mx.sts.test")),
    "unlisted.sts.test": answer(NOBODY),
    "selfsigned.sts.test": answer(ANY),
    "name.sts.test": answer(ANY),
    "expired.sts.test": answer(ANY),
    "plain.sts.test": answer(ANY),
    "broken.sts.test": answer(ANY),
    "testing.sts.test": answer(policy("testing", "mail.example")),
    "none.sts.test": answer("version: STSv1\nmode: none\nmax_age: 86400\n"),
    "gone.sts.test": answer("not here\n", 404),
    "moved.sts.test": answer(NOBODY, 301, Location=f"https://mta-sts.unlisted.sts.test{PATH}"),
    "html.sts.test": answer(NOBODY, kind="text/html"),
    "huge.sts.test": answer(NOBODY + "".join(f"mx: host{number}.mail.example\n" for number in range(4000))),
    "notxt.sts.test": answer(NOBODY),
    "twotxt.sts.test": answer(NOBODY),
    "badid.sts.test": answer(NOBODY),
    "wrongcert.sts.test": answer(NOBODY),
    "oldcert.sts.test": answer(NOBODY, chain="policies-expired"),
    "badca.sts.test": answer(NOBODY, chain="policies-nobody"),
    # DANE decides where it can.
    "sts-bad.good.test": answer(NOBODY),
    "sts-good.good.test": answer(policy("enforce", "*.mx.good.test")),
    "unusable-sts.good.test": answer(policy("enforce", "*.mx.good.test")),
    "unusable-sts-bad.good.test": answer(NOBODY),
}
# Its host has a certificate, but not one with this name.
UNNAMED = "wrongcert.sts.test"


def names(chain):
    """The names that the certificate of this chain is for."""
    return ["mta-sts." + domain for domain, reply in POLICIES.items()
            if reply["chain"] == chain and domain != UNNAMED]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self):
        host = self.headers.get("Host", "")
        with open(self.server.log, "a", encoding="utf-8") as log:
            log.write(f"{host} {self.path}\n")
        reply = POLICIES.get(host.removeprefix("mta-sts.")) if self.path == PATH else None
        reply = reply or answer("no such page\n", 404)
        self.send_response(reply["status"])
        fields = {**reply["fields"], "Content-Length": len(reply["body"]), "Connection": "close"}
        for name, value in fields.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(reply["body"])

    def log_message(self, format, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder):
        super().__init__(ADDRESS, Handler)
        self.log = f"{folder}/log/policies"
        self.chains = {}
        for chain in {reply["chain"] for reply in POLICIES.values()}:
            self.chains[chain] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.chains[chain].load_cert_chain(f"{folder}/tls/{chain}.chain")
        self.chains["policies"].sni_callback = self.choose

    def choose(self, connection, name, _):
        reply = POLICIES.get((name or "").removeprefix("mta-sts."))
        if reply:
            connection.context = self.chains[reply["chain"]]

    # The handshake is the thread's: a client that breaks it off holds up nobody.
    def finish_request(self, request, client_address):
        request.settimeout(10)
        try:
            with self.chains["policies"].wrap_socket(request, server_side=True) as tls:
                super().finish_request(tls, client_address)
        except OSError:
            pass


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    Server(sys.argv[1]).serve_forever()
