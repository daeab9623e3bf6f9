"""Signs requests with botocore's signers. Argument: a JSON file with the requests. Prints their Authorization
headers as a JSON list.
"""

import json
import sys

import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials

TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


def sign(given):
    credentials = botocore.credentials.Credentials(given["keyID"], given["secret"], given.get("token"))
    kind = botocore.auth.S3SigV4Auth if given["service"] == "s3" else botocore.auth.SigV4Auth
    signer = kind(credentials, given["service"], given["region"])
    request = botocore.awsrequest.AWSRequest(
        method=given["method"], url=given["scheme"] + "://" + given["host"] + given["path"],
        data=given["body"].encode(), params=[tuple(pair) for pair in given["query"]])
    for name, value in given["headers"]:
        request.headers.add_header(name, value)
    request.context["timestamp"] = given["date"]
    if given["payload"] == "UNSIGNED-PAYLOAD":
        request.context["payload_signing_enabled"] = False
        request.context["client_config"] = botocore.config.Config(s3={"payload_signing_enabled": False})
    elif given["payload"] == TRAILER:
        request.context["checksum"] = {"request_algorithm": {"in": "trailer", "algorithm": "sha256", "name": "x"}}
    else:
        request.context["client_config"] = botocore.config.Config(s3={"payload_signing_enabled": True})
    # What add_auth does, but for the date.
    signer._modify_request_before_signing(request)
    text = signer.canonical_request(request)
    signer._inject_signature_to_request(request, signer.signature(signer.string_to_sign(request, text), request))
    return {"authorization": request.headers["Authorization"], "canonical": text}


with open(sys.argv[1]) as file:
    print(json.dumps([sign(given) for given in json.load(file)], indent=1))
