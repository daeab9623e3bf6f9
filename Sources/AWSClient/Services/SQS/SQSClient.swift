internal import Core

/// The operations of SQS. All throw ``AWSError``.
package struct SQSClient: Sendable {
  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// The URL of a queue; nil when there is none of the name, or none that the caller may see.
  ///
  /// - Parameter account: the number of the account that has it; nil for the caller's own.
  package func getQueueURL(name: String, account: String? = nil) async throws(AWSError) -> String? {
    var members = JSONObject([("QueueName", .string(name))])
    members["QueueOwnerAWSAccountId"] = account.map(JSON.string)
    let call = call("GetQueueUrl", name, members)
    do throws(AWSError) {
      guard let url = try await pipeline.answer(call).object["QueueUrl"]?.string else {
        throw AWSError.malformedAnswer(operation: call.title, endpoint: "SQS", reason: "it holds no URL")
      }
      return url
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  /// Attributes of a queue, all as texts; nil when there is no such queue.
  ///
  /// - Parameter names: `VisibilityTimeout`, `RedrivePolicy`, `QueueArn`, …; `All` for all.
  package func getQueueAttributes(
    url: String, names: [String] = ["All"]
  ) async throws(AWSError) -> [String: String]? {
    let members = JSONObject([
      ("QueueUrl", .string(url)), ("AttributeNames", .array(names.map(JSON.string))),
    ])
    do throws(AWSError) {
      let answer = try await pipeline.answer(call("GetQueueAttributes", url, members)).object
      let attributes = answer["Attributes"]?.object?.members ?? []
      return Dictionary(attributes.compactMap { key, value in value.string.map { (key, $0) } }) { $1 }
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  private func call(_ operation: String, _ resource: String, _ members: JSONObject) -> APICall {
    var call = APICall.json(.sqs, operation, target: "AmazonSQS", version: "1.0", members)
    call.resource = resource
    // As AWS's own clients send it since SQS speaks JSON: codes of errors come in the words of before as well.
    call.headers.append(("x-amzn-query-mode", "true"))
    return call
  }
}
