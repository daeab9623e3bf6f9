internal import Core

/// Sends requests.
protocol HTTPSender: Sendable {
  /// The answer, whatever its status. Cancelling the task ends the transfer.
  func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse

  /// Ends all transfers and closes the connections; later requests fail.
  func shutdown()
}

/// An HTTP/1.1 client on one thread that owns a `curl_multi`; connections are kept and used again.
final class CurlTransport: HTTPSender {
  private let loop: CurlLoop

  init(settings: TransportSettings) {
    loop = CurlLoop(settings: settings)
  }

  deinit {
    loop.stop()
  }

  func shutdown() {
    loop.stop()
  }

  func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
    let loop = self.loop
    let id = loop.nextID()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        loop.start(id, request) { continuation.resume(returning: $0) }
      }
    } onCancel: {
      loop.cancel(id)
    }
    loop.forget(id)
    return try result.get()
  }
}
