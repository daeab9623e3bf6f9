internal import Core
import Glibc

/// The folder of a sandbox: who owns it, how its clients sign, and what time it was there last.
final class SandboxFolder: Sendable {
  private static let lockName = "lock"
  private static let clockName = "clock.json"

  let state: StateFolder
  /// What requests have to be signed with.
  let credentials: SandboxCredentials
  private let lock: Int32

  /// Makes the folder if it is missing, and owns it until ``release()`` or the end of the process.
  init(_ path: String) throws(SandboxError) {
    do throws(SystemError) {
      state = try StateFolder.make(Self.absolute(path))
      guard let lock = try state.lock(Self.lockName) else {
        throw SystemError(operation: "lock", subject: path, code: EWOULDBLOCK)
      }
      self.lock = lock
      credentials = try SandboxCredentials.kept(in: state)
    } catch {
      guard error.code == EWOULDBLOCK else { throw .state(error) }
      throw .busy(folder: path, processID: PublishedEndpoint.find(in: Self.absolute(path))?.processID)
    }
  }

  private static func absolute(_ path: String) -> String {
    path.utf8.first == UInt8(ascii: "/") ? path : "\(Files.currentFolder)/\(path)"
  }

  /// Lets another sandbox have the folder.
  func release() {
    // Not by closing it alone: a program that is being started elsewhere in this process may hold a copy until it runs.
    flock(lock, LOCK_UN)
    close(lock)
  }

  /// What clients need of a live sandbox whose state is in the folder at `path`; nil when there is none.
  ///
  /// Only the port is taken from what is written there, for the file may have come with a stranger's repository: the
  /// host is this machine's, and a sandbox that lives holds the folder's lock.
  static func running(in path: String) -> SandboxEndpoint? {
    let path = absolute(path)
    guard let state = try? StateFolder.existing(path), state.isLocked(lockName),
      let published = PublishedEndpoint.find(in: path),
      let credentials = SandboxCredentials.stored(in: state),
      Sockets.answers(port: published.port)
    else { return nil }
    return SandboxEndpoint(port: published.port, credentials: credentials)
  }

  /// Tells other processes where the sandbox is.
  func publish(port: Int) throws(SystemError) {
    try PublishedEndpoint(port: port, processID: ProcessIdentity.own).write(to: state)
  }

  func unpublish() { PublishedEndpoint.remove(from: state) }

  /// Where virtual time has to go on: behind everything that was ever stamped here.
  ///
  /// Nil for a time that no calendar of four digits has, which would stop everything that is written down with it.
  func earliestTime() -> Timestamp? {
    guard let json = (try? state.read(Self.clockName)).flatMap({ $0 }).flatMap({ try? JSON(parsing: $0) }),
      let saved = json["virtual"]?.double
    else { return nil }
    // A sandbox that was killed had gone on for a while after its time was last saved.
    let margin = json["clean"]?.bool == true ? 0 : json["margin"]?.double ?? 0
    return Timestamp(outside: saved + margin)
  }

  /// - Parameters:
  ///   - margin: how much virtual time may pass until the next call.
  ///   - isClean: whether this is the last call.
  func save(time: Timestamp, margin: TimeSpan, isClean: Bool) throws(SystemError) {
    let json: JSON = [
      "virtual": .double(time.seconds), "margin": .double(margin.seconds), "clean": .bool(isClean),
    ]
    try state.write(Array(json.text().utf8), to: Self.clockName)
  }
}

/// Where a sandbox listens, as it tells other processes of this machine: `endpoint.json`.
private struct PublishedEndpoint {
  private static let name = "endpoint.json"

  let port: Int
  let processID: Int32

  /// What a sandbox has written in the folder at `path`; nil where there is nothing that could be its.
  static func find(in path: String) -> PublishedEndpoint? {
    guard let bytes = (try? StateFolder.existing(path))?.flatMap({ try? $0.read(name, limit: 1 << 16) }),
      let json = try? JSON(parsing: bytes),
      let port = json["port"]?.int, (1...65_535).contains(port),
      let processID = json["pid"]?.int.flatMap({ Int32(exactly: $0) })
    else { return nil }
    return PublishedEndpoint(port: port, processID: processID)
  }

  init(port: Int, processID: Int32) {
    self.port = port
    self.processID = processID
  }

  func write(to state: StateFolder) throws(SystemError) {
    let json: JSON = [
      "url": .string("http://127.0.0.1:\(port)"), "port": .int(port), "pid": .int(Int(processID)),
    ]
    try state.write(Array(json.text().utf8), to: Self.name)
  }

  static func remove(from state: StateFolder) { try? state.remove(name) }
}
