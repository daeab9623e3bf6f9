"""Calls everything that a sandbox offers with boto3.

Argument: a JSON file with the sandbox's endpoint and the words of its sources. Prints, as JSON, what is wrong with its
answers and which operations it offers that were not called.
"""

import datetime
import io
import json
import sys
import time
import zipfile

import boto3
import botocore.config
import botocore.exceptions

SERVICES = [
    "lambda", "cloudwatch", "logs", "sts", "s3", "ssm", "scheduler", "apigatewayv2", "sqs", "events", "sns",
]
# Codes that services share and that their models therefore leave out.
COMMON = {
    "ValidationError", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
    "InvalidSignatureException", "InvalidAccessKeyId", "PreconditionFailed", "404",
    "ValidationException", "InvalidArgument", "AccessDenied", "InvalidPartOrder", "InvalidPart", "EntityTooSmall",
}
# Lambda answers with it, and its own model lacks it.
UNKNOWN_VALUES = {("LastUpdateStatusReasonCode", "Creating")}
ROLE = "arn:aws:iam::000000000000:role/orders"

with open(sys.argv[1]) as file:
    given = json.load(file)
problems = []
called = set()


def examine(shape, value, path):
    """What of a JSON answer the model does not know."""
    kind = shape.type_name
    if value is None:
        problems.append(f"{path} is null")
    elif kind == "structure":
        if not isinstance(value, dict):
            problems.append(f"{path} is no object")
            return
        names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for key, item in value.items():
            if key in names:
                examine(names[key], item, f"{path}.{key}")
            else:
                problems.append(f"{path} has a member {key}, which no model knows")
        for name in shape.required_members:
            member = shape.members[name]
            if "location" not in member.serialization and member.serialization.get("name", name) not in value:
                problems.append(f"{path} lacks {name}")
    elif kind == "list":
        for index, item in enumerate(value):
            examine(shape.member, item, f"{path}[{index}]")
    elif kind == "map":
        for key, item in value.items():
            examine(shape.value, item, f"{path}.{key}")
    else:
        types = {"string": str, "boolean": bool, "integer": int, "long": int, "timestamp": (int, float, str)}
        wanted = types.get(kind, (int, float) if kind in ("float", "double") else object)
        if not isinstance(value, wanted) or (isinstance(value, bool) and kind != "boolean"):
            problems.append(f"{path} is {value!r} and should be of type {kind}")
        elif kind == "string" and shape.enum and value not in shape.enum and (path.split(".")[-1], value) not in UNKNOWN_VALUES:
            problems.append(f"{path} is {value!r}, none of {shape.enum}")


def answered(http_response, parsed, model, **_):
    called.add(model.name)
    status = http_response.status_code
    if status >= 300:
        return
    wanted = model.http.get("responseCode")
    shape = model.output_shape
    # Where the status is a member of the answer there may be several.
    varies = shape is not None and any(m.serialization.get("location") == "statusCode" for m in shape.members.values())
    if wanted and wanted != status and not varies:
        problems.append(f"{model.name} answered {status} and should answer {wanted}")
    type = http_response.headers.get("content-type", "")
    if shape is not None and "json" in type and "payload" not in shape.serialization:
        examine(shape, json.loads(http_response.content), model.name)
    elif shape is None and "xml" not in type and http_response.content.strip() not in (b"", b"{}"):
        problems.append(f"{model.name} has a body, and its model has none: {http_response.content[:80]}")


def client(service, **options):
    made = boto3.client(
        service, endpoint_url=given["endpoint"], region_name=given["region"],
        config=botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}), **options)
    made.meta.events.register("after-call", answered)
    return made


def refused(code, status, call, **parameters):
    """Makes a call that fails with a code that botocore has a class for."""
    maker = call.__self__
    try:
        call(**parameters)
    except botocore.exceptions.ClientError as error:
        found = error.response["Error"]["Code"]
        answer = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if (found, answer) != (code, status):
            problems.append(f"{call.__name__} failed with {answer} {found} instead of {status} {code}: {error}")
        elif found not in COMMON and type(error) is botocore.exceptions.ClientError:
            problems.append(f"{call.__name__}: botocore has no class for {found}")
        elif found != "404" and not error.response["Error"].get("Message"):
            if found != "ParameterNotFound":
                problems.append(f"{call.__name__} failed with {found} and without a message")
        if not error.response["ResponseMetadata"].get("RequestId"):
            problems.append(f"{call.__name__} failed without a request id")
    else:
        problems.append(f"{call.__name__} did not fail with {code}")
    return maker


def expect(condition, what):
    if not condition:
        problems.append(what)


def package(answer):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("app.py", f"def handler(event, context):\n    print('seen')\n    return {answer}\n")
    return file.getvalue()


def functions():
    aws = client("lambda")
    waits = {"Delay": 0.05, "MaxAttempts": 600}
    made = aws.create_function(
        FunctionName="orders", Runtime="python3.12", Role=ROLE, Handler="app.handler", Code={"ZipFile": package("1")},
        Description="Größe", Timeout=10, MemorySize=256, Environment={"Variables": {"AB": "b"}}, Tags={"team": "shop"},
        Architectures=["x86_64"], EphemeralStorage={"Size": 1024}, TracingConfig={"Mode": "Active"},
        LoggingConfig={"LogFormat": "Text"}, Layers=[])
    arn = made["FunctionArn"]
    aws.get_waiter("function_active_v2").wait(FunctionName="orders", WaiterConfig=waits)
    expect(aws.get_function(FunctionName=arn)["Tags"] == {"team": "shop"}, "the tags are lost")
    aws.get_function_configuration(FunctionName="orders", Qualifier="$LATEST")
    refused("ResourceConflictException", 409, aws.create_function, FunctionName="orders", Runtime="python3.12", Role=ROLE,
            Handler="app.handler", Code={"ZipFile": package("1")})
    refused("InvalidParameterValueException", 400, aws.create_function, FunctionName="broken", Runtime="python3.12",
            Role=ROLE, Handler="app.handler", Code={"ZipFile": b"no zip"})
    refused("ResourceNotFoundException", 404, aws.get_function, FunctionName="missing")
    refused("ResourceNotFoundException", 404, aws.get_function, FunctionName="orders", Qualifier="9")
    first = aws.publish_version(FunctionName="orders", Description="first", CodeSha256=made["CodeSha256"])
    expect(first["Version"] == "1" and first["Description"] == "first", f"the first version is {first['Version']}")
    aws.update_function_code(FunctionName="orders", ZipFile=package("2"), Architectures=["x86_64"])
    aws.get_waiter("function_updated_v2").wait(FunctionName="orders", WaiterConfig=waits)
    changed = aws.update_function_configuration(FunctionName="orders", Timeout=5, Environment={"Variables": {"AB": "c"}})
    aws.get_waiter("function_updated_v2").wait(FunctionName="orders", WaiterConfig=waits)
    refused("PreconditionFailedException", 412, aws.update_function_configuration, FunctionName="orders", Timeout=6,
            RevisionId="stale")
    refused("InvalidParameterValueException", 400, aws.publish_version, FunctionName="orders",
            CodeSha256=made["CodeSha256"])
    refused("PreconditionFailedException", 412, aws.publish_version, FunctionName="orders",
            RevisionId=changed["RevisionId"] + "x")
    aws.publish_version(FunctionName="orders")
    pages = aws.get_paginator("list_versions_by_function").paginate(
        FunctionName="orders", PaginationConfig={"PageSize": 1})
    listed = [version["Version"] for page in pages for version in page["Versions"]]
    expect(listed == ["$LATEST", "1", "2"], f"the versions are {listed}")
    aliases(aws)
    invocations(aws)
    settings(aws, arn)
    layers(aws)
    pages = aws.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
    expect([item["FunctionName"] for page in pages for item in page["Functions"]] == ["orders"], "the list is wrong")
    refused("ResourceConflictException", 409, aws.delete_function, FunctionName="orders", Qualifier="1")
    aws.delete_alias(FunctionName="orders", Name="live")
    aws.delete_function(FunctionName="orders", Qualifier="1")
    aws.delete_function(FunctionName="orders")
    refused("ResourceNotFoundException", 404, aws.delete_function, FunctionName="orders")


def aliases(aws):
    alias = aws.create_alias(FunctionName="orders", Name="live", FunctionVersion="1", Description="p=1")
    refused("ResourceConflictException", 409, aws.create_alias, FunctionName="orders", Name="live", FunctionVersion="1")
    refused("ResourceNotFoundException", 404, aws.create_alias, FunctionName="orders", Name="next", FunctionVersion="9")
    refused("ResourceNotFoundException", 404, aws.get_alias, FunctionName="orders", Name="next")
    refused("PreconditionFailedException", 412, aws.update_alias, FunctionName="orders", Name="live", RevisionId="stale")
    refused("InvalidParameterValueException", 400, aws.update_alias, FunctionName="orders", Name="live",
            RoutingConfig={"AdditionalVersionWeights": {"1": 0.5}})
    aws.update_alias(FunctionName="orders", Name="live", RevisionId=alias["RevisionId"],
                     RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}})
    there = aws.get_alias(FunctionName="orders", Name="live")
    expect(there["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.25}}, f"the alias is {there}")
    listed = aws.list_aliases(FunctionName="orders", FunctionVersion="1")["Aliases"]
    expect([alias["Name"] for alias in listed] == ["live"], f"the aliases are {listed}")


def invocations(aws):
    answer = aws.invoke(FunctionName="orders", Qualifier="live", Payload=b"{}", LogType="Tail")
    expect(answer["ExecutedVersion"] in ("1", "2"), f"version {answer.get('ExecutedVersion')} ran")
    expect(answer["Payload"].read().decode() == answer["ExecutedVersion"], "another version answered")
    expect(answer["StatusCode"] == 200 and "LogResult" in answer, f"the invocation came to {answer}")
    expect(aws.invoke(FunctionName="orders", InvocationType="Event", Payload=b"{}")["StatusCode"] == 202, "no 202")
    expect(aws.invoke(FunctionName="orders", InvocationType="DryRun", Payload=b"{}")["StatusCode"] == 204, "no 204")
    refused("InvalidRequestContentException", 400, aws.invoke, FunctionName="orders", Payload=b"{")
    refused("ResourceNotFoundException", 404, aws.invoke, FunctionName="missing", Payload=b"{}")
    refused("RequestTooLargeException", 413, aws.invoke, FunctionName="orders", Payload=b'"' + b"a" * 6_291_456 + b'"')


def layers(aws):
    made = aws.publish_layer_version(
        LayerName="common", Description="one", Content={"ZipFile": package(1)}, CompatibleRuntimes=["python3.12"],
        CompatibleArchitectures=["arm64"], LicenseInfo="MIT")
    aws.publish_layer_version(LayerName="common", Content={"ZipFile": package(2)})
    arn = made["LayerVersionArn"]
    pages = aws.get_paginator("list_layer_versions").paginate(LayerName="common", PaginationConfig={"PageSize": 1})
    listed = [version["Version"] for page in pages for version in page["LayerVersions"]]
    expect(listed == [2, 1], f"the versions of the layer are {listed}")
    there = aws.get_layer_version(LayerName="common", VersionNumber=1)
    expect(there["CompatibleArchitectures"] == ["arm64"], f"the layer is {there}")
    expect(aws.get_layer_version_by_arn(Arn=arn)["Version"] == 1, "the layer is not found by its ARN")
    refused("ResourceNotFoundException", 404, aws.get_layer_version, LayerName="common", VersionNumber=9)
    refused("InvalidParameterValueException", 400, aws.update_function_configuration, FunctionName="orders",
            Layers=[arn[:-1] + "9"])
    aws.update_function_configuration(FunctionName="orders", Layers=[arn])
    aws.get_waiter("function_updated_v2").wait(
        FunctionName="orders", WaiterConfig={"Delay": 0.05, "MaxAttempts": 200})
    aws.delete_layer_version(LayerName="common", VersionNumber=1)
    refused("ResourceNotFoundException", 404, aws.get_layer_version, LayerName="common", VersionNumber=1)


def urls(aws, arn):
    refused("ResourceNotFoundException", 404, aws.get_function_url_config, FunctionName="orders")
    made = aws.create_function_url_config(FunctionName="orders", AuthType="AWS_IAM")
    refused("ResourceConflictException", 409, aws.create_function_url_config, FunctionName="orders", AuthType="NONE")
    aws.create_function_url_config(FunctionName="orders", Qualifier="live", AuthType="NONE")
    refused("ResourceNotFoundException", 404, aws.create_function_url_config, FunctionName="orders", Qualifier="none",
            AuthType="NONE")
    changed = aws.update_function_url_config(FunctionName="orders", AuthType="NONE", Cors={"AllowOrigins": ["*"]})
    expect(changed["FunctionUrl"] == made["FunctionUrl"] and made["FunctionArn"] == arn, f"the URL is {changed}")
    expect(aws.get_function_url_config(FunctionName="orders")["AuthType"] == "NONE", "the URL was not changed")
    listed = [item["FunctionArn"] for item in aws.list_function_url_configs(FunctionName="orders")["FunctionUrlConfigs"]]
    expect(listed == [arn, arn + ":live"], f"the URLs are {listed}")
    aws.delete_function_url_config(FunctionName="orders")
    aws.delete_function_url_config(FunctionName="orders", Qualifier="live")
    refused("ResourceNotFoundException", 404, aws.delete_function_url_config, FunctionName="orders")


def settled(aws, uuid, state):
    """Waits until a mapping is in a state; None for gone."""
    for _ in range(600):
        try:
            found = aws.get_event_source_mapping(UUID=uuid)["State"]
        except aws.exceptions.ResourceNotFoundException:
            found = None
        if found == state:
            return
        time.sleep(0.02)
    problems.append(f"the mapping is {found} and does not become {state}")


def mappings(aws, arn):
    queue = f"arn:aws:sqs:{given['region']}:{given['account']}:jobs"
    wanted = {"FunctionName": "orders", "EventSourceArn": queue}
    refused("InvalidParameterValueException", 400, aws.create_event_source_mapping, **wanted)
    client("sqs").create_queue(QueueName="jobs")
    filters = {"Filters": [{"Pattern": json.dumps({"body": {"kind": ["paid"]}})}]}
    made = aws.create_event_source_mapping(
        BatchSize=5, FunctionResponseTypes=["ReportBatchItemFailures"], FilterCriteria=filters,
        ScalingConfig={"MaximumConcurrency": 2}, Tags={"lamctl": "shop"}, **wanted)
    refused("ResourceConflictException", 409, aws.create_event_source_mapping, **wanted)
    refused("ResourceNotFoundException", 404, aws.create_event_source_mapping, **{**wanted, "FunctionName": "missing"})
    expect((made["FunctionArn"], made["State"], made["BatchSize"]) == (arn, "Creating", 5), f"the mapping is {made}")
    expect(made["FilterCriteria"] == filters, f"the filters are {made['FilterCriteria']}")
    tags = aws.list_tags(Resource=made["EventSourceMappingArn"])["Tags"]
    expect(tags == {"lamctl": "shop"}, f"the mapping's tags are {tags}")
    settled(aws, made["UUID"], "Enabled")
    moved = aws.update_event_source_mapping(
        UUID=made["UUID"], FunctionName="orders:live", Enabled=False, FilterCriteria={}, ScalingConfig={})
    expect((moved["FunctionArn"], moved["State"]) == (arn + ":live", "Disabling"), f"the mapping is {moved}")
    expect("FilterCriteria" not in moved and "ScalingConfig" not in moved, f"the mapping is {moved}")
    settled(aws, made["UUID"], "Disabled")
    shown = aws.get_event_source_mapping(UUID=made["UUID"])
    expect(isinstance(shown["LastModified"], datetime.datetime), f"the times are {shown['LastModified']}")
    listed = aws.list_event_source_mappings(FunctionName="orders")["EventSourceMappings"]
    expect([item["UUID"] for item in listed] == [made["UUID"]], f"the mappings are {listed}")
    expect(aws.list_event_source_mappings(EventSourceArn=queue + "2")["EventSourceMappings"] == [], "too many mappings")
    expect(aws.delete_event_source_mapping(UUID=made["UUID"])["State"] == "Deleting", "the mapping is not deleted")
    settled(aws, made["UUID"], None)


def own_settings(aws):
    aws.get_runtime_management_config(FunctionName="orders")
    put = aws.put_runtime_management_config(FunctionName="orders", UpdateRuntimeOn="FunctionUpdate")
    expect(put["UpdateRuntimeOn"] == "FunctionUpdate", f"the runtime management is {put}")
    refused("InvalidParameterValueException", 400, aws.put_runtime_management_config, FunctionName="orders",
            UpdateRuntimeOn="Manual")
    signing = "arn:aws:lambda:eu-west-1:000000000000:code-signing-config:csc-0123456789abcdef0"
    aws.put_function_code_signing_config(FunctionName="orders", CodeSigningConfigArn=signing)
    shown = aws.get_function_code_signing_config(FunctionName="orders")
    expect(shown["CodeSigningConfigArn"] == signing, f"the code signing is {shown}")
    aws.delete_function_code_signing_config(FunctionName="orders")
    put = aws.put_function_recursion_config(FunctionName="orders", RecursiveLoop="Allow")
    expect(put["RecursiveLoop"] == "Allow", f"the recursion is {put}")
    shown = aws.get_function_recursion_config(FunctionName="orders")
    expect(shown["RecursiveLoop"] == "Allow", f"the recursion is {shown}")


def settings(aws, arn):
    aws.put_function_concurrency(FunctionName="orders", ReservedConcurrentExecutions=5)
    aws.get_function_concurrency(FunctionName="orders")
    aws.delete_function_concurrency(FunctionName="orders")
    refused("InvalidParameterValueException", 400, aws.put_function_concurrency, FunctionName="orders",
            ReservedConcurrentExecutions=1_000)
    refused("ProvisionedConcurrencyConfigNotFoundException", 404, aws.get_provisioned_concurrency_config,
            FunctionName="orders", Qualifier="live")
    refused("InvalidParameterValueException", 400, aws.put_provisioned_concurrency_config, FunctionName="orders",
            Qualifier="live", ProvisionedConcurrentExecutions=2)
    aws.update_alias(FunctionName="orders", Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    refused("InvalidParameterValueException", 400, aws.put_provisioned_concurrency_config, FunctionName="orders",
            Qualifier="$LATEST", ProvisionedConcurrentExecutions=2)
    refused("ResourceNotFoundException", 404, aws.put_provisioned_concurrency_config, FunctionName="orders",
            Qualifier="next", ProvisionedConcurrentExecutions=2)
    refused("InvalidParameterValueException", 400, aws.put_provisioned_concurrency_config, FunctionName="orders",
            Qualifier="live", ProvisionedConcurrentExecutions=5_000)
    put = aws.put_provisioned_concurrency_config(
        FunctionName="orders", Qualifier="live", ProvisionedConcurrentExecutions=2)
    expect(put["Status"] == "IN_PROGRESS", f"the provisioned concurrency is {put}")
    for _ in range(100):
        got = aws.get_provisioned_concurrency_config(FunctionName="orders", Qualifier="live")
        if got["Status"] == "READY":
            break
        time.sleep(0.05)
    expect((got["Status"], got["AllocatedProvisionedConcurrentExecutions"]) == ("READY", 2), f"it stays {got}")
    refused("InvalidParameterValueException", 400, aws.update_alias, FunctionName="orders", Name="live",
            RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}})
    refused("ResourceConflictException", 409, aws.put_provisioned_concurrency_config, FunctionName="orders",
            Qualifier="1", ProvisionedConcurrentExecutions=2)
    listed = aws.list_provisioned_concurrency_configs(FunctionName="orders")["ProvisionedConcurrencyConfigs"]
    expect([item["FunctionArn"] for item in listed] == [arn + ":live"], f"the configurations are {listed}")
    aws.delete_provisioned_concurrency_config(FunctionName="orders", Qualifier="live")
    refused("ProvisionedConcurrencyConfigNotFoundException", 404, aws.get_provisioned_concurrency_config,
            FunctionName="orders", Qualifier="live")
    refused("ResourceNotFoundException", 404, aws.get_function_event_invoke_config, FunctionName="orders")
    own_settings(aws)
    urls(aws, arn)
    mappings(aws, arn)
    aws.get_account_settings()
    aws.tag_resource(Resource=arn, Tags={"a:b": "é", "gone": ""})
    aws.untag_resource(Resource=arn, TagKeys=["gone", "other"])
    tags = aws.list_tags(Resource=arn)["Tags"]
    expect(tags == {"team": "shop", "a:b": "é"}, f"the tags are {tags}")
    refused("ResourceNotFoundException", 404, aws.list_tags, Resource=arn.replace("orders", "missing"))
    statement = {"FunctionName": "orders", "StatementId": "events", "Action": "lambda:InvokeFunction",
                 "Principal": "events.amazonaws.com"}
    refused("ResourceNotFoundException", 404, aws.get_policy, FunctionName="orders")
    json.loads(aws.add_permission(**statement)["Statement"])
    refused("ResourceConflictException", 409, aws.add_permission, **statement)
    json.loads(aws.get_policy(FunctionName="orders")["Policy"])
    aws.remove_permission(FunctionName="orders", StatementId="events")
    refused("ResourceNotFoundException", 404, aws.remove_permission, FunctionName="orders", StatementId="events")


def metrics():
    aws = client("cloudwatch")
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    aws.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "Orders", "Value": 3, "Timestamp": now,
                                                       "Dimensions": [{"Name": "Side", "Value": "left"}]}])
    stat = {"Metric": {"Namespace": "Shop", "MetricName": "Orders", "Dimensions": [{"Name": "Side", "Value": "left"}]},
            "Period": 60, "Stat": "Sum"}
    query = {"Id": "q", "MetricStat": stat}
    answer = aws.get_metric_data(MetricDataQueries=[query], StartTime=now - day, EndTime=now + day)
    result = answer["MetricDataResults"][0]
    expect(result["Values"] == [3.0] and result["StatusCode"] == "Complete", f"the series is {result}")
    expect(isinstance(result["Timestamps"][0], datetime.datetime), f"the times are {result['Timestamps']}")
    refused("ValidationError", 400, aws.get_metric_data, MetricDataQueries=[query], StartTime=now, EndTime=now - day)
    refused("InvalidNextToken", 400, aws.get_metric_data, MetricDataQueries=[query], StartTime=now - day, EndTime=now,
            NextToken="nonsense")
    points = aws.get_metric_statistics(
        Namespace="Shop", MetricName="Orders", Dimensions=stat["Metric"]["Dimensions"], StartTime=now - day / 24,
        EndTime=now + day / 24, Period=60, Statistics=["Sum", "Average"], ExtendedStatistics=["p99"])["Datapoints"]
    expect(len(points) == 1 and points[0]["Sum"] == 3, f"the points are {points}")
    refused("InvalidParameterCombination", 400, aws.get_metric_statistics, Namespace="Shop", MetricName="Orders",
            StartTime=now - 30 * day, EndTime=now, Period=60, Statistics=["Sum"])
    listed = aws.list_metrics(Namespace="Shop")["Metrics"]
    expect(listed == [stat["Metric"]], f"the metrics are {listed}")
    refused("InvalidParameterValue", 400, aws.put_metric_data, Namespace="AWS/Lambda",
            MetricData=[{"MetricName": "Errors", "Value": 1}])
    aws.put_metric_alarm(AlarmName="many", Namespace="Shop", MetricName="Orders", Statistic="Sum", Period=60,
                         EvaluationPeriods=1, Threshold=1.5, ComparisonOperator="GreaterThanThreshold",
                         Dimensions=stat["Metric"]["Dimensions"])
    aws.set_alarm_state(AlarmName="many", StateValue="ALARM", StateReason="a test")
    alarms = aws.describe_alarms(AlarmNames=["many"])["MetricAlarms"]
    expect([alarm["StateValue"] for alarm in alarms] == ["ALARM"], f"the alarms are {alarms}")
    refused("ResourceNotFound", 404, aws.set_alarm_state, AlarmName="none", StateValue="OK", StateReason="a test")
    aws.delete_alarms(AlarmNames=["many"])


def logs():
    aws = client("logs")
    group = "/aws/lambda/orders"
    aws.describe_log_groups(logGroupNamePrefix=group)
    streams = aws.describe_log_streams(logGroupName=group)["logStreams"]
    expect(streams, "there are no streams")
    events = aws.filter_log_events(logGroupName=group, filterPattern="seen", limit=5)["events"]
    expect(events and all("seen" in event["message"] for event in events), f"the events are {events}")
    for stream in streams[:1]:
        aws.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True)
    refused("ResourceNotFoundException", 400, aws.filter_log_events, logGroupName="/none")
    refused("ResourceNotFoundException", 400, aws.get_log_events, logGroupName=group, logStreamName="none")
    refused("InvalidParameterException", 400, aws.filter_log_events, logGroupName=group, nextToken="nonsense")


def objects():
    aws = client("s3")
    refused("NoSuchBucket", 404, aws.get_object, Bucket="packages", Key="a")
    aws.create_bucket(Bucket="packages")
    aws.head_bucket(Bucket="packages")
    aws.get_bucket_location(Bucket="packages")
    key = "a b//é+%.zip"
    aws.put_object(Bucket="packages", Key=key, Body=b"content", ChecksumAlgorithm="SHA256")
    aws.put_object(Bucket="packages", Key="stream", Body=io.BytesIO(b"streamed"))
    expect(aws.get_object(Bucket="packages", Key=key)["Body"].read() == b"content", "the object differs")
    expect(aws.get_object(Bucket="packages", Key="stream")["Body"].read() == b"streamed", "the stream differs")
    expect(aws.head_object(Bucket="packages", Key=key)["ContentLength"] == 7, "the length differs")
    refused("PreconditionFailed", 412, aws.put_object, Bucket="packages", Key=key, Body=b"other", IfNoneMatch="*")
    expect(aws.get_object(Bucket="packages", Key=key)["Body"].read() == b"content", "the object was replaced")
    aws.put_object(Bucket="packages", Key="once", Body=b"first", IfNoneMatch="*")
    expect(aws.get_object(Bucket="packages", Key="once")["Body"].read() == b"first", "the object was not made")
    aws.delete_object(Bucket="packages", Key=key)
    refused("NoSuchKey", 404, aws.get_object, Bucket="packages", Key=key)
    refused("404", 404, aws.head_object, Bucket="packages", Key=key)


def install(name):
    """Makes a function and waits for it; its ARN."""
    aws = client("lambda")
    made = aws.create_function(
        FunctionName=name, Runtime="python3.12", Role=ROLE, Handler="app.handler", Code={"ZipFile": package("1")})
    aws.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 600})
    return made["FunctionArn"]


def callers():
    aws = client("lambda")
    function = install("called")
    rules = {"FunctionName": "called", "Qualifier": "$LATEST"}
    made = aws.put_function_event_invoke_config(**rules, MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60)
    expect(made["FunctionArn"] == function + ":$LATEST", f"the rules are for {made['FunctionArn']}")
    changed = aws.update_function_event_invoke_config(**rules, MaximumRetryAttempts=0)
    expect((changed["MaximumRetryAttempts"], changed["MaximumEventAgeInSeconds"]) == (0, 60), f"the rules are {changed}")
    expect(aws.get_function_event_invoke_config(**rules)["MaximumRetryAttempts"] == 0, "the rules differ")
    pages = aws.get_paginator("list_function_event_invoke_configs").paginate(FunctionName="called")
    expect(sum(len(page["FunctionEventInvokeConfigs"]) for page in pages) == 1, "the rules are not listed")
    refused("InvalidParameterValueException", 400, aws.put_function_event_invoke_config, **rules,
            DestinationConfig={"OnFailure": {"Destination": function + "-none"}})
    aws.delete_function_event_invoke_config(**rules)
    refused("ResourceNotFoundException", 404, aws.get_function_event_invoke_config, **rules)
    refused("ResourceNotFoundException", 404, aws.delete_function_event_invoke_config, **rules)
    statement = {"FunctionName": "called", "Action": "lambda:InvokeFunction"}
    refused("InvalidParameterValueException", 400, aws.add_permission, **statement, StatementId="a", Principal="nobody")
    refused("PreconditionFailedException", 412, aws.remove_permission, FunctionName="called",
            StatementId=aws.add_permission(**statement, StatementId="b", Principal="s3.amazonaws.com") and "b",
            RevisionId="stale")
    aws.remove_permission(FunctionName="called", StatementId="b")


def notifications():
    aws = client("s3")
    aws.create_bucket(Bucket="shop-in")
    entry = {"LambdaFunctionArn": install("told"),
             "Events": ["s3:ObjectCreated:*"], "Id": "lamctl <a & b>",
             "Filter": {"Key": {"FilterRules": [{"Name": "Prefix", "Value": "in &<>/"}, {"Name": "Suffix", "Value": ".csv"}]}}}
    whole = {"LambdaFunctionConfigurations": [entry], "EventBridgeConfiguration": {}}
    refused("InvalidArgument", 400, aws.put_bucket_notification_configuration, Bucket="shop-in", NotificationConfiguration=whole)
    aws.put_bucket_notification_configuration(
        Bucket="shop-in", NotificationConfiguration=whole, SkipDestinationValidation=True,
        ExpectedBucketOwner=given["account"])
    shown = aws.get_bucket_notification_configuration(Bucket="shop-in")
    del shown["ResponseMetadata"]
    expect(shown == whole, f"the notifications are {shown}")
    refused("AccessDenied", 403, aws.get_bucket_notification_configuration, Bucket="shop-in", ExpectedBucketOwner="111111111111")
    aws.put_object(Bucket="shop-in", Key="a b", Body=b"content")
    aws.copy_object(Bucket="shop-in", Key="c", CopySource={"Bucket": "shop-in", "Key": "a b"})
    expect(aws.get_object(Bucket="shop-in", Key="c")["Body"].read() == b"content", "the copy differs")


def uploads():
    aws = client("s3")
    place = {"Bucket": "packages", "Key": "in parts/é"}
    upload = {**place, "UploadId": aws.create_multipart_upload(**place)["UploadId"]}
    contents = [b"a" * (5 << 20), b"b"]
    tags = [aws.upload_part(**upload, PartNumber=number, Body=content)["ETag"] for number, content in enumerate(contents, 1)]
    parts = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]
    refused("InvalidPartOrder", 400, aws.complete_multipart_upload, **upload, MultipartUpload={"Parts": parts[::-1]})
    refused("InvalidPart", 400, aws.complete_multipart_upload, **upload,
            MultipartUpload={"Parts": [{"PartNumber": 3, "ETag": tags[0]}]})
    refused("NoSuchUpload", 404, aws.upload_part, **{**upload, "UploadId": "none"}, PartNumber=1, Body=b"a")
    aws.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    expect(aws.get_object(**place)["Body"].read() == b"".join(contents), "the parts were not put together")
    refused("NoSuchUpload", 404, aws.complete_multipart_upload, **upload, MultipartUpload={"Parts": parts})
    other = {**place, "UploadId": aws.create_multipart_upload(**place)["UploadId"]}
    small = aws.upload_part(**other, PartNumber=1, Body=b"a")["ETag"]
    last = aws.upload_part(**other, PartNumber=2, Body=b"b")["ETag"]
    refused("EntityTooSmall", 400, aws.complete_multipart_upload, **other,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": small}, {"PartNumber": 2, "ETag": last}]})
    aws.abort_multipart_upload(**other)
    refused("NoSuchUpload", 404, aws.abort_multipart_upload, **other)


def apis():
    aws = client("apigatewayv2")
    function = install("behind")
    api = aws.create_api(Name="shop", ProtocolType="HTTP", Tags={"team": "shop"})["ApiId"]
    shown = aws.get_api(ApiId=api)
    expect((shown["Name"], shown["Tags"]) == ("shop", {"team": "shop"}), f"the API is {shown}")
    expect(isinstance(shown["CreatedDate"], datetime.datetime), f"the times are {shown['CreatedDate']}")
    expect(api in [item["ApiId"] for item in aws.get_apis()["Items"]], "the API is not listed")
    proxy = {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": function}
    refused("BadRequestException", 400, aws.create_integration, **proxy, PayloadFormatVersion="3.0")
    integration = aws.create_integration(**proxy, PayloadFormatVersion="2.0", Description="é")["IntegrationId"]
    aws.update_integration(ApiId=api, IntegrationId=integration, TimeoutInMillis=1000)
    shown = aws.get_integration(ApiId=api, IntegrationId=integration)
    expect((shown["Description"], shown["TimeoutInMillis"]) == ("é", 1000), f"the integration is {shown}")
    expect(len(aws.get_integrations(ApiId=api)["Items"]) == 1, "the integration is not listed")
    target = f"integrations/{integration}"
    route = aws.create_route(ApiId=api, RouteKey="GET /orders/{id}", Target=target)["RouteId"]
    refused("ConflictException", 409, aws.create_route, ApiId=api, RouteKey="GET /orders/{id}", Target=target)
    refused("BadRequestException", 400, aws.create_route, ApiId=api, RouteKey="FETCH /", Target=target)
    aws.create_route(ApiId=api, RouteKey="$default", Target=target)
    aws.update_route(ApiId=api, RouteId=route, RouteKey="ANY /orders/{id}")
    expect(aws.get_route(ApiId=api, RouteId=route)["RouteKey"] == "ANY /orders/{id}", "the route differs")
    pages = aws.get_paginator("get_routes").paginate(ApiId=api, PaginationConfig={"PageSize": 1})
    expect(sum(len(page["Items"]) for page in pages) == 2, "the routes are not listed")
    aws.create_stage(ApiId=api, StageName="prod", StageVariables={"a": "b"})
    aws.update_stage(ApiId=api, StageName="prod", StageVariables={"a": "c"})
    deployment = aws.create_deployment(ApiId=api, StageName="prod", Description="first")["DeploymentId"]
    shown = aws.get_stage(ApiId=api, StageName="prod")
    expect((shown["DeploymentId"], shown["StageVariables"]) == (deployment, {"a": "c"}), f"the stage is {shown}")
    expect([item["StageName"] for item in aws.get_stages(ApiId=api)["Items"]] == ["prod"], "the stage is not listed")
    expect(len(aws.get_deployments(ApiId=api)["Items"]) == 1, "the deployment is not listed")
    aws.delete_stage(ApiId=api, StageName="prod")
    refused("NotFoundException", 404, aws.get_stage, ApiId=api, StageName="prod")
    refused("ConflictException", 409, aws.delete_integration, ApiId=api, IntegrationId=integration)
    for item in aws.get_routes(ApiId=api)["Items"]:
        aws.delete_route(ApiId=api, RouteId=item["RouteId"])
    aws.delete_integration(ApiId=api, IntegrationId=integration)
    aws.delete_api(ApiId=api)
    refused("NotFoundException", 404, aws.get_api, ApiId=api)


def rest():
    identity = client("sts").get_caller_identity()
    expect(identity["Account"] == given["account"], f"the identity is {identity}")
    aws = client("ssm")
    aws.put_parameter(Name="/shop/key", Value="s", Type="SecureString")
    refused("ParameterAlreadyExists", 400, aws.put_parameter, Name="/shop/key", Value="t", Type="String")
    expect(aws.get_parameter(Name="/shop/key", WithDecryption=True)["Parameter"]["Value"] == "s", "the value differs")
    expect(aws.get_parameters(Names=["/shop/key", "/none"])["InvalidParameters"] == ["/none"], "/none is not missing")
    refused("ParameterNotFound", 400, aws.get_parameter, Name="/none")
    for service, call, key, secret in (
        ("lambda", "list_functions", "UnrecognizedClientException", "InvalidSignatureException"),
        ("scheduler", "list_schedules", "UnrecognizedClientException", "InvalidSignatureException"),
        ("sts", "get_caller_identity", "InvalidClientTokenId", "SignatureDoesNotMatch"),
        ("s3", "list_buckets", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
    ):
        refused(key, 403, getattr(client(service, aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="x"), call))
        refused(secret, 403, getattr(client(service, aws_access_key_id="sandbox", aws_secret_access_key="x"), call))


def schedules():
    aws = client("scheduler")
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:lambda:updateAlias", "RoleArn": ROLE,
              "Input": json.dumps({"FunctionName": "orders", "Name": "live", "FunctionVersion": "1"})}
    whole = {"ScheduleExpression": "at(2999-01-02T03:04:05)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    made = aws.create_schedule(Name="orders-live", ClientToken="one", ActionAfterCompletion="DELETE", **whole)
    again = aws.create_schedule(Name="orders-live", ClientToken="one", ActionAfterCompletion="DELETE", **whole)
    arn = f"arn:aws:scheduler:{given['region']}:{given['account']}:schedule/default/orders-live"
    expect(made["ScheduleArn"] == again["ScheduleArn"] == arn, f"the schedule's ARN is {made['ScheduleArn']}")
    refused("ConflictException", 409, aws.create_schedule, Name="orders-live", **whole)
    shown = aws.get_schedule(Name="orders-live", GroupName="default")
    expect(shown["Target"].items() >= target.items(), f"the target is {shown['Target']}")
    expect(isinstance(shown["CreationDate"], datetime.datetime), f"the times are {shown['CreationDate']}")
    expect(shown["ActionAfterCompletion"] == "DELETE", f"the schedule is {shown}")
    changed = aws.update_schedule(Name="orders-live", Description="é", State="DISABLED", **whole)
    expect(changed["ScheduleArn"] == arn, f"the schedule's ARN is {changed['ScheduleArn']}")
    shown = aws.get_schedule(Name="orders-live")
    expect((shown["Description"], shown["State"], shown["ActionAfterCompletion"]) == ("é", "DISABLED", "NONE"),
           f"the schedule is {shown}")
    aws.create_schedule(Name="orders-next", **whole)
    pages = aws.get_paginator("list_schedules").paginate(
        GroupName="default", NamePrefix="orders-", PaginationConfig={"PageSize": 1})
    listed = [(item["Name"], item["Target"]["Arn"]) for page in pages for item in page["Schedules"]]
    expect(listed == [("orders-live", target["Arn"]), ("orders-next", target["Arn"])], f"the schedules are {listed}")
    listed = [item["Name"] for item in aws.list_schedules(State="DISABLED")["Schedules"]]
    expect(listed == ["orders-live"], f"the disabled schedules are {listed}")
    refused("ValidationException", 400, aws.create_schedule, Name="rate",
            **{**whole, "ScheduleExpression": "rate(5 seconds)"})
    refused("ValidationException", 400, aws.update_schedule, Name="orders-live",
            **{**whole, "FlexibleTimeWindow": {"Mode": "FLEXIBLE"}})
    group = aws.create_schedule_group(Name="mine", Tags=[{"Key": "a", "Value": "b"}])["ScheduleGroupArn"]
    refused("ConflictException", 409, aws.create_schedule_group, Name="mine")
    tags = aws.list_tags_for_resource(ResourceArn=group)["Tags"]
    expect(tags == [{"Key": "a", "Value": "b"}], f"the group's tags are {tags}")
    queue = {"Arn": f"arn:aws:sqs:{given['region']}:{given['account']}:ticks", "RoleArn": ROLE, "Input": "{}"}
    client("sqs").create_queue(QueueName="ticks")
    ticking = {"Name": "tick", "GroupName": "mine", "ScheduleExpression": "rate(1 minute)", "Target": queue,
               "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 1},
               "EndDate": datetime.datetime(2999, 1, 1, tzinfo=datetime.timezone.utc)}
    made = aws.create_schedule(**ticking)["ScheduleArn"]
    expect(made.endswith(":schedule/mine/tick"), f"the schedule's ARN is {made}")
    shown = aws.get_schedule(Name="tick", GroupName="mine")
    expect(shown["EndDate"] == ticking["EndDate"], f"the schedule is {shown}")
    listed = [item["Name"] for item in aws.list_schedules(GroupName="mine")["Schedules"]]
    expect(listed == ["tick"], f"the schedules of the group are {listed}")
    aws.delete_schedule(Name="tick", GroupName="mine")
    refused("ValidationException", 400, aws.get_schedule, Name="a b")
    refused("ResourceNotFoundException", 404, aws.list_schedules, GroupName="other")
    refused("ResourceNotFoundException", 404, aws.update_schedule, Name="none", **whole)
    aws.delete_schedule(Name="orders-live", GroupName="default")
    aws.delete_schedule(Name="orders-next")
    refused("ResourceNotFoundException", 404, aws.delete_schedule, Name="orders-live")
    refused("ResourceNotFoundException", 404, aws.get_schedule, Name="orders-live")


def queues():
    aws = client("sqs")
    url = aws.create_queue(QueueName="mails", Attributes={"VisibilityTimeout": "60"}, tags={"a": "b"})["QueueUrl"]
    expect(aws.get_queue_url(QueueName="mails")["QueueUrl"] == url, "the queue has two URLs")
    expect(url in aws.list_queues(QueueNamePrefix="ma")["QueueUrls"], "the queue is not listed")
    missing = "AWS.SimpleQueueService.NonExistentQueue"
    refused(missing, 400, aws.get_queue_url, QueueName="none")
    refused("QueueAlreadyExists", 400, aws.create_queue, QueueName="mails", Attributes={"VisibilityTimeout": "61"})
    aws.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "43200"})
    attributes = aws.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    expect(attributes["VisibilityTimeout"] == "43200", f"the attributes are {attributes}")
    # botocore compares the digests of bodies and of attributes with its own.
    named = {"who": {"DataType": "String", "StringValue": "é"}, "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
             "count": {"DataType": "Number", "StringValue": "3"}}
    sent = aws.send_message(QueueUrl=url, MessageBody="Größe", MessageAttributes=named)
    aws.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2"}])
    got = aws.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"],
                              MessageSystemAttributeNames=["All"])["Messages"]
    expect([item["Body"] for item in got] == ["Größe", "1", "2"], f"the messages are {got}")
    expect(got[0]["MessageId"] == sent["MessageId"], "the message has another id")
    expect(got[0]["MessageAttributes"]["raw"]["BinaryValue"] == b"\x00\xff", f"the attributes are {got[0]}")
    expect(got[0]["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"], "the digests differ")
    expect("Messages" not in aws.receive_message(QueueUrl=url), "a message came twice")
    aws.change_message_visibility(QueueUrl=url, ReceiptHandle=got[2]["ReceiptHandle"], VisibilityTimeout=0)
    again = aws.receive_message(QueueUrl=url)["Messages"]
    expect([item["Body"] for item in again] == ["2"], f"the messages are {again}")
    aws.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
    gone = aws.delete_message_batch(QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": got[1]["ReceiptHandle"]}])
    expect([item["Id"] for item in gone["Successful"]] == ["a"], f"the deleted are {gone}")
    aws.purge_queue(QueueUrl=url)
    aws.delete_queue(QueueUrl=url)
    refused(missing, 400, aws.send_message, QueueUrl=url, MessageBody="a")


def buses():
    aws = client("events")
    arn = aws.create_event_bus(Name="shop", Tags=[{"Key": "a", "Value": "b"}])["EventBusArn"]
    refused("ResourceAlreadyExistsException", 400, aws.create_event_bus, Name="shop")
    expect(aws.describe_event_bus(Name="shop")["Arn"] == arn, "the bus has another ARN")
    names = [bus["Name"] for bus in aws.list_event_buses()["EventBuses"]]
    expect(names == ["default", "shop"], f"the buses are {names}")
    pattern = json.dumps({"source": [{"prefix": "shop"}], "detail": {"total": [{"numeric": [">", 5]}]}})
    rule = aws.put_rule(Name="paid", EventBusName="shop", EventPattern=pattern, Tags=[{"Key": "lamctl", "Value": "x"}])
    refused("InvalidEventPatternException", 400, aws.put_rule, Name="bad", EventPattern='{"a": "b"}')
    refused("ValidationException", 400, aws.put_rule, Name="bad", ScheduleExpression="often")
    refused("ResourceNotFoundException", 400, aws.describe_rule, Name="paid")
    shown = aws.describe_rule(Name="paid", EventBusName=arn)
    expect((shown["EventPattern"], shown["State"]) == (pattern, "ENABLED"), f"the rule is {shown}")
    tags = aws.list_tags_for_resource(ResourceARN=rule["RuleArn"])["Tags"]
    expect(tags == [{"Key": "lamctl", "Value": "x"}], f"the tags are {tags}")
    aws.tag_resource(ResourceARN=rule["RuleArn"], Tags=[{"Key": "b", "Value": "c"}])
    aws.untag_resource(ResourceARN=rule["RuleArn"], TagKeys=["lamctl", "b"])
    expect(aws.list_tags_for_resource(ResourceARN=rule["RuleArn"])["Tags"] == [], "tags are left")
    url = client("sqs").create_queue(QueueName="paid")["QueueUrl"]
    target = {"Id": "q", "Arn": f"arn:aws:sqs:{given['region']}:{given['account']}:paid",
              "InputTransformer": {"InputPathsMap": {"id": "$.detail.id"}, "InputTemplate": '{"order": <id>}'},
              "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60}}
    put = aws.put_targets(Rule="paid", EventBusName="shop", Targets=[target])
    expect(put["FailedEntryCount"] == 0, f"the targets are {put}")
    listed = aws.list_targets_by_rule(Rule="paid", EventBusName="shop")["Targets"]
    expect(listed == [target], f"the targets are {listed}")
    named = aws.list_rule_names_by_target(TargetArn=target["Arn"], EventBusName="shop")["RuleNames"]
    expect(named == ["paid"], f"the rules are {named}")
    rules = aws.list_rules(EventBusName="shop", NamePrefix="pa")["Rules"]
    expect([item["Name"] for item in rules] == ["paid"], f"the rules are {rules}")
    entry = {"EventBusName": "shop", "Source": "shop.basket", "DetailType": "Paid"}
    details = [{"id": "a", "total": 6}, {"id": "b", "total": 5}]
    sent = aws.put_events(Entries=[{**entry, "Detail": json.dumps(detail)} for detail in details])
    expect(sent["FailedEntryCount"] == 0 and all(item["EventId"] for item in sent["Entries"]), f"the events are {sent}")
    got = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    expect([item["Body"] for item in got] == ['{"order": "a"}'], f"the messages are {got}")
    event = {"source": "shop", "account": "1", "detail": {"total": 9}}
    expect(aws.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"], "the event does not fit")
    aws.disable_rule(Name="paid", EventBusName="shop")
    aws.enable_rule(Name="paid", EventBusName="shop")
    refused("ValidationException", 400, aws.delete_rule, Name="paid", EventBusName="shop")
    aws.remove_targets(Rule="paid", EventBusName="shop", Ids=["q"])
    aws.delete_rule(Name="paid", EventBusName="shop")
    aws.delete_rule(Name="paid", EventBusName="shop")
    aws.delete_event_bus(Name="shop")


def topics():
    aws = client("sns")
    topic = aws.create_topic(Name="paid")["TopicArn"]
    expect(aws.create_topic(Name="paid")["TopicArn"] == topic, "the topic has two ARNs")
    expect([item["TopicArn"] for item in aws.list_topics()["Topics"]] == [topic], "the topic is not listed")
    expect(aws.get_topic_attributes(TopicArn=topic)["Attributes"]["Owner"] == given["account"], "whose topic is it")
    refused("NotFound", 404, aws.get_topic_attributes, TopicArn=topic + "s")
    queues = client("sqs")
    url = queues.create_queue(QueueName="told", Attributes={"VisibilityTimeout": "43200"})["QueueUrl"]
    queue = topic.replace(":sns:", ":sqs:").replace(":paid", ":told")
    wanted = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue, "ReturnSubscriptionArn": True}
    refused("InvalidParameter", 400, aws.subscribe, **wanted, Attributes={"FilterPolicy": "{"})
    attributes = {"FilterPolicy": json.dumps({"kind": ["é"]}), "RawMessageDelivery": "true"}
    made = aws.subscribe(**wanted, Attributes=attributes)["SubscriptionArn"]
    expect(aws.subscribe(**wanted)["SubscriptionArn"] == made, "the subscription has two ARNs")
    shown = aws.get_subscription_attributes(SubscriptionArn=made)["Attributes"]
    expect(shown.items() >= attributes.items(), f"the attributes are {shown}")
    listed = aws.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    expect([(item["Endpoint"], item["Protocol"]) for item in listed] == [(queue, "sqs")], f"the list is {listed}")

    def told():
        found = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [item["Body"] for item in found]

    kind = {"DataType": "String", "StringValue": "é"}
    aws.publish(TopicArn=topic, Message="unwanted")
    expect(aws.publish(TopicArn=topic, Message="wanted", MessageAttributes={"kind": kind})["MessageId"], "no id")
    expect(told() == ["wanted"], "the filter lets the wrong messages through")
    aws.set_subscription_attributes(SubscriptionArn=made, AttributeName="FilterPolicy", AttributeValue="{}")
    aws.set_subscription_attributes(SubscriptionArn=made, AttributeName="RawMessageDelivery", AttributeValue="false")
    aws.publish(TopicArn=topic, Message="all", Subject="s")
    bodies = [json.loads(body) for body in told()]
    expect([(body["Message"], body["Subject"], body["TopicArn"]) for body in bodies] == [("all", "s", topic)],
           f"the messages are {bodies}")
    aws.unsubscribe(SubscriptionArn=made)
    refused("NotFound", 404, aws.get_subscription_attributes, SubscriptionArn=made)
    aws.delete_topic(TopicArn=topic)


PARTS = (
    functions, metrics, logs, objects, schedules, callers, notifications, uploads, apis, queues, buses, topics, rest)
for part in PARTS:
    try:
        part()
    except Exception as error:
        problems.append(f"{part.__name__}: {type(error).__name__}: {error}")
words = set(given["words"])
offered = {name for service in SERVICES for name in client(service).meta.service_model.operation_names if name in words}
print(json.dumps({"problems": problems, "offered": sorted(offered), "called": sorted(called)}, indent=1))
