"""A release of 200 changed functions against what Lambda's rate limits allow.

Generated Python functions are released to the sandbox, once to have something that serves, then, with code that differs
and AWS's real rate limits on, all of them at once. The floor is the number of calls that share Lambda's control plane
divided by the 15 a second that it allows. lamctl keeps to 90 % of that, so that other tools in the account have room;
the floor at 90 % is what it can reach.
"""

import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from .tools import Sandbox, environment, write_configuration

FUNCTIONS = 200
LIMIT = 15.0
SHARE = 0.9
# GetFunction has a limit of its own, and the control plane's does not count Invoke.
APART = {"GetFunction", "Invoke"}
LINE = re.compile(r"^\s+Lambda (\w+) .*: (.*) after [\d.]+s, attempt (\d+)")


def write_functions(root, answer, count=FUNCTIONS):
    for index in range(count):
        folder = os.path.join(root, "functions", f"f{index:03}")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "handler.py"), "w") as file:
            file.write(
                f"ANSWER = {answer}\n\ndef handler(event, context):\n"
                f'    return {{"function": {index}, "answer": ANSWER}}\n')


def deploy(lamctl, root):
    """Releases all functions; the seconds it took and the attempts it made, as (operation, outcome)."""
    started = time.monotonic()
    done = subprocess.run(
        [lamctl, "deploy", "--create", "--all-at-once", "--json", "--verbose"],
        cwd=root, env=environment(root), capture_output=True, text=True)
    seconds = time.monotonic() - started
    matches = [match for match in map(LINE.match, done.stderr.splitlines()) if match]
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if not LINE.match(line)]
        sys.exit(f"bench: deploy ended with {done.returncode}\n" + "\n".join(errors[-20:]))
    return seconds, [(match[1], match[2]) for match in matches]


def run(lamctl):
    root = tempfile.mkdtemp(prefix="lamctl-bench-")
    try:
        write_configuration(root)
        write_functions(root, 0)
        sandbox = Sandbox(lamctl, root, "--speed", "60")
        deploy(lamctl, root)
        sandbox.stop()

        write_functions(root, 1)
        sandbox = Sandbox(lamctl, root, "--speed", "1", "--strict")
        seconds, attempts = deploy(lamctl, root)
        sandbox.stop()
    finally:
        shutil.rmtree(root, ignore_errors=True)

    calls = collections.Counter(operation for operation, _ in attempts)
    throttled = sum("429" in outcome for _, outcome in attempts)
    control = sum(count for operation, count in calls.items() if operation not in APART)
    floor = control / LIMIT
    reachable = floor / SHARE
    for operation, count in sorted(calls.items()):
        print(f"{operation:24}{count:6}" + ("" if operation not in APART else "   not counted"))
    print(f"{'throttled':24}{throttled:6}")
    print(f"control-plane calls     {control:6}")
    print(f"time                    {seconds:8.1f} s")
    print(f"floor at {LIMIT:.0f}/s           {floor:8.1f} s   ratio {seconds / floor:.2f}")
    print(f"floor at {SHARE:.0%} of that    {reachable:8.1f} s   ratio {seconds / reachable:.2f}")
