"""How fast the traffic of many functions goes back, against the writes that Lambda's rate limits allow.

Generated Python functions are released to the sandbox twice, so that there is something to go back to. Then, with AWS's
real rate limits on, `lamctl rollback` takes all of them back; and a canary of all of them gets a SIGTERM. What counts is
the time from the first alias to the last. The floor is one write an alias at 15 a second.
"""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from .release import LIMIT, deploy, write_functions
from .tools import Sandbox, environment, write_configuration

COUNTS = (50, 200)
WRITE = re.compile(r"^\s+Lambda UpdateAlias .*: HTTP 200 after ")
GIVEN = re.compile(r"version \d+ gets 10%")


def lines(process):
    """What a process says on stderr, line by line, each with the time of its arrival."""
    for line in process.stderr:
        yield time.monotonic(), line


def started(lamctl, root, *arguments):
    return subprocess.Popen(
        [lamctl, *arguments, "--json", "--verbose"], cwd=root, env=environment(root),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def writes(process, expected):
    """The times of the aliases' writes until the process ends, which must be as expected."""
    seen, said = [], []
    for moment, line in lines(process):
        said.append(line)
        if WRITE.match(line):
            seen.append(moment)
    if process.wait() != expected:
        sys.exit(f"bench: lamctl ended with {process.returncode}\n" + "".join(said[-20:]))
    return seen


def show(name, count, began, moments):
    floor = count / LIMIT
    span = moments[-1] - moments[0]
    print(
        f"{name:10}{count:5} aliases   first to last {span:7.2f} s   floor {floor:7.2f} s   "
        f"ratio {span / floor:.2f}   from the start to the last {moments[-1] - began:7.2f} s")


def roll_back(lamctl, root, count):
    began = time.monotonic()
    moments = writes(started(lamctl, root, "rollback", "prod", "--yes"), expected=0)
    show("rollback", count, began, moments)


def interrupt(lamctl, root, count):
    """A canary of all functions, given a SIGTERM once the last of them has its weight."""
    process = started(lamctl, root, "deploy", "--canary", "10%:30m")
    given = 0
    for _, line in lines(process):
        given += bool(GIVEN.search(line))
        if given == count:
            break
    # A moment for the first look to be over.
    time.sleep(2)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    show("SIGTERM", count, began, [at for at in writes(process, expected=143) if at >= began][:count])


def run(lamctl):
    for count in COUNTS:
        root = tempfile.mkdtemp(prefix="lamctl-bench-")
        try:
            write_configuration(root)
            sandbox = Sandbox(lamctl, root, "--speed", "60")
            for answer in (0, 1):
                write_functions(root, answer, count)
                deploy(lamctl, root)
            sandbox.stop()
            sandbox = Sandbox(lamctl, root, "--speed", "1", "--strict")
            roll_back(lamctl, root, count)
            write_functions(root, 2, count)
            interrupt(lamctl, root, count)
            sandbox.stop()
        finally:
            shutil.rmtree(root, ignore_errors=True)
