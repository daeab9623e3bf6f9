"""What the parsers cost as their input grows: n, 2n and 4n bytes of the piece that is worst for each.

The floor is a straight line: a parser whose cost grows faster ends the run with an error.
"""

import os
import subprocess
import sys


def run(_):
    scripts = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    done = subprocess.run([os.path.join(scripts, "fuzz"), "costs"], check=False)
    if done.returncode != 0:
        sys.exit("bench: a parser's cost grows faster than its input")
