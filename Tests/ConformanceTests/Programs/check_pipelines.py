"""Holds the files for CI systems against their public schemas, and the shell in them and of the project against
shellcheck.

usage: check_pipelines.py INPUT, a JSON document {"root": PATH}. Prints {"checked": [WHAT, ...], "faults": [TEXT, ...]}.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import ruamel.yaml

# The schema that each page's files are of. For Jenkins and CodeBuild there is none; a buildspec is at least YAML.
SCHEMAS = {
    "azure": "vendor.azure-pipelines",
    "bitbucket": "vendor.bitbucket-pipelines",
    "buildkite": "vendor.buildkite",
    "circleci": "vendor.circle-ci",
    "codebuild": None,
    "github": "vendor.github-workflows",
    "gitlab": "vendor.gitlab-ci",
}
# Keys whose values are shell, in the files of any of the systems.
SHELL_KEYS = {"run", "script", "bash", "command", "commands", "before_script", "after_script", "after-script"}


def fenced(text, language):
    """The blocks of a page in one language, each with the number of its first line."""
    for match in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield text[: match.start(1)].count("\n") + 1, match.group(1)


def scripts(value, key=None):
    """The pieces of shell in what was read of a file."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from scripts(inner, name)
    elif isinstance(value, list):
        if key in SHELL_KEYS and all(isinstance(line, str) for line in value):
            yield "\n".join(value)
        else:
            for inner in value:
                yield from scripts(inner, key)
    elif isinstance(value, str) and key in SHELL_KEYS:
        yield value


def as_strings(value):
    """Azure reads every scalar as text, and its schema says so."""
    if isinstance(value, dict):
        return {name: as_strings(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_strings(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def shellcheck(place, script, shell, faults):
    """Asks shellcheck about one script; expressions of CI systems stand for a word."""
    plain = re.sub(r"\$\{\{.*?\}\}|<<.*?>>", "word", script).replace("$$", "$")
    answer = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "shellcheck"), "--format=gcc", "--severity=warning",
         f"--shell={shell}", "-"],
        input=plain, capture_output=True, text=True, check=False,
    )
    faults += [f"{place}: {line}" for line in answer.stdout.splitlines()]
    if answer.returncode and not answer.stdout:
        faults.append(f"{place}: {answer.stderr.strip()}")


def pipeline(place, text, schema, folder, checked, faults):
    """Holds one file of a CI system against its schema, and reads the shell in it."""
    try:
        value = ruamel.yaml.YAML(typ="safe").load(text)
    except ruamel.yaml.YAMLError as error:
        faults.append(f"{place}: {error}")
        return
    if schema:
        path = folder / f"{len(checked)}.yml"
        path.write_text(json.dumps(as_strings(value)) if schema == "vendor.azure-pipelines" else text)
        answer = subprocess.run(
            [sys.executable, "-m", "check_jsonschema", "--regex-variant", "nonunicode",
             "--builtin-schema", schema, str(path)],
            capture_output=True, text=True, check=False,
        )
        if answer.returncode:
            faults.append(f"{place}: {(answer.stdout or answer.stderr).strip()}")
    checked.append(place)
    habits(place, value, faults)
    for script in scripts(value):
        shellcheck(place, script, "bash", faults)


def jobs(value):
    """The jobs of a file of GitHub or Azure, whatever they are called."""
    if isinstance(value, dict):
        if "steps" in value:
            yield value
        for inner in value.values():
            yield from jobs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from jobs(inner)


def habits(place, value, faults):
    """What no schema says: a container gets no signals and may not mount, and a choice names what it does not know."""
    for job in jobs(value):
        container = job.get("container")
        if not container:
            continue
        shell = "\n".join(scripts(job))
        if re.search(r"\blamctl (deploy|rollback|promote|resume|tick)\b", shell):
            faults.append(f"{place}: lamctl moves traffic in a container, where a cancel does not reach it")
        if "--try-in-debian" in shell and "SYS_ADMIN" not in str(container):
            faults.append(f"{place}: --try-in-debian mounts, which a container by default may not")
    for script in scripts(value):
        for choice in re.findall(r"\bcase\b.*?\besac\b", script, re.DOTALL):
            if "*)" not in choice:
                faults.append(f"{place}: a case without *) takes a mistyped word for success")


def main():
    root = pathlib.Path(json.loads(pathlib.Path(sys.argv[1]).read_text())["root"])
    checked, faults = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for page in sorted((root / "docs/ci").glob("*.md")):
            for line, text in fenced(page.read_text(), "yaml"):
                place = f"{page.relative_to(root)}:{line}"
                pipeline(place, text, SCHEMAS[page.stem], folder, checked, faults)
            for line, text in fenced(page.read_text(), "sh"):
                shellcheck(f"{page.relative_to(root)}:{line}", text, "bash", faults)
        if "docker {" in (root / "docs/ci/jenkins.md").read_text():
            if "procps" not in (root / "docs/ci/README.md").read_text().split("```dockerfile")[1].split("```")[0]:
                faults.append("docs/ci/README.md: Jenkins needs ps in the image to end what runs in it")
        for path in sorted((root / ".github").rglob("*.yml")):
            schema = "vendor.github-actions" if path.name == "action.yml" else "vendor.github-workflows"
            pipeline(str(path.relative_to(root)), path.read_text(), schema, folder, checked, faults)
    own = [root / ".ci/run", *sorted((root / "scripts").glob("*")), *sorted((root / "scripts/lib").glob("*.sh"))]
    for path in own:
        if path.is_file() and (path.suffix == ".sh" or path.read_bytes().startswith(b"#!/usr/bin/env bash")):
            shellcheck(str(path.relative_to(root)), path.read_text(), "bash", faults)
            checked.append(str(path.relative_to(root)))
    print(json.dumps({"checked": checked, "faults": faults}))


if __name__ == "__main__":
    main()
