internal import Core

/// Somebody whom a topic sends its messages to.
package struct SNSSubscription: Hashable, Sendable {
  /// Its ARN; `PendingConfirmation` or `Deleted` where it has none.
  package let arn: String
  /// `lambda`, `sqs`, `https`, …
  package let protocolName: String
  /// The ARN or address that messages go to.
  package let endpoint: String
  /// The topic's ARN.
  package let topicARN: String
  /// The account that made it.
  package let owner: String

  /// A subscription of these values.
  package init(arn: String, protocolName: String, endpoint: String, topicARN: String, owner: String) {
    self.arn = arn
    self.protocolName = protocolName
    self.endpoint = endpoint
    self.topicARN = topicARN
    self.owner = owner
  }

  /// Whether somebody has yet to agree to it: it gets no messages.
  package var isPending: Bool { !arn.hasPrefix("arn:") }
}

/// The operations of SNS. All throw ``AWSError``.
package struct SNSClient: Sendable {
  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// Subscribes to a topic; somebody who is subscribed already keeps the subscription.
  ///
  /// - Parameters:
  ///   - protocolName: `lambda` for a function's or an alias's ARN as `endpoint`.
  ///   - attributes: `FilterPolicy`, `FilterPolicyScope`, `RedrivePolicy`. Others than those of a subscription that
  ///     exists are refused by SNS.
  /// - Returns: the subscription's ARN.
  package func subscribe(
    topic: String, protocolName: String, endpoint: String, attributes: [String: String] = [:]
  ) async throws(AWSError) -> String {
    var parameters = [("TopicArn", topic), ("Protocol", protocolName), ("Endpoint", endpoint)]
    for (index, (key, value)) in attributes.sorted(by: { $0.key < $1.key }).enumerated() {
      parameters.append(("Attributes.entry.\(index + 1).key", key))
      parameters.append(("Attributes.entry.\(index + 1).value", value))
    }
    // Even one that is not confirmed yet has an ARN, which is told only if asked for.
    parameters.append(("ReturnSubscriptionArn", "true"))
    let call = call("Subscribe", topic, parameters, expecting: "SubscribeResult")
    let text = try await pipeline.answer(call).response.bodyText
    guard let arn = XML.text(of: "SubscriptionArn", in: text) else {
      throw .malformedAnswer(
        operation: call.title, endpoint: "SNS", reason: "it holds no ARN of the subscription")
    }
    return arn
  }

  /// Ends a subscription; one that is gone already is no error.
  package func unsubscribe(_ subscription: String) async throws(AWSError) {
    let call = call(
      "Unsubscribe", subscription, [("SubscriptionArn", subscription)], expecting: "UnsubscribeResponse")
    do throws(AWSError) {
      _ = try await pipeline.answer(call)
    } catch {
      if !error.isNotFound { throw error }
    }
  }

  /// The attributes of a subscription: `Endpoint`, `FilterPolicy`, `PendingConfirmation`, …; nil when there is none.
  package func getSubscriptionAttributes(_ subscription: String) async throws(AWSError) -> [String: String]? {
    try await attributes("GetSubscriptionAttributes", "SubscriptionArn", subscription)
  }

  /// Sets one attribute of a subscription; nil clears it.
  ///
  /// - Parameter name: `FilterPolicy`, `FilterPolicyScope`, `RedrivePolicy`, …
  package func setSubscriptionAttributes(
    _ subscription: String, name: String, value: String?
  ) async throws(AWSError) {
    var parameters = [("SubscriptionArn", subscription), ("AttributeName", name)]
    // A filter policy is cleared by one with nothing in it, everything else by no value; an empty text is refused.
    if let value = value ?? (name == "FilterPolicy" ? "{}" : nil) {
      parameters.append(("AttributeValue", value))
    }
    _ = try await pipeline.answer(
      call(
        "SetSubscriptionAttributes", subscription, parameters,
        expecting: "SetSubscriptionAttributesResponse"))
  }

  /// Everybody whom a topic sends its messages to.
  package func listSubscriptionsByTopic(_ topic: String) async throws(AWSError) -> [SNSSubscription] {
    var found: [SNSSubscription] = []
    var walk: PageWalk?
    var next: String?
    repeat {
      var parameters = [("TopicArn", topic)]
      if let next { parameters.append(("NextToken", next)) }
      let call = call(
        "ListSubscriptionsByTopic", topic, parameters, expecting: "ListSubscriptionsByTopicResult")
      var pages = walk ?? PageWalk(call, endpoint: call.service.name)
      let text = try await pipeline.answer(call).response.bodyText
      found += XML.elements("member", in: text).map(SNSSubscription.init)
      next = try pages.follow(XML.text(of: "NextToken", in: text))
      walk = pages
    } while next != nil
    return found
  }

  /// The attributes of a topic: `Owner`, `Policy`, `KmsMasterKeyId`, …; nil when there is none.
  package func getTopicAttributes(_ topic: String) async throws(AWSError) -> [String: String]? {
    try await attributes("GetTopicAttributes", "TopicArn", topic)
  }

  private func attributes(
    _ operation: String, _ parameter: String, _ arn: String
  ) async throws(AWSError) -> [String: String]? {
    let call = call(operation, arn, [(parameter, arn)], expecting: "\(operation)Result")
    do throws(AWSError) {
      let text = try await pipeline.answer(call).response.bodyText
      let entries = XML.elements("entry", in: text).compactMap { entry in
        XML.text(of: "key", in: entry).map { ($0, XML.text(of: "value", in: entry) ?? "") }
      }
      return Dictionary(entries) { $1 }
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  private func call(
    _ operation: String, _ resource: String, _ parameters: [(name: String, value: String)],
    expecting element: String
  ) -> APICall {
    var call = APICall.query(.sns, operation, version: "2010-03-31", parameters, expecting: element)
    call.resource = resource
    call.lane = .sns
    return call
  }
}

extension SNSSubscription {
  fileprivate init(_ member: String) {
    func text(_ name: String) -> String { XML.text(of: name, in: member) ?? "" }
    self.init(
      arn: text("SubscriptionArn"), protocolName: text("Protocol"), endpoint: text("Endpoint"),
      topicARN: text("TopicArn"), owner: text("Owner"))
  }
}
