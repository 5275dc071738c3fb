"""What can happen to a command at each of its system calls, as words of strace."""

import collections
import re

CALLS = """openat read pread64 write pwrite64 fsync fdatasync linkat unlinkat renameat renameat2 rename fallocate flock
fstat fstatfs statx newfstatat close getdents64 getrandom mkdirat connect sendto recvfrom poll socket""".split()
# A process that was killed told nothing.
KILLED = (-9, 137)
FAILING = {
    "ENOSPC": "write pwrite64 fallocate linkat openat renameat renameat2 mkdirat fsync fdatasync".split(),
    "EIO": "read pread64 write pwrite64 fsync fdatasync linkat unlinkat openat renameat fstat fstatfs getdents64".split(),
    "EINTR": "openat read pread64 write pwrite64 fsync fdatasync fallocate flock poll connect sendto recvfrom".split(),
    "EMFILE": "openat socket".split(),
}


def faults(ground, arguments, text=""):
    """All that can happen to a command, as words of strace."""
    trace = ground.top + "/trace"
    names = ",".join("?" + name for name in CALLS)
    ground.run(arguments, ["strace", "-f", "-qq", "-o", trace, "-e", "trace=" + names], text)
    count = collections.Counter()
    with open(trace, encoding="utf-8", errors="replace") as file:
        for line in file:
            call = re.match(r"(?:\d+ +)?(\w+)\(", line)
            count.update([call[1]] if call else [])
    for name, most in sorted(count.items()):
        hows = ["signal=KILL"] + [f"error={error}" for error, calls in FAILING.items() if name in calls]
        for number in range(1, most + 1):
            for how in hows:
                inject = f"inject={name}:{how}:when={number}"
                yield f"{name} {number} {how}", ["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject]
