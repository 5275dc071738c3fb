"""domains.tsv, and what verdicts and check have in common."""

import concurrent.futures
import os
import sys
import typing

HERE = os.path.dirname(os.path.realpath(__file__))


class Row(typing.NamedTuple):
    domain: str
    verdict: str
    exit: str
    policy: str
    host: str
    what: str


def rows(names):
    """Those of `names`, or all. Ends the program where the table or a name is wrong."""
    with open(f"{HERE}/domains.tsv", encoding="utf-8") as file:
        fields = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    for row in fields:
        if len(row) != len(Row._fields):
            sys.exit(f"domains.tsv: {len(row)} columns: {row}")
    table = [Row(*row) for row in fields]
    known = {row.domain for row in table}
    if len(known) != len(table) or set(names) - known:
        sys.exit(f"domains.tsv: twice, or not at all: {set(names) - known or known}")
    return [row for row in table if not names or row.domain in names]


def enter():
    """Goes on within the lab, if this is not it."""
    if "ROUTE_LAB" not in os.environ:
        os.execv(f"{HERE}/lab", [f"{HERE}/lab", os.path.realpath(sys.argv[0])] + sys.argv[1:])
    return os.environ["ROUTE_LAB"]


def each(table, judge):
    """What `judge` says is wrong with each row, or nothing; some at a time."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(judge, table))


def tell(table, wrong):
    """Prints a line for each row, and a count. Returns the exit status."""
    for row, why in zip(table, wrong):
        print(f"FAILED  {row.domain} ({row.what}): {why}" if why else f"ok      {row.domain}: {row.what}")
    failed = sum(bool(why) for why in wrong)
    print(f"{len(table) - failed} as expected, {failed} not")
    return 1 if failed or not table else 0
