"""What all tests with a database have: a queue in it, a server, and machines, each with a spool and workers."""

import os
import subprocess
import sys
import time

from cluster import Cluster
from server import Server

EHLO = os.path.abspath(sys.argv[1])


class Ground:
    """One machine, whose spool is in front of the database."""

    def __init__(self, cluster, server, queue="", connections=20, name="one"):
        self.folder = f"{cluster.folder}/{name}"
        os.makedirs(f"{self.folder}/config/ehlo")
        self.cluster = cluster
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.folder,
            "XDG_CONFIG_HOME": f"{self.folder}/config",
            "XDG_STATE_HOME": f"{self.folder}/state",
            "EHLO_SOCKETS": f"{self.folder}/no",
        }
        self.workers = []
        file = f"{self.folder}/config/ehlo/config.toml"
        with open(file, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            out.write(
                f'default = "to"\n[queue]\ndatabase = "{cluster.url("ehlo_submit")}"\n{queue}\n'
                f'[account.to]\nserver = "smtp://127.0.0.1:{server.port}"\n'
                f"[account.to.limits]\nconnections = {connections}\nmessages-per-connection = 20\n"
            )

    def ehlo(self, *args, input="", status=0):
        done = subprocess.run([EHLO, *args], input=input, capture_output=True, text=True, env=self.environment)
        assert done.returncode == status, f"{args}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def submit(self, names):
        """Hands messages over in one session, and on to the database."""
        talk = ["EHLO x"]
        for name in names:
            talk += ["MAIL FROM:<me@example.org>", "RCPT TO:<jo@example.org>", "DATA"]
            talk += [f"X-Number: {name}", "Subject: hi", "", "hello", "."]
        talk += ["QUIT", ""]
        said = self.ehlo("sendmail", "-bs", input="\r\n".join(talk))
        assert said.count("queued as") == len(names), said[-300:]
        self.ehlo("queue", "run")

    def worker(self, jobs=2, log=None):
        out = open(log or f"{self.folder}/log", "ab")
        args = [EHLO, "queue", "daemon", "--database", self.cluster.url("ehlo_work"), "--jobs", str(jobs)]
        process = subprocess.Popen(args, env=self.environment, stdout=out, stderr=out)
        self.workers.append(process)
        return process

    def log(self):
        with open(f"{self.folder}/log") as file:
            return file.read()

    def stop(self):
        for worker in self.workers:
            if worker.poll() is None:
                worker.terminate()
        for worker in self.workers:
            worker.wait()
        self.workers = []


def new_cluster(more=""):
    """A cluster with a queue in it."""
    cluster = Cluster(more)
    cluster.sql("create database mail", "postgres")
    subprocess.run([EHLO, "queue", "init", cluster.url("postgres")], check=True, capture_output=True)
    return cluster


def wait_until(is_so, seconds=60, what="nothing happened"):
    until = time.time() + seconds
    while not is_so():
        assert time.time() < until, what
        time.sleep(0.05)
