"""Writes the documents of a release: an SPDX bill of materials and an unsigned statement of provenance."""

import argparse
import datetime
import hashlib
import json
import os
import platform
import re
import subprocess

# What the linker takes out of the toolchain into the binary, and its license.
TOOLCHAIN_LICENSE = "Apache-2.0 WITH Swift-exception"
# Packages of Debian whose libraries the binary loads; the C library is every system's.
LOADED = {"libcurl": "libcurl4", "libcrypto": "libssl3", "libz": "zlib1g", "libstdc++": "libstdc++6",
          "libgcc_s": "libgcc-s1", "libc": "libc6", "libm": "libc6"}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def swift_version():
    return re.search(r"Swift version (\S+)", output("swift", "--version")).group(1)


def needed(binary):
    """The libraries that the binary loads, without their versions: those that it names, and libcurl, which it loads by
    itself with the first connection."""
    names = ["libcurl"] + re.findall(r"\(NEEDED\).*\[(.+?)\.so", output("readelf", "--dynamic", binary))
    return sorted(name for name in names if not name.startswith("ld-linux"))


def debian_version(package):
    return output("dpkg-query", "--show", "--showformat", "${Version}", package)


def package(identifier, name, version, license, **more):
    return {"SPDXID": f"SPDXRef-{identifier}", "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": license, "licenseDeclared": license,
            "copyrightText": "NOASSERTION", **more}


def bill(options, created):
    """SPDX 2.3: lamctl, the Swift runtime that is in it, and the libraries of the system that it loads."""
    own = package("lamctl", "lamctl", options.version, "Apache-2.0", checksums=[
        {"algorithm": "SHA256", "checksumValue": sha256(options.binary)}], sourceInfo=f"git commit {options.commit}")
    swift = package("swift", "swift", swift_version(), TOOLCHAIN_LICENSE,
                    comment="The standard library and Dispatch, linked into the binary.")
    packages, relations = [own, swift], [
        ("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-lamctl"), ("SPDXRef-lamctl", "CONTAINS", "SPDXRef-swift")]
    for debian in sorted({LOADED[library] for library in needed(options.binary)}):
        version = debian_version(debian)
        packages.append(package(
            debian.replace("+", "-plus"), debian, version, "NOASSERTION",
            comment="Loaded from the system: its version here is the one it was built with.",
            externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                           "referenceLocator": f"pkg:deb/debian/{debian.replace('+', '%2B')}@{version.replace('+', '%2B')}"}]))
        relations.append(("SPDXRef-lamctl", "DYNAMIC_LINK", packages[-1]["SPDXID"]))
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": options.name,
        "documentNamespace": f"{options.source}/spdx/{options.name}-{options.commit}",
        "creationInfo": {"created": created, "creators": ["Tool: scripts/release"]},
        "packages": packages,
        "relationships": [
            {"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b} for a, kind, b in relations],
    }


def provenance(options, finished):
    """An in-toto statement with SLSA's provenance 1.0. Nobody has signed it: it says what happened, and proves nothing."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": os.path.basename(options.archive), "digest": {"sha256": sha256(options.archive)}},
                    {"name": "lamctl", "digest": {"sha256": sha256(options.binary)}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": f"{options.source}/blob/{options.commit}/scripts/release",
                "externalParameters": {"commit": options.commit},
                "internalParameters": {"swift": swift_version(), "system": platform.freedesktop_os_release()["PRETTY_NAME"],
                                       "machine": platform.machine()},
                "resolvedDependencies": [{"uri": f"git+{options.source}", "digest": {"gitCommit": options.commit}}],
            },
            "runDetails": {
                "builder": {"id": f"{options.source}/blob/{options.commit}/scripts/release"},
                "metadata": {"startedOn": options.started, "finishedOn": finished},
            },
        },
    }


def main():
    parser = argparse.ArgumentParser()
    for name in ["commit", "version", "name", "binary", "archive", "started", "source", "to"]:
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    commit_time = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    now = datetime.datetime.now(datetime.timezone.utc)
    form = "%Y-%m-%dT%H:%M:%SZ"
    documents = {"spdx": bill(options, commit_time.strftime(form)), "intoto": provenance(options, now.strftime(form))}
    for kind, document in documents.items():
        with open(os.path.join(options.to, f"{options.name}.{kind}.json"), "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
