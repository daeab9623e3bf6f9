"""Holds recorded requests against botocore's service models.

Argument: a JSON file with the requests and with words that the client's sources hold. Prints, as JSON, what is
wrong with each request and which operations of the models the words name.
"""

import base64
import datetime
import hashlib
import json
import re
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

import botocore.loaders
import botocore.model
import botocore.serialize
import botocore.validate

SERVICES = {
    "cloudWatch": "cloudwatch", "ssoOIDC": "sso-oidc", "apiGateway": "apigatewayv2", "eventBridge": "events",
}
# Where the client speaks another of a service's protocols than the one that botocore prefers.
PROTOCOLS = {"cloudWatch": "json"}
# Headers of HTTP, of signatures and of the protocols, which are in no model.
TRANSPORT = {
    "host", "accept", "accept-encoding", "user-agent", "content-length", "content-type", "authorization",
    "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "amz-sdk-invocation-id", "amz-sdk-request",
    "x-amz-target", "x-amzn-query-mode",
}
# Java's classes in patterns, as Python writes them.
CLASSES = {r"\p{Z}": r"\s", r"\p{N}": r"\d", r"\p{Alnum}": "a-zA-Z0-9", r"\p{Graph}": "!-~"}

loader = botocore.loaders.Loader()
models = {}


def model(service):
    if service not in models:
        name = SERVICES.get(service, service)
        models[service] = botocore.model.ServiceModel(loader.load_service_model(name, "service-2"), name)
    return models[service]


class Wrong(Exception):
    """A value that the model has no place for."""


def encoded(text, keeping=""):
    return urllib.parse.quote(text, safe="-_.~" + keeping)


def key_of(shape, name):
    return shape.members[name].serialization.get("name", name)


def scalar(shape, text, path):
    """The value of text in a path, query, header, form or document."""
    kind = shape.type_name
    if kind == "boolean":
        if text not in ("true", "false"):
            raise Wrong(f"{path}: {text!r} is no truth value")
        return text == "true"
    if kind in ("integer", "long"):
        return int(text)
    if kind in ("float", "double"):
        return float(text)
    if kind == "timestamp":
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if kind == "blob":
        return base64.b64decode(text, validate=True)
    return text


def from_json(shape, value, path):
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            raise Wrong(f"{path}: {value!r} is no object")
        names = {key_of(shape, name): name for name in shape.members if "location" not in shape.members[name].serialization}
        unknown = [key for key in value if key not in names]
        if unknown:
            raise Wrong(f"{path}: the body has no place for {', '.join(unknown)}")
        return {names[key]: from_json(shape.members[names[key]], item, f"{path}.{key}") for key, item in value.items()}
    if kind == "list":
        if not isinstance(value, list):
            raise Wrong(f"{path}: {value!r} is no list")
        return [from_json(shape.member, item, f"{path}[{index}]") for index, item in enumerate(value)]
    if kind == "map":
        return {key: from_json(shape.value, item, f"{path}.{key}") for key, item in value.items()}
    if kind == "timestamp":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Wrong(f"{path}: {value!r} is no number of seconds")
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    if kind == "blob":
        return base64.b64decode(value, validate=True)
    return value


def from_form(shape, tree, path):
    kind = shape.type_name
    if kind == "structure":
        names = {key_of(shape, name): name for name in shape.members}
        unknown = [key for key in tree if key not in names]
        if unknown:
            raise Wrong(f"{path}: no parameter is called {', '.join(unknown)}")
        return {names[key]: from_form(shape.members[names[key]], item, f"{path}.{key}") for key, item in tree.items()}
    if kind == "map":
        entries = tree["entry"]
        pairs = [entries[str(index + 1)] for index in range(len(entries))]
        return {pair["key"]: from_form(shape.value, pair["value"], f"{path}.{pair['key']}") for pair in pairs}
    if kind == "list":
        items = tree["member"]
        return [from_form(shape.member, items[str(index + 1)], f"{path}[{index}]") for index in range(len(items))]
    return scalar(shape, tree, path)


def from_xml(shape, element, path):
    if shape.type_name != "structure":
        return scalar(shape, element.text or "", path)
    names = {key_of(shape, name): name for name in shape.members}
    found = {}
    for child in element:
        tag = child.tag.split("}")[-1]
        if tag not in names:
            raise Wrong(f"{path}: no element is called {tag}")
        member = shape.members[names[tag]]
        if member.type_name == "list":
            if not member.serialization.get("flattened"):
                raise Wrong(f"{path}.{tag}: a list that is not flat")
            found.setdefault(names[tag], []).append(from_xml(member.member, child, f"{path}.{tag}"))
        else:
            found[names[tag]] = from_xml(member, child, f"{path}.{tag}")
    return found


def limits(shape, value, path):
    """Where a value is not within its model's enums, patterns and bounds."""
    kind = shape.type_name
    bounds = shape.metadata
    size = value if kind in ("integer", "long", "float", "double") else None
    if kind in ("string", "blob", "list", "map"):
        size = len(value)
    if size is not None and not bounds.get("min", size) <= size <= bounds.get("max", size):
        yield f"{path}: {size} is not within {bounds.get('min')} and {bounds.get('max')}"
    if kind == "structure":
        for name, item in value.items():
            yield from limits(shape.members[name], item, f"{path}.{name}")
    elif kind == "list":
        for index, item in enumerate(value):
            yield from limits(shape.member, item, f"{path}[{index}]")
    elif kind == "map":
        for name, item in value.items():
            yield from limits(shape.key, name, f"{path} key {name}")
            yield from limits(shape.value, item, f"{path}.{name}")
    elif kind == "string":
        if shape.enum and value not in shape.enum:
            yield f"{path}: {value!r} is none of {shape.enum}"
        pattern = bounds.get("pattern")
        if pattern and not matches(pattern, value):
            yield f"{path}: {value!r} does not match {pattern}"


def with_letters(bracket):
    """A bracket with all letters in it as Python writes it, which has no class of its own for them."""
    if r"\p{L}" not in bracket[0]:
        return bracket[0]
    rest = bracket[0].replace(r"\p{L}", "")
    assert not rest.startswith("[^"), bracket[0]
    return r"[^\W\d_]" if rest == "[]" else rf"(?:[^\W\d_]|{rest})"


def matches(pattern, value):
    """Whether a value is all of what a pattern in Java's words describes."""
    pattern = re.sub(r"\[(?:\\.|[^\]\\])*\]", with_letters, pattern)
    for java, python in CLASSES.items():
        pattern = pattern.replace(java, python)
    return re.fullmatch(pattern, value, re.DOTALL) is not None


class Request:
    def __init__(self, recorded):
        self.service = recorded["service"]
        self.method = recorded["method"]
        self.path, _, self.query = recorded["target"].partition("?")
        self.headers = [(name.lower(), value) for name, value in recorded["headers"]]
        self.header = dict(self.headers)
        self.body = base64.b64decode(recorded["body"])
        self.model = model(self.service)
        self.operation = self.model.operation_model(recorded["operation"])
        self.shape = self.operation.input_shape or botocore.model.StructureShape("Nothing", {"type": "structure", "members": {}})
        self.protocol = PROTOCOLS.get(self.service, self.model.metadata["protocol"])
        self.params = {}

    def members(self, location):
        return {
            member.serialization.get("name", name): name
            for name, member in self.shape.members.items()
            if member.serialization.get("location") == location
        }

    def problems(self):
        try:
            yield from self.read()
        except (Wrong, ValueError, KeyError, TypeError, AttributeError) as error:
            yield f"{type(error).__name__}: {error}"
            return
        report = botocore.validate.ParamValidator().validate(self.params, self.shape)
        if report.has_errors():
            yield report.generate_report()
            return
        yield from limits(self.shape, self.params, "input")
        yield from self.called_later()
        yield from self.compare()

    def called_later(self):
        """What is wrong with the request that a schedule is to make of an operation of AWS."""
        target = self.params.get("Target", {}) if self.service == "scheduler" else {}
        found = re.fullmatch(r"arn:aws[a-z-]*:scheduler:::aws-sdk:(\w+):(\w+)", target.get("Arn", ""))
        if not found:
            return
        service, operation = found[1], found[2][0].upper() + found[2][1:]
        shape = model(service).operation_model(operation).input_shape
        params = json.loads(target["Input"])
        report = botocore.validate.ParamValidator().validate(params, shape)
        if report.has_errors():
            yield f"{operation}: {report.generate_report()}"
        else:
            yield from limits(shape, params, operation)

    def read(self):
        if self.method != self.operation.http["method"]:
            yield f"the method is {self.method} and should be {self.operation.http['method']}"
        template, _, fixed = self.operation.http["requestUri"].partition("?")
        yield from self.read_path(template)
        yield from self.read_query(fixed)
        yield from self.read_headers()
        yield from self.read_signature()
        yield from self.read_body()

    def read_path(self, template):
        pattern = re.sub(r"\\{(\w+)(\\\+)?\\}", lambda m: f"(?P<{m[1]}>{'.+' if m[2] else '[^/]+'})", re.escape(template))
        match = re.fullmatch(pattern, self.path)
        if not match:
            raise Wrong(f"the path {self.path} is not {template}")
        labels = self.members("uri")
        for label, raw in match.groupdict().items():
            text = urllib.parse.unquote(raw, errors="strict")
            if encoded(text, "/" if f"{{{label}+}}" in template else "") != raw:
                yield f"the path's {raw} is not encoded as AWS wants it"
            name = labels[label]
            self.params[name] = scalar(self.shape.members[name], text, name)

    def read_query(self, fixed):
        names = self.members("querystring")
        for pair in self.query.split("&") if self.query else []:
            key, _, raw = pair.partition("=")
            value = urllib.parse.unquote(raw, errors="strict")
            if encoded(value) != raw:
                yield f"the query's {raw} is not encoded as AWS wants it"
            if key and (key, value) == tuple(fixed.split("=") if "=" in fixed else (fixed, "")):
                fixed = ""
            elif key not in names:
                yield f"no parameter of the query is called {key}"
            elif self.shape.members[names[key]].type_name == "list":
                self.params.setdefault(names[key], []).append(value)
            else:
                self.params[names[key]] = scalar(self.shape.members[names[key]], value, key)
        if fixed:
            yield f"the query lacks {fixed}"

    def read_headers(self):
        names = {key.lower(): name for key, name in self.members("header").items()}
        for header, value in self.headers:
            if header == "content-length":
                if int(value) != len(self.body):
                    yield f"Content-Length is {value} for {len(self.body)} bytes"
            elif header in names:
                self.params[names[header]] = scalar(self.shape.members[names[header]], value, header)
            elif header not in TRANSPORT:
                yield f"no header is called {header}"
        doubled = {name for name in self.header if sum(name == other for other, _ in self.headers) > 1}
        if doubled:
            yield f"headers that come twice: {doubled}"
        digest = self.header.get("x-amz-content-sha256")
        if self.service == "s3" and digest != hashlib.sha256(self.body).hexdigest():
            yield f"x-amz-content-sha256 is {digest}, which is not the body's"
        checksum = self.header.get("x-amz-checksum-sha256")
        if checksum and base64.b64decode(checksum) != hashlib.sha256(self.body).digest():
            yield f"x-amz-checksum-sha256 is {checksum}, which is not the body's"

    def read_signature(self):
        authorization = self.header.get("authorization")
        if self.operation.auth_type == "none":
            if authorization:
                yield "it is signed, and the operation takes no signature"
            return
        name = self.model.signing_name
        if f"/{name}/aws4_request" not in (authorization or ""):
            yield f"it is not signed for {name}: {authorization}"

    def read_body(self):
        content = self.header.get("content-type", "")
        metadata = self.model.metadata
        if self.protocol == "json":
            wanted = f"application/x-amz-json-{metadata['jsonVersion']}"
            if content != wanted:
                yield f"the content type is {content} and should be {wanted}"
            target = f"{metadata['targetPrefix']}.{self.operation.name}"
            if self.header.get("x-amz-target") != target:
                yield f"the target is {self.header.get('x-amz-target')} and should be {target}"
            self.params.update(from_json(self.shape, json.loads(self.body), "body"))
        elif self.protocol == "query":
            if not content.startswith("application/x-www-form-urlencoded"):
                yield f"the content type is {content}"
            yield from self.read_form()
        else:
            yield from self.read_payload(content)

    def read_form(self):
        tree = {}
        for pair in self.body.decode().split("&"):
            key, _, raw = pair.partition("=")
            node = tree
            *outer, last = urllib.parse.unquote_plus(key).split(".")
            for part in outer:
                node = node.setdefault(part, {})
            if last in node:
                yield f"{key} comes twice"
            node[last] = urllib.parse.unquote_plus(raw, errors="strict")
        for key, wanted in (("Action", self.operation.name), ("Version", self.model.metadata["apiVersion"])):
            if tree.pop(key, None) != wanted:
                yield f"{key} is not {wanted}"
        self.params.update(from_form(self.shape, tree, "form"))

    def read_payload(self, content):
        payload = self.shape.serialization.get("payload")
        if payload:
            shape = self.shape.members[payload]
            if shape.type_name == "blob":
                self.params[payload] = self.body
            elif self.body:
                root = ElementTree.fromstring(self.body)
                wanted = f"{{{shape.serialization['xmlNamespace']['uri']}}}{shape.serialization['name']}"
                if root.tag != wanted:
                    yield f"the document is {root.tag} and should be {wanted}"
                self.params[payload] = from_xml(shape, root, "body")
        elif any("location" not in member.serialization for member in self.shape.members.values()):
            if content != "application/json":
                yield f"the content type is {content} and should be application/json"
            self.params.update(from_json(self.shape, json.loads(self.body), "body"))
        elif self.body:
            yield f"it has a body, and the operation has none: {self.body[:80]}"

    def compare(self):
        """Whether botocore makes the same request of what the request says."""
        serializer = botocore.serialize.create_serializer(self.protocol, include_validation=False)
        made = serializer.serialize_to_request(self.params, self.operation)
        path, _, fixed = made["url_path"].partition("?")
        if path != self.path:
            yield f"botocore would send the path {path} instead of {self.path}"
        query = sorted((key, urllib.parse.unquote(value)) for key, _, value in (p.partition("=") for p in self.query.split("&") if p))
        items = [tuple(fixed.split("=")) if "=" in fixed else (fixed, "")] if fixed else []
        for key, value in dict(made["query_string"]).items():
            items += [(key, str(item)) for item in (value if isinstance(value, list) else [value])]
        if sorted(items) != query:
            yield f"botocore would send the query {sorted(items)} instead of {query}"
        for name, value in made["headers"].items():
            if name.lower() != "content-type" and self.header.get(name.lower()) != value:
                yield f"botocore would send the header {name}: {value} instead of {self.header.get(name.lower())}"
        if not self.same_body(made["body"]):
            yield f"botocore would send the body {made['body']!r} instead of {self.body!r}"

    def same_body(self, body):
        if isinstance(body, dict):
            form = dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))
            return {key: str(value) for key, value in body.items()} == form
        body = body.encode() if isinstance(body, str) else bytes(body)
        if body == self.body:
            return True
        if self.protocol == "rest-xml":
            return ElementTree.canonicalize(body) == ElementTree.canonicalize(self.body)
        return json.loads(body) == json.loads(self.body)


def main():
    with open(sys.argv[1]) as file:
        given = json.load(file)
    problems = []
    for recorded in given["requests"]:
        for problem in Request(recorded).problems():
            problems.append(f"{recorded['case']}: {recorded['service']} {recorded['operation']}: {problem}")
    words = set(given["words"])
    known = sorted({name for service in given["services"] for name in model(service).operation_names if name in words})
    print(json.dumps({"problems": problems, "named": known}, indent=1))


main()
