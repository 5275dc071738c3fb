"""What the scripts here stand on: a queue of their own, a configuration, a sink on loopback, and counting.

What the queue holds is read from its files (docs/queue.md), not asked of the program that is tested.
"""

import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

BODY = "It is all there.\n" * 200 + "END\n"
SUBMIT = ["sendmail", "-odq", "-i", "-f", "a@x.example", "b@x.example"]


def message(name):
    """The message of this name."""
    return f"From: a@x.example\nTo: b@x.example\nMessage-ID: <{name}@crash.example>\nSubject: {name}\n\n{BODY}"


class Ground:
    """A folder with all that one run needs. `state` may be put elsewhere, on a disk of its own. With `domains` each recipient's
    domain has a server of its own, as the DNS has it: all of them are the sink."""

    def __init__(self, ehlo, state=None, domains=False):
        self.ehlo = os.path.realpath(ehlo)
        self.top = tempfile.mkdtemp(prefix="ehlo-crash.")
        self.state = state or os.path.join(self.top, "state")
        self.queue = os.path.join(self.state, "ehlo/queue")
        self.maildir = os.path.join(self.top, "mail")
        config = os.path.join(self.top, "config/ehlo")
        os.makedirs(config)
        os.makedirs(self.state, exist_ok=True)
        how = ["--dns", "127.0.0.1:0", "--cert-out", self.top + "/ca.pem"] if domains else ["--tls", "off"]
        self.sink = subprocess.Popen(
            [self.ehlo, "sink", "--listen", "127.0.0.1:0", "--maildir", self.maildir, *how],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE if domains else subprocess.DEVNULL, text=True)
        server = self.sink.stdout.readline().strip()
        account = f"server = '{server}'\ntls = 'off'\n"
        if domains:
            said = ""
            while "--resolver" not in said:
                said = self.sink.stderr.readline()
            resolver = said.split("--resolver ")[1].split()[0]
            account = (f"server = 'mx::{server.rsplit(':', 1)[1]}'\nresolver = '{resolver}'\nmx-allow = 'loopback'\n"
                       f"policy = 'dane'\nca-file = '{self.top}/ca.pem'\n")
        with open(os.path.join(config, "config.toml"), "w", encoding="ascii") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write("default = 'sink'\n[queue]\non-unknown = 'hold'\nmin-free = 1\n")
            file.write("[sendmail]\ndomain = 'alpha.example'\n")
            file.write(f"[account.sink]\n{account}ehlo-name = 'alpha.example'\n")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.top, "LC_ALL": "C.UTF-8",
            # This machine may have a daemon.
            "EHLO_SOCKETS": os.path.join(self.top, "none"),
            "XDG_CONFIG_HOME": os.path.join(self.top, "config"), "XDG_STATE_HOME": self.state,
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sink.kill()
        self.sink.wait()
        if "KEEP" in os.environ:
            print("kept", self.top, file=sys.stderr)
        else:
            shutil.rmtree(self.top, ignore_errors=True)

    def run(self, arguments, before=(), text="", seconds=120):
        """The program, with some words before its own (strace). Returns its status, its output and what it says."""
        done = subprocess.run(
            [*before, self.ehlo, *arguments], input=text, capture_output=True, text=True, env=self.environment,
            timeout=seconds, check=False)
        return done.returncode, done.stdout, done.stderr

    def submit(self, name, before=()):
        """Hands a message over, and wakes nobody. The status."""
        return self.run(SUBMIT, before, message(name))[0]

    def waiting(self):
        """What waits, by its name: its ID. A message that is not whole ends the run."""
        found = {}
        folder = os.path.join(self.queue, "q")
        for file in sorted(os.listdir(folder) if os.path.isdir(folder) else []):
            if not file.endswith(".msg"):
                continue
            try:
                with open(os.path.join(folder, file), encoding="utf-8") as opened:
                    text = opened.read()
            except FileNotFoundError:
                continue  # It was sent just now.
            name = re.search(r"^Message-ID: <(.*)@crash", text, re.MULTILINE)
            if not name or not text.endswith(BODY):
                sys.exit(f"{file} is not whole")
            if name[1] in found:
                sys.exit(f"{name[1]} is there twice")
            found[name[1]] = file.removesuffix(".msg")
        return found

    def letters(self, queue_id):
        """The letters of the events in a message's journal."""
        path = os.path.join(self.queue, "q", queue_id + ".log")
        if not os.path.exists(path):
            return ""
        with open(path, "rb") as file:
            lines = file.read().rstrip(b"\0").split(b"\n")
        return "".join(chr(line[0]) for line in lines[1:] if line)

    def arrived(self, recipient=""):
        """How often each message arrived, by its name; for this recipient, if one is named."""
        count = collections.Counter()
        for folder, _, files in os.walk(self.maildir):
            if os.path.basename(folder) != "new" or recipient not in folder:
                continue
            for file in files:
                with open(os.path.join(folder, file), encoding="utf-8") as opened:
                    count.update(re.findall(r"^Message-ID: <(.*)@crash", opened.read(), re.MULTILINE)[:1])
        return count


class Tally:
    """Claims that held, and those that did not."""

    def __init__(self):
        self.good, self.bad = 0, []

    def check(self, holds, what):
        if holds:
            self.good += 1
        else:
            self.bad.append(what)
            print("FAILED:", what, flush=True)

    def end(self):
        print(f"{self.good} held, {len(self.bad)} failed")
        sys.exit(1 if self.bad else 0)


def binary():
    """The program that is tested."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} EHLO")
    return sys.argv[1]


def shell(command):
    """Runs a command line. Whether it worked."""
    return subprocess.run(command, shell=True, capture_output=True, check=False).returncode == 0


MAKE = {"ext4": "mkfs.ext4 -q -F", "xfs": "mkfs.xfs -q -f", "btrfs": "mkfs.btrfs -q -f"}


def image(path, kind, folder):
    """Makes a file system in a file, and mounts it. Whether that can be done here."""
    os.makedirs(folder, exist_ok=True)
    size = "64M" if kind == "ext4" else "320M"
    return shell(f"truncate -s {size} {path} && {MAKE[kind]} {path} && mount -o loop {path} {folder}")
