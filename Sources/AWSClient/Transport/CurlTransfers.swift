internal import CCurl
internal import Core

/// The transfers of one loop. Lives on the loop's thread.
struct CurlTransfers {
  private let multi: UnsafeMutableRawPointer
  private let settings: TransportSettings
  private var running: [Int: CurlTransfer] = [:]
  private var idle: [UnsafeMutableRawPointer] = []

  init(multi: UnsafeMutableRawPointer, settings: TransportSettings) {
    self.multi = multi
    self.settings = settings
  }

  mutating func start(_ id: Int, _ request: HTTPRequest, _ completion: @escaping CurlLoop.Completion) {
    guard let easy = idle.popLast() ?? ccurl_easy_init() else {
      return completion(
        .failure(
          TransportFailure(kind: .other, reason: "libcurl is out of memory", mayHaveBeenProcessed: false)))
    }
    let transfer = CurlTransfer(id: id, easy: easy, request: request, completion: completion)
    do throws(TransportFailure) {
      try transfer.prepare(settings)
    } catch {
      return end(transfer, .failure(error))
    }
    running[id] = transfer
    ccurl_multi_add_handle(multi, easy)
  }

  mutating func cancel(_ id: Int) {
    guard let transfer = running.removeValue(forKey: id) else { return }
    let sent = transfer.wasSent
    ccurl_multi_remove_handle(multi, transfer.easy)
    end(transfer, .failure(.cancelled(sent: sent)))
  }

  /// Moves all transfers on and answers for those that are over.
  mutating func perform() {
    var active: Int32 = 0
    ccurl_multi_perform(multi, &active)
    var left: Int32 = 0
    while let message = ccurl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
      // Read before the handle is removed: the message dies with it.
      let code = ccurl_msg_result(message)
      guard let transfer = running.values.first(where: { $0.easy == easy }) else { continue }
      running[transfer.id] = nil
      let result = transfer.result(code)
      ccurl_multi_remove_handle(multi, easy)
      end(transfer, result)
    }
  }

  mutating func endAll() {
    for transfer in running.values {
      let sent = transfer.wasSent
      ccurl_multi_remove_handle(multi, transfer.easy)
      ccurl_easy_cleanup(transfer.easy)
      transfer.completion(.failure(.shutDown(sent: sent)))
    }
    running = [:]
    for easy in idle { ccurl_easy_cleanup(easy) }
    idle = []
  }

  private mutating func end(_ transfer: CurlTransfer, _ result: Result<HTTPResponse, TransportFailure>) {
    transfer.close()
    ccurl_easy_reset(transfer.easy)
    idle.append(transfer.easy)
    transfer.completion(result)
  }
}
