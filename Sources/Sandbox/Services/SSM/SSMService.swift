internal import Core

/// Parameters of SSM, kept in one file.
final class SSMService: Sendable {
  private struct Parameter {
    var type: String
    var value: String
    var version: Int
    var modified: Timestamp
  }

  private let file: StateFile
  private let clock: ScaledClock
  private let arns: ARNs
  private let parameters: Lock<[String: Parameter]>

  init(file: StateFile, clock: ScaledClock, arns: ARNs) throws(SystemError) {
    self.file = file
    self.clock = clock
    self.arns = arns
    var loaded: [String: Parameter] = [:]
    for (name, value) in try file.members() {
      loaded[name] = Parameter(
        type: value["type"]?.string ?? "String", value: value["value"]?.string ?? "",
        version: value["version"]?.int ?? 1, modified: value["modified"]?.moment ?? clock.now())
    }
    parameters = Lock(loaded)
  }

  func answer(_ operation: String, _ input: JSON) throws(ServiceError) -> WireValue {
    switch operation {
    case "GetParameters":
      let names = (input["Names"]?.array ?? []).compactMap(\.string)
      let found = names.filter { value(of: $0) != nil }
      return .map([
        ("Parameters", .list(found.compactMap(value))),
        ("InvalidParameters", .list(names.filter { !found.contains($0) }.map(WireValue.text))),
      ])
    case "GetParameter":
      guard let value = value(of: input["Name"]?.string ?? "") else {
        throw ServiceError(400, "ParameterNotFound", "")
      }
      return .map([("Parameter", value)])
    case "PutParameter": return try put(input)
    default: throw .unknownOperation(operation)
    }
  }

  private func value(of name: String) -> WireValue? {
    guard let parameter = parameters.withLock({ $0[name] }) else { return nil }
    return .map([
      ("Name", .text(name)), ("Type", .text(parameter.type)), ("Value", .text(parameter.value)),
      ("Version", .int(parameter.version)), ("LastModifiedDate", .moment(parameter.modified)),
      (
        "ARN",
        .text(
          arns.arn("ssm", "parameter\(name.hasPrefix("/") ? "" : "/")\(name)")
        )
      ),
      ("DataType", .text("text")),
    ])
  }

  private func put(_ input: JSON) throws(ServiceError) -> WireValue {
    guard let name = input["Name"]?.string, let value = input["Value"]?.string else {
      throw ServiceError(400, "ValidationException", "Name and Value are required")
    }
    let now = clock.now()
    let outcome = parameters.withLock { parameters -> Result<Int, ServiceError> in
      let old = parameters[name]
      if old != nil, input["Overwrite"]?.bool != true {
        return .failure(
          ServiceError(
            400, "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
          ))
      }
      let version = (old?.version ?? 0) + 1
      parameters[name] = Parameter(
        type: input["Type"]?.string ?? old?.type ?? "String", value: value, version: version, modified: now)
      let stored = parameters.sorted { $0.key < $1.key }.map { name, parameter -> (String, JSON) in
        (
          name,
          [
            "type": .string(parameter.type), "value": .string(parameter.value),
            "version": .int(parameter.version),
            "modified": .double(parameter.modified.seconds),
          ]
        )
      }
      do throws(SystemError) {
        try file.write(stored)
      } catch {
        return .failure(ServiceError(500, "InternalServerError", "The sandbox \(error)"))
      }
      return .success(version)
    }
    return .map([("Version", .int(try outcome.get())), ("Tier", .text("Standard"))])
  }
}
