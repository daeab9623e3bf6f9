"""What every HTTP function of the shop needs: reading API Gateway events and answering them."""

import base64
import json


class BadRequest(Exception):
    """The caller's mistake; the text is sent back."""


def route(event):
    """Method and path of an HTTP API event (payload format 2.0)."""
    http = event["requestContext"]["http"]
    return http["method"], event["rawPath"].rstrip("/") or "/"


def body(event):
    """The JSON object in the event's body."""
    raw = event.get("body") or ""
    if event.get("isBase64Encoded"):
        raw = base64.b64decode(raw).decode("utf-8")
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise BadRequest("the body is not JSON") from error
    if not isinstance(value, dict):
        raise BadRequest("the body is not an object")
    return value


def answer(status, value):
    """An answer in payload format 2.0."""
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(value, separators=(",", ":"), sort_keys=True),
    }
