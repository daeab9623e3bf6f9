internal import Core

extension Gateway {
  /// Opens what an earlier sandbox has left, and makes what is missing of `resources`.
  func furnish(_ resources: SandboxResources) throws(SandboxError) {
    do throws(ServiceError) {
      try lambda.openURLs()
      try apiGateway.openAll()
      let present = Set(apiGateway.store.all().map(\.name))
      for api in resources.apis where !present.contains(api.name) {
        _ = try apiGateway.makeAPI(api.name, JSONObject(), stage: (api.stage, api.autoDeploy))
      }
      try furnishQueues(resources.queues)
      for name in resources.topics where sns.store.topic(name) == nil {
        _ = try sns.answer("CreateTopic", ["Name": .string(name)])
      }
      for name in resources.buses where eventBridge.store.all.buses[name] == nil {
        _ = try eventBridge.answer("CreateEventBus", ["Name": .string(name)])
      }
      for rule in resources.rules { try make(rule) }
    } catch {
      throw .resource(error.message)
    }
    for bucket in resources.buckets {
      guard ObjectStore.isName(bucket) else { throw .resource("\(bucket) is no name for a bucket") }
      do throws(SystemError) {
        try s3.objects.createBucket(bucket)
      } catch {
        throw .state(error)
      }
    }
  }

  /// Queues that others send their dead letters to come first.
  private func furnishQueues(_ queues: [SandboxResources.Queue]) throws(ServiceError) {
    let ordered = queues.filter { $0.deadLetterQueue == nil } + queues.filter { $0.deadLetterQueue != nil }
    for queue in ordered where sqs.store.queue(queue.name) == nil {
      var attributes = JSONObject([("VisibilityTimeout", .string("\(queue.visibilityTimeout)"))])
      if let dead = queue.deadLetterQueue {
        let policy: JSON = [
          "deadLetterTargetArn": .string(sqs.arn(dead)), "maxReceiveCount": .int(queue.maxReceiveCount),
        ]
        attributes["RedrivePolicy"] = .string(policy.text(.compact))
      }
      _ = try sqs.answer(
        "CreateQueue", ["QueueName": .string(queue.name), "Attributes": .object(attributes)])
    }
  }

  private func make(_ rule: SandboxResources.Rule) throws(ServiceError) {
    let (name, bus) = (JSON.string(rule.name), JSON.string(rule.bus))
    _ = try eventBridge.answer(
      "PutRule", ["Name": name, "EventBusName": bus, "EventPattern": .string(rule.eventPattern)])
    _ = try eventBridge.answer(
      "PutTargets",
      [
        "Rule": name, "EventBusName": bus,
        "Targets": [["Id": "queue", "Arn": .string(sqs.arn(rule.queue))]],
      ])
  }
}
