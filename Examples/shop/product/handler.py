"""The catalogue: looks products up for the web shop, and takes in price lists that arrive in a bucket."""

import csv
import urllib.parse

from common import aws, http, money, store

CATALOGUE = {
    "b-1": {"title": "The Art of Shell", "kind": "book", "net": 2850},
    "b-2": {"title": "Queues for Everyone", "kind": "book", "net": 3990},
    "f-1": {"title": "Espresso, 1 kg", "kind": "food", "net": 1869},
    "t-1": {"title": "Keyboard", "kind": "other", "net": 7500},
}


def handler(event, context):
    if "Records" in event:
        return [take_in(record["s3"]) for record in event["Records"]]
    method, path = http.route(event)
    if method != "GET":
        return http.answer(405, {"error": "only GET is served here"})
    if path == "/products":
        return http.answer(200, {"products": search(event.get("queryStringParameters") or {})})
    product = catalogue().get(path.removeprefix("/products/"))
    if product is None:
        return http.answer(404, {"error": "no such product"})
    return http.answer(200, view(path.removeprefix("/products/"), product))


def catalogue():
    return CATALOGUE | store.all("products")


def search(query):
    wanted = query.get("kind")
    words = query.get("q", "").lower().split()
    hits = []
    for identifier, product in sorted(catalogue().items()):
        title = product["title"].lower()
        if wanted in (None, product["kind"]) and all(word in title for word in words):
            hits.append(view(identifier, product))
    return hits


def view(identifier, product):
    price = money.gross(product["net"], product["kind"])
    return {"id": identifier, "title": product["title"], "price": money.text(price)}


def take_in(arrived):
    """Reads a price list with the columns id, title, kind and net."""
    bucket, key = arrived["bucket"]["name"], urllib.parse.unquote_plus(arrived["object"]["key"])
    products = read(aws.get_object(bucket, key).decode("utf-8"))
    for identifier, product in products.items():
        store.save("products", identifier, product)
    return {"key": key, "products": len(products)}


def read(text):
    rows = csv.DictReader(text.splitlines())
    return {row["id"]: {"title": row["title"], "kind": row["kind"], "net": int(row["net"])} for row in rows}
