internal import Core

/// What other services of the sandbox ask of functions: nobody signs for these calls, the function's policy decides.
extension LambdaService {
  static let invokeAction = "lambda:InvokeFunction"

  /// The function, version or alias that an ARN names, also in the form that API Gateway wraps it in.
  func target(arn: String) throws(ServiceError) -> Target {
    var name = arn
    // arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations
    if let start = arn.firstRange(of: "/functions/"), arn.hasSuffix("/invocations") {
      name = String(arn[start.upperBound...].dropLast("/invocations".count))
    }
    let parsed = try FunctionReference(name, region: arns.region, account: arns.account)
    return Target(name: parsed.name, qualifier: parsed.qualifier)
  }

  /// - Throws: 404 when there is no such function, version or alias, 403 when its policy does not let `caller`.
  func require(
    _ action: String = LambdaService.invokeAction, on target: Target, for caller: PolicyCaller
  ) throws(ServiceError) {
    let record = try function(target.name)
    _ = try version(record, target.qualifier)
    let key = target.qualifier == VersionRecord.latest ? "" : target.qualifier ?? ""
    let policy = record.policies[key]
    guard caller.may(action, by: policy?.statements(at: clock.now()) ?? []) else {
      throw ServiceError(
        403, "AccessDeniedException",
        "User: \(caller.service ?? "anonymous") is not authorized to perform: \(action) on resource: "
          + "\(arns.function(target.name, target.qualifier)) because no resource-based policy allows the \(action) action"
      )
    }
  }

  /// Runs a function for another service, and waits for it.
  func invoke(_ arn: String, _ payload: [UInt8], for caller: PolicyCaller) throws(ServiceError)
    -> InvocationRouter.Answer
  {
    let target = try target(arn: arn)
    try require(on: target, for: caller)
    return try router.invoke(call(target, payload))
  }

  func call(_ target: Target, _ payload: [UInt8]) -> InvocationRouter.Call {
    InvocationRouter.Call(function: target.name, qualifier: target.qualifier, payload: payload)
  }
}

/// Events for functions: put into the function's queue if its policy lets whoever sends them.
struct LambdaReceiver: EventReceiver {
  let lambda: LambdaService

  func receive(_ event: [UInt8], at arn: String, from origin: EventOrigin) throws(ServiceError) {
    try admit(origin, at: arn)
    let call = lambda.call(try lambda.target(arn: arn), event)
    _ = try lambda.router.resolve(call)
    lambda.router.invokeLater(call)
  }

  /// A function may send to functions of its account by the permissions of its own role, a schedule by those of the role
  /// that it names.
  func admit(_ origin: EventOrigin, at arn: String) throws(ServiceError) {
    let target = try lambda.target(arn: arn)
    guard !["lambda.amazonaws.com", "scheduler.amazonaws.com"].contains(origin.service) else {
      let record = try lambda.function(target.name)
      _ = try lambda.version(record, target.qualifier)
      return
    }
    let caller = PolicyCaller(
      service: origin.service, sourceARN: origin.sourceARN, sourceAccount: lambda.arns.account)
    try lambda.require(on: target, for: caller)
  }
}
