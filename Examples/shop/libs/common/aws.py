"""The few calls of AWS that the shop makes, signed by hand: an SDK takes longer to load than they take."""

import datetime
import hashlib
import hmac
import json
import os
import urllib.parse
import urllib.request

ALGORITHM = "AWS4-HMAC-SHA256"


def put_events(entries):
    """EventBridge's PutEvents; raises where any event was refused."""
    answer = json.loads(
        call("events", "POST", "/", json.dumps({"Entries": entries}).encode(), {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": "AWSEvents.PutEvents",
        })
    )
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"events were refused: {answer['Entries']}")


def dynamodb(operation, request):
    """A call of DynamoDB, and its answer."""
    return json.loads(
        call("dynamodb", "POST", "/", json.dumps(request).encode(), {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"DynamoDB_20120810.{operation}",
        })
    )


def get_object(bucket, key):
    """The bytes of an object of S3."""
    return call("s3", "GET", "/" + urllib.parse.quote(f"{bucket}/{key}"), b"", {})


def put_object(bucket, key, content):
    """Writes an object of S3."""
    call("s3", "PUT", "/" + urllib.parse.quote(f"{bucket}/{key}"), content, {})


def call(service, method, path, body, headers):
    """One request, signed with Signature Version 4; the body of its answer."""
    region = os.environ["AWS_REGION"]
    endpoint = os.environ.get("AWS_ENDPOINT_URL") or f"https://{service}.{region}.amazonaws.com"
    time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    headers = dict(headers)
    headers["host"] = urllib.parse.urlsplit(endpoint).netloc
    headers["x-amz-date"] = time
    headers["x-amz-content-sha256"] = digest
    if os.environ.get("AWS_SESSION_TOKEN"):
        headers["x-amz-security-token"] = os.environ["AWS_SESSION_TOKEN"]
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join([method, path, "", lines, names, digest])
    scope = f"{time[:8]}/{region}/{service}/aws4_request"
    text = "\n".join([ALGORITHM, time, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (
        f"{ALGORITHM} Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    wanted = urllib.request.Request(endpoint + path, body or None, headers, method=method)
    with urllib.request.urlopen(wanted, timeout=5) as answer:
        return answer.read()
