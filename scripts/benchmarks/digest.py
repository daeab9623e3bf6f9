"""A plan over 20,000 files in 20 functions, against sha256sum over the same files on all cores.

The plan finds the functions, reads and hashes every file of theirs, and asks the sandbox what it has.
"""

import os
import random
import shutil
import tempfile

from .tools import Sandbox, paired, write_configuration

FUNCTIONS = 20
FILES = 1000


def write_functions(root, chance):
    for index in range(FUNCTIONS):
        folder = os.path.join(root, "functions", f"f{index:03}")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "handler.py"), "w") as file:
            file.write("def handler(event, context):\n    return {}\n")
        for number in range(FILES - 1):
            inner = os.path.join(folder, f"package{number % 40:02}")
            os.makedirs(inner, exist_ok=True)
            with open(os.path.join(inner, f"module{number:04}.py"), "wb") as file:
                file.write(chance.randbytes(chance.randint(200, 8000)).hex().encode())


def run(lamctl):
    root = tempfile.mkdtemp(prefix="lamctl-bench-")
    try:
        write_configuration(root)
        write_functions(root, random.Random(20261121))
        sandbox = Sandbox(lamctl, root, "--speed", "60")
        hashing = f"find functions -type f -print0 | xargs -0 -n 512 -P {os.cpu_count()} sha256sum"
        paired([lamctl, "plan", "--json"], ("find and sha256sum", ["sh", "-c", hashing]), root)
        sandbox.stop()
    finally:
        shutil.rmtree(root, ignore_errors=True)
