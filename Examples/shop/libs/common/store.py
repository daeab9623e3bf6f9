"""What the shop keeps, a file each: SHOP_STORE names the folder. A table would take its place in a larger shop."""

import json
import os
import pathlib


def folder(kind):
    place = pathlib.Path(os.environ.get("SHOP_STORE", "/tmp/shop")) / kind
    place.mkdir(parents=True, exist_ok=True)
    return place


def save(kind, identifier, value):
    """Writes one as a whole: whoever reads meanwhile sees the old one or the new one."""
    place = folder(kind)
    new = place / f".{identifier}.{os.getpid()}"
    new.write_text(json.dumps(value))
    new.rename(place / f"{identifier}.json")


def all(kind):
    """Everything of a kind, by its identifier."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder(kind).glob("[!.]*.json"))}
