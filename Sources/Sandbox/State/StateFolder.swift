internal import Core
import Glibc

/// The folder of a sandbox: who owns it, and what time it was there last.
final class StateFolder: Sendable {
  let path: String
  private let lock: Int32

  /// Makes the folder if it is missing, and owns it until ``release()`` or the end of the process.
  init(_ path: String) throws(SandboxError) {
    let absolute = path.hasPrefix("/") ? path : "\(Files.currentFolder)/\(path)"
    do throws(SystemError) {
      try Files.createFolder(absolute)
    } catch {
      throw .state(error)
    }
    self.path = absolute
    let file = "\(absolute)/lock"
    lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else { throw .state(SystemError(operation: "open", subject: file, code: errno)) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(lock)
      guard code == EWOULDBLOCK else {
        throw .state(SystemError(operation: "lock", subject: file, code: code))
      }
      throw .busy(folder: path, processID: Self.published(in: absolute)?.processID)
    }
  }

  /// Lets another sandbox have the folder.
  func release() {
    // Not by closing it alone: a program that is being started elsewhere in this process may hold a copy until it runs.
    flock(lock, LOCK_UN)
    close(lock)
  }

  private struct Published {
    let url: String
    let processID: Int32
  }

  private static func published(in folder: String) -> Published? {
    guard let json = (try? Files.read("\(folder)/endpoint.json")).flatMap({ try? JSON(parsing: $0) }),
      let url = json["url"]?.string, let processID = json["pid"]?.int
    else { return nil }
    return Published(url: url, processID: Int32(truncatingIfNeeded: processID))
  }

  /// The address of a live sandbox in `folder`; nil when there is none.
  static func runningEndpoint(in folder: String) -> String? {
    guard let published = published(in: folder), ProcessIdentity.isRunning(published.processID),
      let port = published.url.split(separator: ":").last.flatMap({ Int($0) }), Sockets.answers(port: port)
    else { return nil }
    return published.url
  }

  /// Tells other processes where the sandbox is.
  func publish(_ url: String) throws(SystemError) {
    let json: JSON = ["url": .string(url), "pid": .int(Int(ProcessIdentity.own))]
    try Files.writeAtomically(Array(json.text().utf8), to: "\(path)/endpoint.json")
  }

  func unpublish() { try? Files.remove("\(path)/endpoint.json") }

  /// Where virtual time has to go on: behind everything that was ever stamped here.
  func earliestTime() -> Timestamp? {
    guard let json = (try? Files.read("\(path)/clock.json")).flatMap({ try? JSON(parsing: $0) }),
      let saved = json["virtual"]?.double
    else { return nil }
    // A sandbox that was killed had gone on for a while after its time was last saved.
    let margin = json["clean"]?.bool == true ? 0 : json["margin"]?.double ?? 0
    return Timestamp(seconds: saved + margin)
  }

  /// - Parameters:
  ///   - margin: how much virtual time may pass until the next call.
  ///   - isClean: whether this is the last call.
  func save(time: Timestamp, margin: TimeSpan, isClean: Bool) throws(SystemError) {
    let json: JSON = [
      "virtual": .double(time.seconds), "margin": .double(margin.seconds), "clean": .bool(isClean),
    ]
    try Files.writeAtomically(Array(json.text().utf8), to: "\(path)/clock.json")
  }
}
