"""What the shop keeps: in the table of DynamoDB that SHOP_TABLE names, else a file each in the folder of SHOP_STORE.

The table has the partition key "kind" and the sort key "id", both texts.
"""

import json
import os
import pathlib

from common import aws


def save(kind, identifier, value):
    if table():
        item = {"kind": {"S": kind}, "id": {"S": identifier}, "value": {"S": json.dumps(value)}}
        aws.dynamodb("PutItem", {"TableName": table(), "Item": item})
        return
    # As a whole: whoever reads meanwhile sees the old one or the new one.
    place = folder(kind)
    new = place / f".{identifier}.{os.getpid()}"
    new.write_text(json.dumps(value))
    new.rename(place / f"{identifier}.json")


def all(kind):
    """Everything of a kind, by its identifier."""
    if table():
        return {item["id"]["S"]: json.loads(item["value"]["S"]) for item in items(kind)}
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder(kind).glob("[!.]*.json"))}


def items(kind):
    """The items of a kind, page by page."""
    query = {
        "TableName": table(),
        "KeyConditionExpression": "kind = :kind",
        "ExpressionAttributeValues": {":kind": {"S": kind}},
    }
    while True:
        page = aws.dynamodb("Query", query)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def table():
    return os.environ.get("SHOP_TABLE")


def folder(kind):
    place = pathlib.Path(os.environ.get("SHOP_STORE", "/tmp/shop")) / kind
    place.mkdir(parents=True, exist_ok=True)
    return place
