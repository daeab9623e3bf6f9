internal import AWSClient
internal import Core
internal import Packager
internal import Release
internal import Triggers

extension Session {
  /// The services that edges are read and written by.
  var edgeServices: EdgeServices {
    var services = EdgeServices(aws, clock: place.clock, serverTime: serverTime)
    // What is there in a rehearsal the configuration says.
    if place.isSandbox { services.making = "make it by \"resources\" of \"sandbox\" in lamctl.json" }
    return services
  }

  /// By which ARN a function of this name is known here once it exists.
  @Sendable func futureARN(_ name: FunctionName) async throws(ReleaseError) -> String {
    do throws(AWSError) {
      let account = try await caller.identity().account
      return "arn:\(aws.partition):lambda:\(aws.region):\(account):function:\(name.functionName)"
    } catch {
      throw .aws(error, function: name.function)
    }
  }

  /// What deals with triggers at the environment's alias.
  func triggerStage(
    _ options: TriggerOptions, owner: String, _ report: @escaping @Sendable (ReleaseEvent) -> Void
  ) -> TriggerStage {
    TriggerStage(
      services: services(report), edges: edgeServices, settings: options.settings(parallel: parallel),
      alias: environment.alias, owner: owner)
  }
}

extension FunctionDefinition {
  /// What is to call the function's alias; nil where the repository says nothing of it.
  func edges(project: String) -> EdgeWish? {
    let triggers = triggers.map { definitions in
      definitions.compactMap { definition in
        TriggerKind(rawValue: definition.kind).map {
          Trigger(name: definition.name, kind: $0, settings: definition.settings)
        }
      }
    }
    let wish: EventInvokeWish? =
      switch eventInvoke {
      case nil: nil
      case .some(.none): EventInvokeWish.none
      case .settings(let settings): .settings(settings)
      }
    return EdgeWish(project: project, triggers: triggers, eventInvoke: wish)
  }
}
