"""Packages of a function of 42 MB and of 200 functions, against other zip programs and a bare floor.

lamctl does more than they do: it finds the functions, hashes what they are made of, checks the packages and writes an
index. Each run starts without a cache. Python's zipfile stores no links and is here for orientation; the floor does
nothing but deflate the same bytes on two threads. Processor time tells more than the clock where a machine is shared.
"""

import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor

from .tools import environment

RUNS = 7
FUNCTIONS = 200
FILES = 20
BLOCK = 512 << 10
WORDS = 6000


def code(chance, size):
    """Bytes that compress about as program code does: words of a few kinds, numbers, and some noise."""
    words = [chance.randbytes(chance.randint(2, 9)).hex().encode() for _ in range(WORDS)]
    weights = [1 / (index + 1) for index in range(WORDS)]
    parts, length = [], 0
    while length < size:
        some = b" ".join(chance.choices(words, weights, k=2000)) + chance.randbytes(2600)
        parts.append(some)
        length += len(some)
    return b"".join(parts)[:size]


def configuration(root, runtime, handler):
    with open(os.path.join(root, "lamctl.json"), "w") as file:
        file.write(f"""{{
  "project": "bench", "functions": ["functions/*"],
  "defaults": {{"architectures": ["x86_64"], "runtime": "{runtime}", "handler": "{handler}",
    "role": "arn:aws:iam::000000000000:role/bench"}},
  "environments": {{"prod": {{"region": "eu-west-1", "account": "000000000000"}}}}
}}
""")


def write_large(root, chance):
    """One function with a file of 40 MB and some small ones: 42 MB."""
    folder = os.path.join(root, "functions", "large")
    os.makedirs(folder)
    configuration(root, "provided.al2023", "bootstrap")
    with open(os.path.join(folder, "bootstrap"), "w") as file:
        file.write("#!/bin/sh\n")
    with open(os.path.join(folder, "model.bin"), "wb") as file:
        file.write(code(chance, 40_000_000))
    for index in range(20):
        with open(os.path.join(folder, f"part{index:02}.dat"), "wb") as file:
            file.write(code(chance, 100_000))


def write_tree(root, chance):
    """200 functions of 20 modules each."""
    configuration(root, "python3.13", "handler.handler")
    for index in range(FUNCTIONS):
        folder = os.path.join(root, "functions", f"f{index:03}")
        os.makedirs(folder)
        with open(os.path.join(folder, "handler.py"), "w") as file:
            file.write("def handler(event, context):\n    return {}\n")
        for number in range(FILES - 1):
            text = "\n".join(
                f"value_{chance.randint(0, 999)} = {chance.choice(['lookup', 'compute', 'render'])}({chance.random()})"
                for _ in range(chance.randint(20, 220)))
            with open(os.path.join(folder, f"module{number:02}.py"), "w") as file:
                file.write(text + "\n")


def sizes(folder, ending=".zip"):
    return sum(
        os.path.getsize(os.path.join(base, name))
        for base, _, names in os.walk(folder) for name in names if name.endswith(ending))


def apart(body, *arguments):
    """Calls what needs much memory in a process of its own: Linux counts this one's peak as that of what it starts."""
    answers = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=lambda: answers.put(body(*arguments)))
    process.start()
    answer = answers.get()
    process.join()
    return answer


class Run:
    """One run of a program and what it started: seconds, processor seconds, and the most memory in MB."""

    def __init__(self, command, root, variables=None):
        started = time.monotonic()
        process = subprocess.Popen(
            command, cwd=root, env={**environment(root), **(variables or {})}, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.monotonic() - started
        self.processor = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(command[:4])} ended with {process.returncode}\n{errors.decode()[-2000:]}")


def floor(root):
    """Deflates every block of every file on two threads, and does nothing else; zlib lets go of the interpreter."""
    def blocks():
        for base, _, names in os.walk(os.path.join(root, "functions")):
            for name in sorted(names):
                with open(os.path.join(base, name), "rb") as file:
                    content = file.read()
                for start in range(0, len(content), BLOCK):
                    yield content[start:start + BLOCK]

    def deflate(block):
        stream = zlib.compressobj(6, zlib.DEFLATED, -15)
        return len(stream.compress(block)) + len(stream.flush())

    pieces = list(blocks())
    started, processor = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(2) as pool:
        sum(pool.map(deflate, pieces, chunksize=1))
    return time.monotonic() - started, time.process_time() - processor


ZIPFILE = """
import os, sys, zipfile
for name in sorted(os.listdir("functions")):
    with zipfile.ZipFile(f"out/{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for base, _, files in os.walk(f"functions/{name}"):
            for file in sorted(files):
                archive.write(os.path.join(base, file), os.path.relpath(os.path.join(base, file), f"functions/{name}"))
"""


def rivals():
    """Commands that put every function of a repository into a zip of its own in `out`."""
    each = 'for f in functions/*; do (cd "$f" && {}) || exit 1; done'
    yield "zip -r -6", ["sh", "-c", each.format('zip -qr -6 -X "../../out/${f##*/}.zip" .')]
    yield "Python's zipfile", [sys.executable, "-c", ZIPFILE]
    if shutil.which("7z"):
        yield "7z, 2 threads", [
            "sh", "-c", each.format('7z a -tzip -mx=5 -mmt=2 -bso0 -bsp0 "../../out/${f##*/}.zip" .')]
    if shutil.which("pigz"):
        # One file at a time, no directory of a zip: what it makes cannot be uploaded.
        yield "tar and pigz -6 -p 2", [
            "sh", "-c", each.format('tar -cf - . | pigz -6 -p 2 > "../../out/${f##*/}.zip"')]


def clear(root):
    for name in (".lamctl", "out"):
        shutil.rmtree(os.path.join(root, name), ignore_errors=True)
    os.makedirs(os.path.join(root, "out"))


def compare(lamctl, root):
    commands = [("lamctl build", [lamctl, "build", "--to", "out", "--quiet"]), *rivals()]
    runs = {name: [] for name, _ in commands}
    bytes_written, floors = {}, []
    for index in range(RUNS + 1):
        for name, command in commands:
            clear(root)
            run = Run(command, root)
            bytes_written[name] = sizes(os.path.join(root, "out"))
            # The first of each warms the caches.
            if index > 0:
                runs[name].append(run)
        if index > 0:
            floors.append(apart(floor, root))
    ours = statistics.median(run.seconds for run in runs["lamctl build"])
    print(
        f"{'':24}{'min':>8} {'median':>8} {'max':>8} s  {'of lamctl':>9}  {'processor':>9}"
        f"  {'bytes':>11}  {'peak':>7}")
    for name, some in runs.items():
        row(
            name, [run.seconds for run in some], [run.processor for run in some], ours,
            f"  {bytes_written[name]:11}  {max(run.memory for run in some):4.0f} MB")
    row("zlib alone, 2 threads", [seconds for seconds, _ in floors], [processor for _, processor in floors], ours)
    ratio = bytes_written["lamctl build"] / bytes_written["zip -r -6"]
    print(f"{'size beside zip -r -6':24}{ratio:8.3f}")


def row(name, seconds, processor, ours, more=""):
    middle = statistics.median(seconds)
    print(
        f"{name:24}{min(seconds):8.3f} {middle:8.3f} {max(seconds):8.3f}    {middle / ours:8.2f}x"
        f"  {statistics.median(processor):7.3f} s{more}")


def wheel(folder, name, needs):
    """A wheel of a module and the names of those that it needs."""
    with zipfile.ZipFile(os.path.join(folder, f"{name}-1.0-py3-none-any.whl"), "w") as file:
        about = f"{name}-1.0.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        file.writestr(f"{name}/__init__.py", "x = 1\n")
        file.writestr(f"{about}/METADATA", metadata + "".join(f"Requires-Dist: {need} ==1.0\n" for need in needs))
        file.writestr(
            f"{about}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")


EQUAL = 51
# That of this program: sam wants the interpreter itself.
EQUAL_RUNTIME = f"python3.{sys.version_info.minor}"
WHEELS = 12


def write_equal(root):
    """51 functions with the same requirements, whose wheels lie in a folder beside them: no index is asked."""
    configuration(root, EQUAL_RUNTIME, "handler.handler")
    wheels = os.path.join(root, "wheels")
    os.makedirs(wheels)
    names = [f"bench_{number:02}" for number in range(WHEELS)]
    for number, name in enumerate(names):
        wheel(wheels, name, names[number + 1:number + 3])
    for index in range(EQUAL):
        folder = os.path.join(root, "functions", f"f{index:03}")
        os.makedirs(folder)
        with open(os.path.join(folder, "handler.py"), "w") as file:
            file.write(f"import {names[0]}\n\ndef handler(event, context):\n    return {{'n': {index}}}\n")
        with open(os.path.join(folder, "requirements.txt"), "w") as file:
            file.write(f"{names[0]}==1.0\n{names[1]}==1.0\n")


def write_template(root):
    with open(os.path.join(root, "template.yaml"), "w") as file:
        file.write("Transform: AWS::Serverless-2016-10-31\nResources:\n")
        for name in sorted(os.listdir(os.path.join(root, "functions"))):
            file.write(
                f"  {name.capitalize()}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
                f"      CodeUri: functions/{name}\n      Handler: handler.handler\n      Runtime: {EQUAL_RUNTIME}\n")


def equal(lamctl, root):
    """51 functions with equal requirements, cold, beside one of them alone."""
    wheels = os.path.join(root, "wheels")
    variables = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels, "UV_NO_INDEX": "1", "UV_FIND_LINKS": wheels}

    def cold(command, runs=3):
        def once():
            clear(root)
            run = Run(command, root, variables)
            return run.seconds, run.processor
        return sorted(once() for _ in range(runs))[runs // 2]

    build = [lamctl, "build", "--to", "out", "--quiet"]
    many = cold(build)
    shown = subprocess.run(
        [lamctl, "cache", "list"], cwd=root, env=environment(root), capture_output=True, text=True, check=True)
    resolutions = shown.stdout.count("dependencies as of")
    sam = None
    if shutil.which("sam"):
        write_template(root)
        sam = cold(["sam", "build", "--parallel", "--no-cached"], runs=1)
    for index in range(1, EQUAL):
        shutil.rmtree(os.path.join(root, "functions", f"f{index:03}"))
    one = cold(build)
    print(f"{'':24}{'median':>8}    {'processor':>9}   sets of dependencies resolved: {resolutions}")
    lines = [(f"{EQUAL} functions", many), ("one of them", one)]
    lines.append(("over one resolution", (many[0] - one[0], many[1] - one[1])))
    if sam:
        lines.append(("sam build --parallel", sam))
    for name, (seconds, processor) in lines:
        print(f"{name:24}{seconds:8.3f} s  {processor:7.3f} s")
    if not sam:
        print("sam is not installed, and not beside it")


def run(lamctl):
    for title, write in (("a function of 42 MB", write_large), ("200 functions", write_tree)):
        root = tempfile.mkdtemp(prefix="lamctl-bench-")
        try:
            apart(write, root, random.Random(20261126))
            print(f"-- {title}")
            compare(lamctl, root)
        finally:
            shutil.rmtree(root, ignore_errors=True)
    root = tempfile.mkdtemp(prefix="lamctl-bench-")
    try:
        write_equal(root)
        print(f"-- {EQUAL} functions with equal requirements, cold")
        equal(lamctl, root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
