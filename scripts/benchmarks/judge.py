"""The judgement of 1,000 functions with 30 minutes on trial each, and three hours of history of the stable version.

The floor is a process that parses the same file and does nothing else. What the pure judgement takes, lamctl says itself.
Then, on simulated traffic, how often a canary is taken back: by lamctl's judge and by the rules of other tools.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

from .tools import paired, timed

FUNCTIONS = 1000
MINUTES = 30
HISTORY = 180
ROLLOUTS = 1000
SAID = re.compile(r"judged (\d+) functions in ([\d.]+) ms")


def counts(chance, invocations):
    return {"invocations": invocations, "errors": sum(chance.random() < 0.001 for _ in range(invocations))}


def evidence(chance):
    minutes = [
        {"canary": counts(chance, chance.randint(20, 40)), "stable": counts(chance, chance.randint(200, 400))}
        for _ in range(MINUTES)]
    return {
        "steps": [{"weight": 0.10, "ended": True, "minutes": minutes}],
        "history": [counts(chance, chance.randint(200, 400)) for _ in range(HISTORY)],
    }


def simulate():
    """Builds the simulation, which calls the judge as a library, and runs it."""
    repository = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    build = ["swift", "build", "-c", "release", "--product", "judge-simulation", "--package-path", repository]
    subprocess.run(build, check=True, stdout=sys.stderr)
    shown = subprocess.run([*build, "--show-bin-path"], check=True, capture_output=True, text=True)
    subprocess.run([os.path.join(shown.stdout.strip(), "judge-simulation"), str(ROLLOUTS)], check=True)


def run(lamctl):
    chance = random.Random(20261121)
    root = tempfile.mkdtemp(prefix="lamctl-bench-")
    try:
        file = os.path.join(root, "evidence.json")
        document = {
            "schema": "lamctl.evidence/1",
            "functions": {f"f{index:04}": evidence(chance) for index in range(FUNCTIONS)},
            "settings": {"minInvocations": 30, "maxErrorRate": None, "plannedSteps": 4},
        }
        with open(file, "w") as stream:
            json.dump(document, stream)
        print(f"{'evidence':24}{os.path.getsize(file) / 1e6:8.1f} MB")
        ours = [lamctl, "judge", "--input", file, "--json"]
        parse = [sys.executable, "-c", f"import json; json.load(open({file!r}))"]
        paired(ours, ("python3, parsing only", parse), root)
        said = [SAID.search(timed([*ours, "--verbose"], root)[1]) for _ in range(7)]
        if not all(said):
            sys.exit("bench: lamctl judge --verbose does not say how long it took")
        times = sorted(float(match[2]) for match in said)
        print(f"{'the judgement alone':24}{times[0]:8.1f} {times[3]:8.1f} {times[-1]:8.1f} ms  min, median, max of 7")
    finally:
        shutil.rmtree(root, ignore_errors=True)
    simulate()
