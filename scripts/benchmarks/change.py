"""What has changed, over 1,000 functions, 20,000 files and 108 MB, warm and without AWS: `lamctl list --digests`, which
finds the functions and makes their digests like a plan, next to git status, find and sha256sum, and a program that only
reads and hashes the same files.

Twice: most of it data, and 90 % of it Python source. Then 50,000 files, which may take 2.5 times as long. `cached` is a run
with `.lamctl`, where the stat cache lies; `lamctl` one without.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from .tools import environment

FUNCTIONS = 1000
FILES = 20_000
BYTES = 108_000_000
RUNS = 5


def python_source(chance, size):
    """Lines as people write them: imports at the top, then functions."""
    lines = ["import json", "import os", "from collections import defaultdict", ""]
    length = sum(len(line) + 1 for line in lines)
    while length < size:
        name = f"value_{chance.randrange(10_000)}"
        for line in (
            f"def compute_{name}(items, factor={chance.randrange(100)}):",
            f'    """Adds {name} up."""',
            f"    total = {{'{name}': [item * factor for item in items if item > {chance.randrange(100)}]}}",
            f"    return json.dumps(total, indent={chance.randrange(4)})", "",
        ):
            lines.append(line)
            length += len(line) + 1
    return "\n".join(lines).encode()


def write_repository(root, files, size, sources):
    """`sources` is the part of the files that is Python."""
    chance = random.Random(20261126)
    with open(os.path.join(root, "lamctl.json"), "w") as file:
        json.dump({"functions": ["functions/*"], "environments": {"prod": {"region": "eu-west-1"}}}, file)
    each = files // FUNCTIONS
    average = size // files
    for index in range(FUNCTIONS):
        folder = os.path.join(root, "functions", f"f{index:04}")
        os.makedirs(os.path.join(folder, "inner"))
        with open(os.path.join(folder, "handler.py"), "w") as file:
            file.write("import json\n\ndef handler(event, context):\n    return json.dumps(event)\n")
        for number in range(each - 1):
            length = chance.randint(average // 2, average * 3 // 2)
            is_source = chance.random() < sources
            content = python_source(chance, length) if is_source else chance.randbytes(length)
            ending = "py" if is_source else "bin"
            place = os.path.join(folder, "inner" if number % 2 else "", f"module{number:03}.{ending}")
            with open(place, "wb") as file:
                file.write(content)
    # Nothing tidies the repository up beside the measurement, or while it is removed.
    still = [["config", key, value] for key, value in (("gc.auto", "0"), ("maintenance.auto", "false"))]
    author = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], *still, ["add", "."], [*author, "commit", "-qm", "one"]):
        subprocess.run(["git", *command], cwd=root, env=environment(root), check=True)


def measured(command, root):
    """Seconds, seconds of all processors, and the most memory of a process in MB."""
    with open(os.devnull, "w") as nothing:
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=root, env=environment(root), stdout=nothing, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode != 0:
        sys.exit(f"bench: {command[0]} ended with {process.returncode}\n{errors.decode(errors='replace')[-2000:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(root, lamctl, floor):
    """Runs all in turn and gives the median seconds of each by name; the first round warms the caches.

    Beside them the seconds of all processors, which say the same on a machine that is busy with other things.
    """
    commands = {
        "floor": [floor, "functions"],
        "lamctl": [lamctl, "list", "--digests", "--json"],
        "cached": [lamctl, "list", "--digests", "--json"],
        "git status": ["git", "status", "--porcelain"],
        "sha256sum": ["sh", "-c", f"find functions -type f -print0 | xargs -0 -n 512 -P {os.cpu_count()} sha256sum"],
    }
    times = {name: [] for name in commands}
    work = {name: [] for name in commands}
    memory = dict.fromkeys(commands, 0)
    state = os.path.join(root, ".lamctl")
    kept = os.path.join(root, "..", os.path.basename(root) + "-state")
    os.makedirs(kept, exist_ok=True)
    # Files that have just been written are not trusted.
    time.sleep(2.5)
    for index in range(RUNS + 2):
        for name, command in commands.items():
            if name == "cached":
                os.rename(kept, state)
            seconds, busy, most = measured(command, root)
            if name == "cached":
                os.rename(state, kept)
            if index > 1:
                times[name].append(seconds)
                work[name].append(busy)
                memory[name] = max(memory[name], most)
    shutil.rmtree(kept)
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    busy = {name: statistics.median(seconds) for name, seconds in work.items()}
    for name, seconds in times.items():
        print(
            f"{name:14}{min(seconds):8.3f} {medians[name]:8.3f} {max(seconds):8.3f} s   {memory[name]:6.0f} MB   "
            f"{medians[name] / medians['floor']:5.2f} x floor   {medians[name] / medians['git status']:5.2f} x git status"
            f"   processors {busy[name]:6.3f} s, {busy[name] / busy['floor']:5.2f} x floor")
    return medians


def run(lamctl):
    work = tempfile.mkdtemp(prefix="lamctl-bench-")
    try:
        floor = os.path.join(work, "floor")
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "floor.c")
        compiler = shutil.which("cc") or shutil.which("clang") or sys.exit("bench: there is no C compiler")
        subprocess.run([compiler, "-O2", "-o", floor, source, "-lcrypto", "-lpthread"], check=True)
        medians = {}
        for name, files, sources in (("data", FILES, 0.2), ("sources", FILES, 0.9), ("more", FILES * 5 // 2, 0.2)):
            root = os.path.join(work, name)
            os.makedirs(root)
            write_repository(root, files, BYTES * files // FILES, sources)
            print(f"-- {files:,} files, {sources:.0%} of them Python")
            medians[name] = compare(root, lamctl, floor)
            shutil.rmtree(root)
        ratio = medians["more"]["lamctl"] / medians["data"]["lamctl"]
        print(f"2.5 times as many files take {ratio:.2f} times as long")
    finally:
        shutil.rmtree(work, ignore_errors=True)
