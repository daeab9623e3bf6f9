internal import Core
internal import Glibc

/// What a run hands to the later steps of a job.
struct RunOutputs: Equatable, Sendable {
  /// The outcome of the release, as in `--json`.
  var outcome: String
  /// The release's id; nil when there was nothing to release.
  var release: String?
  /// Logical names of the functions that changed.
  var changed: [String]
  /// The version that each of them has now.
  var versions: [String: String]
  /// The address of each function of a preview; nil for a release.
  var urls: [String: String]?

  /// Names and values in letters that mean nothing to a shell or a dotenv file: `orders,refunds` and `orders:42,refunds:7`.
  var plain: [(name: String, value: String)] {
    let versions = versions.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
    return [
      ("outcome", outcome), ("release", release ?? ""), ("changed", changed.joined(separator: ",")),
      ("versions", versions.joined(separator: ",")),
    ].map { ($0.0, $0.1.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:,".contains($0)) }) }
  }

  /// Names and values as GitHub's `steps.ID.outputs` has them: lists and maps as JSON.
  var values: [(name: String, value: String)] {
    let versions = versions.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
    let urls = urls.map { urls in
      JSONObject(urls.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) })
    }
    return [
      ("outcome", outcome), ("release", release ?? ""),
      ("changed", JSON.array(changed.map { .string($0) }).text()),
      ("versions", JSON.object(JSONObject(versions)).text()),
    ] + (urls.map { [("urls", JSON.object($0).text())] } ?? [])
  }
}

/// The files through which a step of GitHub Actions speaks; absent variables make the calls do nothing.
struct GitHubFiles: Sendable {
  private let outputPath: String?
  private let summaryPath: String?
  private let secrets: Secrets

  /// The most bytes a step's summary may have; GitHub drops a longer one whole.
  static let summaryLimit = 1 << 20

  /// - Parameter secrets: what no file may hold.
  init(environment: [String: String], hiding secrets: Secrets) {
    self.secrets = secrets
    outputPath = environment["GITHUB_OUTPUT"].flatMap { $0.isEmpty ? nil : $0 }
    summaryPath = environment["GITHUB_STEP_SUMMARY"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Appends the outputs of the step.
  ///
  /// - Throws: ``SystemError``.
  func write(_ outputs: RunOutputs) throws(SystemError) {
    guard let outputPath else { return }
    let values = outputs.values.map { ($0.name, secrets.shielded($0.value)) }
    try Self.append(values.map { Self.assignment($0.0, $0.1) }.joined(), to: outputPath)
  }

  /// Appends Markdown to the step's summary, cut at a line's end where GitHub's limit is reached.
  ///
  /// - Throws: ``SystemError``.
  func appendSummary(_ markdown: String) throws(SystemError) {
    guard let summaryPath else { return }
    let markdown = secrets.shielded(markdown)
    let used = (try? Files.read(summaryPath, limit: Self.summaryLimit))?.count ?? 0
    let note = "\n_The rest is left out: a summary may have 1 MiB._\n"
    let room = Self.summaryLimit - used - note.utf8.count
    if markdown.utf8.count <= room { return try Self.append(markdown, to: summaryPath) }
    var kept = ""
    var size = 0
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      size += line.utf8.count + 1
      guard size <= room else { break }
      kept += line + "\n"
    }
    try Self.append(kept + (room >= 0 ? note : ""), to: summaryPath)
  }

  /// One output in the form that GitHub reads: a value of several lines stands between two delimiters
  /// that it does not hold.
  static func assignment(_ name: String, _ value: String) -> String {
    guard value.contains(where: \.isNewline) else { return "\(name)=\(value)\n" }
    var delimiter: String
    repeat {
      delimiter = "lamctl-" + Hex.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
    } while value.contains(delimiter)
    return "\(name)<<\(delimiter)\n\(value)\n\(delimiter)\n"
  }

  private static func append(_ text: String, to path: String) throws(SystemError) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemError(operation: "append to", subject: path, code: errno) }
    defer { close(descriptor) }
    try Files.write(Array(text.utf8), to: descriptor, path: path)
  }
}
