internal import AWSClient
internal import Core

/// One line of `lamctl doctor`.
struct DoctorFinding: Equatable, Sendable {
  /// How it stands.
  enum Grade: String, Sendable {
    case good = "OK"
    case warning = "WARN"
    case bad = "FAIL"
  }

  /// What was looked at: `credentials`, `lambda:GetFunction`.
  let check: String
  let grade: Grade
  /// What was found, as one line.
  let text: String
  /// What to do about it; every finding that is not good has one.
  let fix: String?
  /// Whether credentials or permissions are what is wrong.
  let isPermission: Bool

  private init(_ check: String, _ grade: Grade, _ text: String, fix: String?, isPermission: Bool = false) {
    self.check = check
    self.grade = grade
    self.text = text
    self.fix = fix
    self.isPermission = isPermission
  }

  static func good(_ check: String, _ text: String) -> DoctorFinding {
    DoctorFinding(check, .good, text, fix: nil)
  }

  static func warning(_ check: String, _ text: String, fix: String) -> DoctorFinding {
    DoctorFinding(check, .warning, text, fix: fix)
  }

  static func bad(_ check: String, _ text: String, fix: String, isPermission: Bool = false) -> DoctorFinding {
    DoctorFinding(check, .bad, text, fix: fix, isPermission: isPermission)
  }

  /// What an error means for the check that it ended.
  static func bad(_ check: String, _ error: any Error) -> DoctorFinding {
    let failure = Failure(error)
    let fix =
      failure.fix ?? (error as? AWSError).map { Self.fix(for: $0) } ?? "the line above says what is wrong"
    return .bad(check, failure.message, fix: fix, isPermission: failure.exitCode == .permission)
  }

  private static func fix(for error: AWSError) -> String {
    if let denial = error.fault?.denial {
      return "allow \(denial.action)\(denial.resource.map { " on \($0)" } ?? "") in the IAM policy of "
        + (denial.principal ?? "these credentials")
    }
    switch error {
    case .brokenCredentials: return "repair that source, or choose other credentials with --profile"
    case .transport: return "check the network, the proxy settings and the endpoint"
    case .service where error.isCredentials: return "get new credentials, or choose others with --profile"
    default: return "try again; with --verbose each request is shown"
    }
  }
}

extension DoctorFinding {
  /// The line, and the fix below it; both break between words, and go on below their texts where there is room for that.
  ///
  /// - Parameters:
  ///   - width: cells of the column of checks.
  ///   - limit: the widest a line may get; nil for any width.
  func lines(width: Int, style: Style, limit: Int? = nil) -> [String] {
    let ink: Style.Ink =
      switch grade {
      case .good: .good
      case .warning: .warning
      case .bad: .bad
      }
    let label = style.paint(Cells.padded(grade.rawValue, to: 4), ink)
    let line = "\(label)  \(Cells.padded(check, to: width))  \(Self.oneLine(text))"
    let depth = limit.map { width + 8 <= $0 / 2 } ?? true ? width + 8 : 8
    let all = [line] + (fix.map { [String(repeating: " ", count: depth) + "fix: \(Self.oneLine($0))"] } ?? [])
    guard let limit else { return all }
    return all.flatMap { Paragraph.lines($0, columns: limit, indent: depth) }
  }

  var json: JSON {
    [
      "check": .string(check), "status": .string(grade.rawValue), "text": .string(text),
      "fix": .optional(fix),
    ]
  }

  private static func oneLine(_ text: String) -> String {
    PlainText.line(text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }
}

extension [DoctorFinding] {
  /// 0 when nothing is bad, 77 when credentials or permissions are, 1 otherwise.
  var exitCode: ExitCode {
    let bad = filter { $0.grade == .bad }
    if bad.isEmpty { return .done }
    return bad.contains(where: \.isPermission) ? .permission : .failed
  }

  /// What the document of a failed examination says; nil where nothing is bad.
  var failure: Failure? {
    let bad = filter { $0.grade == .bad }
    guard !bad.isEmpty else { return nil }
    let names = bad.map(\.check).reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    return Failure(
      exitCode,
      "\(bad.count == 1 ? "1 check" : "\(bad.count) checks") failed: \(names.joined(separator: ", "))",
      fix: bad.first?.fix)
  }
}
