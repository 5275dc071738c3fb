"""Zones that are made up, and a name server on loopback that has one at a time."""

import ipaddress
import random
import socket
import struct
import threading

CODES = {1: "A", 2: "NS", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA"}
CLIENTS = ["192.0.2.1", "192.0.2.77", "198.51.100.9", "2001:db8::1", "2001:db8:1::9"]
DOMAINS = [f"d{at}.example" for at in range(6)]


def made(numbers):
    """Names with their records: {(name, type): [value, ...]}."""
    zone = {}
    hosts = ["h%d.%s" % (at, domain) for at in range(2) for domain in DOMAINS] + ["none.example"]
    for host in hosts[:-1]:
        if numbers.random() < 0.7:
            zone[host, "A"] = [numbers.choice(CLIENTS[:3]) for _ in range(numbers.randint(1, 2))]
        if numbers.random() < 0.4:
            zone[host, "AAAA"] = [numbers.choice(CLIENTS[3:])]
    for client in CLIENTS:
        if numbers.random() < 0.6:
            zone[ipaddress.ip_address(client).reverse_pointer, "PTR"] = [numbers.choice(hosts)]
    for domain in DOMAINS:
        if numbers.random() < 0.5:
            zone[domain, "A"] = [numbers.choice(CLIENTS[:3])]
        if numbers.random() < 0.5:
            zone[domain, "MX"] = [(10, numbers.choice(hosts)) for _ in range(numbers.randint(1, 3))]
        if numbers.random() < 0.9:
            zone[domain, "TXT"] = ["hello", record(numbers, hosts)]
        if numbers.random() < 0.05:
            zone.setdefault((domain, "TXT"), []).append("v=spf1 -all")
    for name in ("192.0.2.1.x.example", "1.2.0.192.in-addr.x.example", "mail.x.example", "d0.example.x.example"):
        zone[name, "A"] = ["127.0.0.2"]
    return zone


def record(numbers, hosts):
    """A record, nearly right."""
    domain = lambda: numbers.choice(DOMAINS + ["%{d}", "%{o}", "none.example"])
    host = lambda: numbers.choice(hosts)
    terms = [
        lambda: "a",
        lambda: "a:" + host(),
        lambda: "a:%s/%d" % (host(), numbers.choice([0, 8, 24, 31, 32])),
        lambda: "a/24//64",
        lambda: "mx",
        lambda: "mx:" + domain(),
        lambda: "mx/%d" % numbers.choice([24, 30]),
        lambda: "ptr",
        lambda: "ptr:" + domain(),
        lambda: "ip4:" + numbers.choice(["192.0.2.0/24", "192.0.2.1", "198.51.100.0/28", "0.0.0.0/0"]),
        lambda: "ip6:" + numbers.choice(["2001:db8::/32", "2001:db8::1", "2001:db8:1::/48", "::ffff:192.0.2.1"]),
        lambda: "include:" + domain(),
        lambda: "include:" + domain(),
        lambda: "exists:%s.x.example" % numbers.choice(["%{i}", "%{ir}.%{v}", "%{l}", "%{d}", "%{l1r-}", "%{S}", "%{h}"]),
        lambda: "redirect=" + domain(),
        lambda: "exp=" + domain(),
        lambda: numbers.choice(["x=y", "A:" + host(), "IP4:192.0.2.1"]),
    ]
    wrong = ["foo", "a:", "a/33", "ip4:192.0.2", "include", "all:x", "ip6:1", "a:localhost-", "mx:%{x}.example", "exists:%q"]
    words = [numbers.choice(["", "", "+", "-", "~", "?"]) + numbers.choice(terms)() for _ in range(numbers.randint(0, 5))]
    words = [word.lstrip("+-~?") if "=" in word else word for word in words]
    if numbers.random() < 0.08:
        words.append(numbers.choice(wrong))
    if numbers.random() < 0.8:
        words.append(numbers.choice(["-all", "~all", "?all", "all"]))
    return "v=spf1 " + " ".join(words)


class Server:
    """Answers for `zone`, whatever that is at the time."""

    def __init__(self):
        self.zone = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            question, peer = self.socket.recvfrom(4096)
            self.socket.sendto(self.answer(question), peer)

    def answer(self, question):
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode("latin-1").lower())
            at += 1 + question[at]
        name, kind = ".".join(labels), CODES.get(struct.unpack(">H", question[at + 1 : at + 3])[0], "")
        found = [data(kind, value) for value in self.zone.get((name, kind), [])]
        exists = found or any(known == name or known.endswith("." + name) for known, _ in self.zone)
        head = question[:2] + struct.pack(">BBHHHH", 0x81, 0x80 if exists else 0x83, 1, len(found), 0, 0)
        records = [b"\xc0\x0c" + question[at + 1 : at + 5] + struct.pack(">IH", 60, len(one)) + one for one in found]
        return head + question[12 : at + 5] + b"".join(records)


def data(kind, value):
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(value).packed
    if kind == "MX":
        return struct.pack(">H", value[0]) + wire(value[1])
    if kind == "TXT":
        octets = value.encode()
        return b"".join(bytes([len(octets[at : at + 200])]) + octets[at : at + 200] for at in range(0, len(octets), 200))
    return wire(value)


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
