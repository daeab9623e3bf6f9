internal import AWSClient
internal import Core
internal import Packager

extension DoctorCommand: RunnableCommand {
  /// Looks at what a release needs of AWS and says how each thing stands.
  func run(in context: Context) async throws -> ExitCode {
    do {
      return try await Session.with(globals, environment: environment, need: .definitions, in: context) {
        session in
        if policy { return try await printPolicy(session, in: context) }
        var examination = Examination(session, globals) { needs in
          DeployCommand.operations(needs) + PreviewCommand.operations(needs)
        }
        await examination.run()
        if globals.json {
          context.printDocument(document(examination, session))
        } else {
          context.show(Self.text(examination.findings, in: context))
          if globals.verbose { context.errors.write(Self.passedOver(examination)) }
        }
        return examination.findings.exitCode
      }
    } catch let error as AWSError {
      // The region or a setting of AWS is wrong: nothing can be asked, and that is the finding.
      let findings = [DoctorFinding.bad("settings", error)]
      if globals.json {
        context.printDocument([
          "schema": .string(Self.schema), "exitCode": .int(Int(findings.exitCode.rawValue)),
          "checks": .array(findings.map(\.json)), "error": Failure(error).json,
        ])
      } else {
        context.show(Self.text(findings, in: context))
      }
      return findings.exitCode
    }
  }

  private static func text(_ findings: [DoctorFinding], in context: Context) -> String {
    let width = findings.map { Cells.width($0.check) }.max() ?? 0
    var lines = findings.flatMap {
      $0.lines(width: width, style: context.outputTerminal.style, limit: context.tableLimit)
    }
    let bad = findings.filter { $0.grade == .bad }.count
    let warnings = findings.filter { $0.grade == .warning }.count
    let trouble = [
      bad > 0 ? "\(bad) failed" : nil, warnings > 0 ? "\(warnings) to look at" : nil,
    ].compactMap { $0 }
    lines.append(trouble.isEmpty ? "All is well." : "\(trouble.joined(separator: ", ")).")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Where credentials were looked for in vain.
  private static func passedOver(_ examination: Examination) -> String {
    (examination.credentials?.passedOver ?? [])
      .map { "  no credentials in \($0.source): \($0.reason)\n" }.joined()
  }

  private func document(_ examination: Examination, _ session: Session) -> JSON {
    let credentials = examination.credentials.map { found -> JSON in
      [
        "source": .string(found.source), "key": .string(Examination.masked(found.keyID)),
        "expiration": .optional(found.expiration?.iso8601),
        "passedOver": .array(
          found.passedOver.map { ["source": .string($0.source), "reason": .string($0.reason)] }),
      ]
    }
    return [
      "schema": .string(Self.schema), "environment": .string(session.environment.name),
      "alias": .string(session.environment.alias),
      "exitCode": .int(Int(examination.findings.exitCode.rawValue)),
      "credentials": credentials ?? .null,
      "account": .optional(examination.identity?.account), "arn": .optional(examination.identity?.arn),
      "region": .string(session.aws.region), "regionSource": .string(session.regionSource(globals)),
      "endpoints": [
        "lambda": .optional(try? session.aws.endpoint(for: .lambda)),
        "cloudWatch": .optional(try? session.aws.endpoint(for: .cloudWatch)),
      ],
      "clockOffsetSeconds": session.aws.hasAnswered ? .double(session.aws.clockOffset.seconds) : .null,
      "permissions": .array(examination.permissions.map(\.json)),
      "checks": .array(examination.findings.map(\.json)),
      "error": examination.findings.failure?.json ?? .null,
    ]
  }
}

extension Session {
  /// Who named the region.
  func regionSource(_ globals: GlobalOptions) -> String {
    if globals.region != nil { return "--region" }
    if environment.region != nil { return "lamctl.json" }
    if place.fallbackRegion != nil { return "the sandbox" }
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] where place.environment[name]?.isEmpty == false {
      return name
    }
    return "the AWS profile"
  }
}
