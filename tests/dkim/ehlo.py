#!/usr/bin/env python3
"""What `ehlo dkim verify` says of messages, for tests/dkim/judges.

    ehlo.py EHLO FOLDER      FOLDER/NAME.signed, FOLDER/records -> a line for each, with a word for each signature"""

import concurrent.futures
import json
import pathlib
import subprocess
import sys

ehlo, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def judge(path):
    command = [ehlo, "dkim", "verify", "--record", str(folder / "records"), "--json", str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    try:
        signatures = json.loads(run.stdout)["signatures"]
    except ValueError:
        return f"{path.stem} status-{run.returncode}"
    words = ["Pass" if one["verdict"] == "pass" else f"{one['verdict']}:{one['cause']}" for one in signatures]
    return " ".join([path.stem, *words])


with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for line in pool.map(judge, sorted(folder.glob("*.signed"))):
        print(line)
