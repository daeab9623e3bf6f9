internal import CCurl
internal import Core
import Glibc

/// The thread behind ``CurlTransport``.
///
/// Everything about running transfers is local to the thread's function; only the inbox is shared.
final class CurlLoop: Sendable {
  typealias Completion = @Sendable (Result<HTTPResponse, TransportFailure>) -> Void

  private enum Command: Sendable {
    case start(Int, HTTPRequest, Completion)
    case cancel(Int)
  }

  private struct Inbox {
    var commands: [Command] = []
    var lastID = 0
    /// Started and not yet answered.
    var live: Set<Int> = []
    /// Cancelled before they were started: the two come from different threads.
    var cancelledEarly: Set<Int> = []
    var threadStarted = false
    var stopped = false
    /// Set while the thread can be woken.
    var multi: MultiHandle?
  }

  /// Connections beyond `parallel` that a rollback may open when all others are busy.
  private static let reserve = 2

  private let inbox = Lock(Inbox())
  private let settings: TransportSettings

  init(settings: TransportSettings) {
    self.settings = settings
  }

  /// A name for a request that is about to start.
  func nextID() -> Int {
    inbox.withLock { inbox in
      inbox.lastID += 1
      return inbox.lastID
    }
  }

  /// Starts a transfer, on a thread that the first one creates. `completion` is called once.
  func start(_ id: Int, _ request: HTTPRequest, _ completion: @escaping Completion) {
    let refusal = inbox.withLock { inbox -> TransportFailure? in
      if inbox.cancelledEarly.remove(id) != nil { return .cancelled(sent: false) }
      if inbox.stopped { return .shutDown(sent: false) }
      if !inbox.threadStarted {
        inbox.threadStarted = true
        Threads.detach { self.run() }
      }
      inbox.live.insert(id)
      Self.append(.start(id, request, completion), to: &inbox)
      return nil
    }
    if let refusal { completion(.failure(refusal)) }
  }

  /// Ends a transfer, or keeps it from starting.
  func cancel(_ id: Int) {
    inbox.withLock { inbox in
      if inbox.live.contains(id) {
        Self.append(.cancel(id), to: &inbox)
      } else {
        inbox.cancelledEarly.insert(id)
      }
    }
  }

  /// Forgets a request that is over.
  func forget(_ id: Int) {
    inbox.withLock { inbox in
      inbox.live.remove(id)
      inbox.cancelledEarly.remove(id)
    }
  }

  /// Ends everything.
  func stop() {
    inbox.withLock { inbox in
      inbox.stopped = true
      if let multi = inbox.multi { ccurl_multi_wakeup(multi.pointer) }
    }
  }

  private static func append(_ command: Command, to inbox: inout Inbox) {
    inbox.commands.append(command)
    // Under the lock, so that the thread cannot free the handle in between.
    if inbox.commands.count == 1, let multi = inbox.multi { ccurl_multi_wakeup(multi.pointer) }
  }

  private func run() {
    Self.blockSignals()
    if CurlLibrary.fault == nil, let pointer = ccurl_multi_init() {
      ccurl_multi_set_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, settings.parallel + Self.reserve)
      ccurl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, (settings.parallel + Self.reserve) * 4)
      inbox.withLock { $0.multi = MultiHandle(pointer: pointer) }
      serve(pointer)
      inbox.withLock { $0.multi = nil }
      ccurl_multi_cleanup(pointer)
    }
    let left = inbox.withLock { inbox in
      inbox.stopped = true
      defer { inbox.commands = [] }
      return inbox.commands
    }
    let failure = CurlLibrary.fault ?? .shutDown(sent: false)
    for case .start(_, _, let completion) in left { completion(.failure(failure)) }
  }

  private func serve(_ multi: UnsafeMutableRawPointer) {
    var transfers = CurlTransfers(multi: multi, settings: settings)
    while true {
      let (commands, stopped) = inbox.withLock { inbox in
        defer { inbox.commands = [] }
        return (inbox.commands, inbox.stopped)
      }
      for command in commands {
        switch command {
        case .start(let id, let request, let completion): transfers.start(id, request, completion)
        case .cancel(let id): transfers.cancel(id)
        }
      }
      if stopped { return transfers.endAll() }
      transfers.perform()
      ccurl_multi_poll(multi, 10_000)
    }
  }

  /// Signals are for the main thread; and a blocked SIGPIPE makes a write to a dead connection a plain error.
  private static func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
  }
}

/// A `CURLM` that another thread may wake.
// @unchecked: `curl_multi_wakeup` is the one libcurl function that is allowed from any thread, and the only
// one this handle is used for outside the loop's own thread.
private struct MultiHandle: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
}

/// The library's own state in this process.
enum CurlLibrary {
  /// Why libcurl cannot be used; nil once it is loaded and initialised, which the first use does.
  static let fault: TransportFailure? = {
    if let reason = ccurl_load() { return .noLibrary(String(cString: reason)) }
    let code = ccurl_global_init()
    return code == CURLE_OK ? nil : .noLibrary(String(cString: ccurl_easy_strerror(code)))
  }()
}
