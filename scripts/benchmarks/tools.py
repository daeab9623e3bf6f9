"""What the benchmarks share: generated repositories, the sandbox, and times of processes."""

import json
import os
import signal
import statistics
import subprocess
import sys
import time


def environment(root):
    """What lamctl gets to see: nothing of the developer's AWS."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": root, "LANG": "C.UTF-8", "USER": "bench"}


def write_configuration(root):
    configuration = {
        "project": "bench",
        "functions": ["functions/*"],
        "defaults": {
            "architectures": ["x86_64"], "runtime": "python3.12", "role": "arn:aws:iam::${account}:role/bench"},
        "environments": {"prod": {"endpoint": "sandbox", "region": "eu-west-1"}},
    }
    with open(os.path.join(root, "lamctl.json"), "w") as file:
        json.dump(configuration, file, indent=2)


class Sandbox:
    """`lamctl sandbox` as a process of its own."""

    def __init__(self, lamctl, root, *flags):
        self.process = subprocess.Popen(
            [lamctl, "sandbox", *flags], cwd=root, env=environment(root), stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "AWS_ENDPOINT_URL" in line:
                return
        sys.exit("bench: the sandbox did not start")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()


def timed(command, root):
    """The seconds a process takes, and what it wrote to stderr."""
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=root, env=environment(root), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.monotonic() - started
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} ended with {done.returncode}\n{done.stderr[-2000:]}")
    return seconds, done.stderr


def paired(ours, rival, root, runs=7):
    """Runs two commands in turn and prints minimum, median and maximum of both, and the ratio of the medians.

    The first run of each warms the caches and does not count.
    """
    times = {"lamctl": [], rival[0]: []}
    for index in range(runs + 1):
        for name, command in (("lamctl", ours), rival):
            seconds, _ = timed(command, root)
            if index > 0:
                times[name].append(seconds)
    for name, seconds in times.items():
        low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
        print(f"{name:24}{low:8.3f} {middle:8.3f} {high:8.3f} s   min, median, max of {runs}")
    medians = [statistics.median(seconds) for seconds in times.values()]
    print(f"{'ratio of medians':24}{medians[0] / medians[1]:8.2f}")
