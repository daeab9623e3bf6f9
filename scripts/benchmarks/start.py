"""What a command costs before it does anything, and how large the binary is.

`lamctl version` beside the version commands of git, and of the AWS CLI and SAM where they are installed, each run in turn;
and `/bin/true`, which is what starting a process costs here.
"""

import os
import shutil
import statistics
import tempfile

from .tools import timed

RUNS = 21


def run(lamctl):
    commands = {
        "true": ["true"], "lamctl version": [lamctl, "version"], "lamctl --help": [lamctl, "--help"],
        "git --version": ["git", "--version"], "aws --version": ["aws", "--version"], "sam --version": ["sam", "--version"]}
    missing = [command[0] for command in commands.values() if shutil.which(command[0]) is None]
    commands = {name: command for name, command in commands.items() if command[0] not in missing}
    root = tempfile.mkdtemp(prefix="lamctl-bench-")
    try:
        times = {name: [] for name in commands}
        for index in range(RUNS + 1):
            for name, command in commands.items():
                seconds, _ = timed(command, root)
                # The first run warms the caches.
                if index > 0:
                    times[name].append(seconds * 1000)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    ours = statistics.median(times["lamctl version"])
    for name, milliseconds in times.items():
        middle = statistics.median(milliseconds)
        print(
            f"{name:16}{min(milliseconds):8.1f} {middle:8.1f} {max(milliseconds):8.1f} ms   "
            f"{middle / ours:7.2f} x lamctl version")
    for name in missing:
        print(f"{name:16}is not installed")
    print(f"{'binary':16}{os.path.getsize(lamctl) / 1e6:8.1f} MB")
