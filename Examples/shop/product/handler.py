"""The catalogue: looks products up for the web shop, and takes price lists from a bucket."""

import urllib.parse

from common import http, money

CATALOGUE = {
    "b-1": {"title": "The Art of Shell", "kind": "book", "net": 2850},
    "b-2": {"title": "Queues for Everyone", "kind": "book", "net": 3990},
    "f-1": {"title": "Espresso, 1 kg", "kind": "food", "net": 1869},
    "t-1": {"title": "Keyboard", "kind": "other", "net": 7500},
}

# A price list is imported in pieces of this many bytes, so that no worker runs into its time limit.
PIECE = 512 * 1024


def handler(event, context):
    if "Records" in event:
        return [plan_import(record) for record in event["Records"]]
    method, path = http.route(event)
    if method != "GET":
        return http.answer(405, {"error": "only GET is served here"})
    if path == "/products":
        return http.answer(200, {"products": search(event.get("queryStringParameters") or {})})
    identifier = path.removeprefix("/products/")
    if identifier not in CATALOGUE:
        return http.answer(404, {"error": "no such product"})
    return http.answer(200, view(identifier))


def search(query):
    wanted = query.get("kind")
    words = query.get("q", "").lower().split()
    hits = []
    for identifier, product in sorted(CATALOGUE.items()):
        title = product["title"].lower()
        if wanted in (None, product["kind"]) and all(word in title for word in words):
            hits.append(view(identifier))
    return hits


def view(identifier):
    product = CATALOGUE[identifier]
    price = money.gross(product["net"], product["kind"])
    return {"id": identifier, "title": product["title"], "price": money.text(price)}


def plan_import(record):
    """The byte ranges in which a price list that has arrived in the bucket is to be read."""
    arrived = record["s3"]["object"]
    key = urllib.parse.unquote_plus(arrived["key"])
    if not key.endswith(".csv"):
        return {"key": key, "ranges": [], "skipped": "not a price list"}
    size = arrived["size"]
    ranges = [f"bytes={start}-{min(start + PIECE, size) - 1}" for start in range(0, size, PIECE)]
    return {"bucket": record["s3"]["bucket"]["name"], "key": key, "ranges": ranges}
