import Core
import LambdaSettings
import Testing

/// The catalogue of settings beside AWS's own model of Lambda.
@Suite("Settings beside botocore's model", .enabled(if: Python.isInstalled, Python.missing))
struct SettingModelTests {
  /// The members of the operations that settings go by, with their shapes.
  private static let program = """
    import botocore.session, json

    model = botocore.session.get_session().get_service_model("lambda")

    def shape(shape):
        found = {"type": shape.type_name}
        for key in ("min", "max", "pattern"):
            if key in shape.metadata: found[key] = shape.metadata[key]
        if getattr(shape, "enum", None): found["enum"] = list(shape.enum)
        if shape.type_name == "structure":
            found["members"] = {name: shape_of(member) for name, member in shape.members.items()}
            found["required"] = list(shape.required_members)
        if shape.type_name == "list": found["element"] = shape_of(shape.member)
        if shape.type_name == "map": found["key"], found["value"] = shape_of(shape.key), shape_of(shape.value)
        return found

    shape_of = shape
    operations = ["CreateFunction", "UpdateFunctionConfiguration", "UpdateFunctionCode", "TagResource",
                  "PutFunctionConcurrency", "PutFunctionCodeSigningConfig", "PutRuntimeManagementConfig",
                  "PutFunctionRecursionConfig", "PutProvisionedConcurrencyConfig"]
    print(json.dumps({name: shape(model.operation_model(name).input_shape)["members"] for name in operations}))
    """

  private func model() async throws -> JSON { try await Python.run(Self.program, environment: [:]) }

  @Test("every member of what makes and changes functions is a setting, or is none for a reason")
  func completeness() async throws {
    let model = try await model()
    for operation in ["CreateFunction", "UpdateFunctionConfiguration", "UpdateFunctionCode"] {
      let members = try #require(model[operation]?.object?.keys)
      try #require(!members.isEmpty)
      for member in members {
        let isSetting = SettingCatalogue[member] != nil
        let reason = SettingCatalogue.exclusions[member]
        #expect(isSetting != (reason != nil), "\(operation): \(member)")
      }
    }
    let updated = try #require(model["UpdateFunctionConfiguration"]?.object)
    let created = try #require(model["CreateFunction"]?.object)
    for setting in SettingCatalogue.all {
      #expect((setting.call == .configuration) == (updated[setting.member] != nil), "\(setting.key)")
      #expect(setting.isCreated == (created[setting.member] != nil), "\(setting.key)")
    }
  }

  @Test("ranges, lengths, patterns, words and required members are the model's")
  func shapes() async throws {
    let model = try await model()
    let operations: [SettingCall: String] = [
      .creation: "CreateFunction", .code: "CreateFunction", .configuration: "CreateFunction",
      .tags: "TagResource",
      .reservedConcurrency: "PutFunctionConcurrency", .codeSigning: "PutFunctionCodeSigningConfig",
      .recursion: "PutFunctionRecursionConfig", .provisionedConcurrency: "PutProvisionedConcurrencyConfig",
    ]
    var faults: [String] = []
    for setting in SettingCatalogue.all {
      if setting.call == .runtimeManagement, case .object(let members) = setting.shape {
        for member in members {
          compare(member.shape, model["PutRuntimeManagementConfig"]?[member.member], member.member, &faults)
        }
        continue
      }
      let operation = try #require(operations[setting.call])
      compare(setting.shape, model[operation]?[setting.member], setting.member, &faults)
    }
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  private func compare(_ shape: SettingShape, _ model: JSON?, _ path: String, _ faults: inout [String]) {
    guard let model else { return faults.append("\(path) is not in the model") }
    switch shape {
    case .optional(let inner): compare(inner, model, path, &faults)
    case .text(let rule): compare(rule, model, path, &faults)
    case .choice(let words):
      if Set(words) != Set((model["enum"]?.array ?? []).compactMap(\.string)) {
        faults.append("\(path): \(model)")
      }
    case .boolean: if model["type"] != "boolean" { faults.append("\(path): \(model)") }
    case .integer(let range):
      // Where the model knows no largest number the catalogue has one, so that typing errors show.
      let isSame =
        model["type"] == "integer" && model["max"]?.int ?? range.upperBound == range.upperBound
        && (model["min"]?.int ?? range.lowerBound == range.lowerBound || range.lowerBound == 0)
      if !isSame { faults.append("\(path): \(range) is \(model)") }
    case .number(let range):
      if model["min"]?.double != range.lowerBound || model["max"]?.double != range.upperBound {
        faults.append("\(path): \(range) is \(model)")
      }
    case .list(let element, let count):
      // Layers have a limit that the model does not tell.
      if let most = model["max"]?.int, most != count.upperBound {
        faults.append("\(path): \(count) is \(model)")
      }
      if let least = model["min"]?.int, least != count.lowerBound {
        faults.append("\(path): \(count) is \(model)")
      }
      compare(element, model["element"], path + "[]", &faults)
    case .map(let rule):
      compare(rule.key, model["key"], path + ".key", &faults)
      compare(rule.value, model["value"], path + ".value", &faults)
    case .object(let members):
      let known = model["members"]?.object ?? JSONObject()
      if Set(members.map(\.member)) != Set(known.keys) { faults.append("\(path): \(known.keys)") }
      let required = Set((model["required"]?.array ?? []).compactMap(\.string))
      if Set(members.filter(\.isRequired).map(\.member)) != required {
        faults.append("\(path): required \(required)")
      }
      for member in members {
        compare(member.shape, known[member.member], "\(path).\(member.member)", &faults)
      }
    }
  }

  private func compare(_ rule: SettingText, _ model: JSON?, _ path: String, _ faults: inout [String]) {
    guard let model else { return faults.append("\(path) is not in the model") }
    // Runtimes are families here: each of the model's must be of one.
    if path == "Runtime" {
      for name in (model["enum"]?.array ?? []).compactMap(\.string) where rule.fault(in: name) != nil {
        faults.append("\(path): \(name) is of no family")
      }
      return
    }
    if model["pattern"]?.string != rule.pattern?.source {
      faults.append(
        "\(path): \(rule.pattern?.source ?? "no pattern") is \(model["pattern"]?.string ?? "none")")
    }
    if let least = model["min"]?.int, least != rule.length.lowerBound {
      faults.append("\(path): at least \(least)")
    }
    if let most = model["max"]?.int, most != rule.length.upperBound {
      faults.append("\(path): at most \(most)")
    }
  }

  @Test("patterns fit what Python's regular expressions fit")
  func patterns() async throws {
    let samples = [
      "", "a", "subnet-0a", "subnet_0", "sg-1", "arn:aws:iam::123456789012:role/a/b",
      "arn:aws:iam::12:role/a",
      "arn:aws-us-gov:iam::123456789012:role/x", "arn:aws:lambda:eu-west-1:123456789012:layer:a:1",
      "arn:aws:lambda:us-iso-east-1:123456789012:layer:a:1",
      "arn:aws:lambda:eusc-de-east-1:123456789012:layer:a_b:22",
      "arn:x:lambda:::awslayer:AmazonLinux1803", "/mnt/a", "/mnt/a/b", "mnt/a", "/aws/lambda/x", "a b", "é",
      "AB_1", "1A",
      "arn:aws:sqs:eu-west-1:1:q",
      "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-0123456789abcdef0",
      "arn:aws:s3files:eu-west-1:1:file-system/fs-0123456789abcdef0/access-point/fsap-0123456789abcdef0",
      "arn:aws:lambda:eu-west-1::runtime:0123456789", "x\ny",
    ]
    // Python's own module knows no categories.
    let sources = Set(Self.texts.compactMap { $0.pattern?.source }).filter { !$0.contains("\\p{") }.sorted()
    let program = """
      import json, re
      sources, samples = SOURCES, SAMPLES
      print(json.dumps([[bool(re.fullmatch(p, s)) for s in samples] for p in sources]))
      """
      .replacing("SOURCES", with: JSON.array(sources.map(JSON.string)).text())
      .replacing("SAMPLES", with: JSON.array(samples.map(JSON.string)).text())
    let answers = try #require(try await Python.run(program, environment: [:]).array)
    for (source, answer) in zip(sources, answers) {
      let pattern = try #require(TextPattern(source))
      for (sample, expected) in zip(samples, answer.array ?? []) where !sample.contains("\n") {
        #expect(JSON.bool(pattern.matches(sample)) == expected, "\(source) and \(sample)")
      }
    }
  }

  private static var texts: [SettingText] {
    func texts(_ shape: SettingShape) -> [SettingText] {
      switch shape {
      case .text(let rule): [rule]
      case .list(let element, _): texts(element)
      case .object(let members): members.flatMap { texts($0.shape) }
      case .map(let rule): [rule.key, rule.value]
      case .optional(let inner): texts(inner)
      case .choice, .boolean, .integer, .number: []
      }
    }
    return SettingCatalogue.all.flatMap { texts($0.shape) }
  }
}
