internal import AWSClient
internal import Core

extension EdgeSurvey {
  /// Looks for the queues that are read for the alias, and holds them against the time that an invocation may take: a message that comes
  /// back before its invocation has ended is worked on twice.
  ///
  /// Lambda refuses the mapping then, but says nothing when the function's timeout is raised afterwards.
  ///
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
  mutating func hold(against look: EdgeLook) async throws(EdgeError) {
    for index in steps.indices where steps[index].kind == .eventSource && steps[index].change != .remove {
      let (step, queue) = (steps[index], steps[index].source)
      guard subject.queues.contains(queue), step.change != .none || subject.timeout?.isRaised ?? false else {
        continue
      }
      let hidden: TimeSpan?
      do throws(AWSError) {
        hidden = try await look.readings.visibilityTimeout(queue)
      } catch {
        guard error.isPermission else { throw EdgeError(subject.scope, step.trigger, error) }
        steps[index].notes.append("the queue's VisibilityTimeout is not held against the timeout: \(error)")
        continue
      }
      guard let hidden else {
        // Of another account's queue that we must not see AWS says the same as of none.
        if step.change == .add, queue.contains(":\(subject.scope.account):") {
          obstacles.append(
            EdgeError(
              subject.scope, step.trigger, "there is no queue \(queue)",
              fix: "\(look.services.making), or correct \"eventSourceArn\""))
        }
        continue
      }
      guard let timeout = subject.timeout, hidden < timeout.longest else { continue }
      let words =
        "the queue hides a message for \(hidden), and an invocation may take \(timeout.longest):"
        + " messages would be worked on twice"
      guard step.change == .add || timeout.isRaised else {
        steps[index].notes.append("trigger \(step.trigger): \(words)")
        continue
      }
      let name = queue.split(separator: ":").last.map(String.init) ?? queue
      obstacles.append(
        EdgeError(
          subject.scope, step.trigger, words,
          fix:
            "raise VisibilityTimeout of \(name) (AWS advises six times the timeout, \(timeout.longest * 6)),"
            + " or lower the function's timeout"))
    }
  }
}
