internal import CCurl
internal import Core
import Glibc

/// One request and what has arrived of its answer. Lives on the loop's thread.
final class CurlTransfer {
  let id: Int
  let easy: UnsafeMutableRawPointer
  let request: HTTPRequest
  let completion: CurlLoop.Completion

  private var headers = HTTPHeaders()
  private var body: [UInt8] = []
  /// Bytes that went to the file.
  private var stored = 0
  private var file: Int32 = -1
  private let reader: HTTPBodyReader
  private var lines: UnsafeMutablePointer<curl_slist>?
  private let message: UnsafeMutablePointer<CChar>
  /// Why a callback stopped the transfer.
  private var stop: TransportFailure?

  init(
    id: Int, easy: UnsafeMutableRawPointer, request: HTTPRequest, completion: @escaping CurlLoop.Completion
  ) {
    self.id = id
    self.easy = easy
    self.request = request
    self.completion = completion
    reader = HTTPBodyReader(request.body)
    message = .allocate(capacity: Int(CURL_ERROR_SIZE))
    message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    close()
    message.deallocate()
  }

  /// Frees what libcurl no longer needs once the handle is out of the loop.
  func close() {
    ccurl_slist_free_all(lines)
    lines = nil
    if file >= 0 { Glibc.close(file) }
    file = -1
  }

  /// Whether any byte of the request has left.
  var wasSent: Bool {
    var size = 0
    ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &size)
    return size > 0
  }

  /// Sets the handle up.
  func prepare(_ settings: TransportSettings) throws(TransportFailure) {
    if case .file(let path, _) = request.sink {
      file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard file >= 0 else {
        let error = SystemError(operation: "write", subject: path, code: errno)
        throw TransportFailure(kind: .localFile, reason: "\(error)", mayHaveBeenProcessed: false)
      }
    }
    try check(ccurl_set_str(easy, CURLOPT_URL, request.url), "the address")
    try check(ccurl_set_str(easy, CURLOPT_PROTOCOLS_STR, "http,https"), "the protocols")
    ccurl_set_str(easy, CURLOPT_CUSTOMREQUEST, request.method)
    ccurl_set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    ccurl_set_long(easy, CURLOPT_PATH_AS_IS, 1)
    ccurl_set_long(easy, CURLOPT_TCP_NODELAY, 1)
    ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
    ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: request.connectTimeout.seconds * 1000))
    ccurl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
    ccurl_set_long(
      easy, CURLOPT_LOW_SPEED_TIME, max(1, Int(clamping: request.stallTimeout.seconds.rounded(.up))))
    ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, Int(clamping: request.totalTimeout.seconds * 1000)))
    ccurl_use_private_sockets(easy)
    ccurl_set_ptr(easy, CURLOPT_ERRORBUFFER, message)
    try prepareSecurity(settings)
    prepareBody()
    prepareAnswer()
  }

  private func prepareSecurity(_ settings: TransportSettings) throws(TransportFailure) {
    ccurl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
    ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
    switch settings.authorities {
    case .file(let path):
      ccurl_set_str(easy, CURLOPT_CAPATH, nil)
      try check(ccurl_set_str(easy, CURLOPT_CAINFO, path), "the certificates in \(path)")
    case .folder(let path):
      ccurl_set_str(easy, CURLOPT_CAINFO, nil)
      try check(ccurl_set_str(easy, CURLOPT_CAPATH, path), "the certificates in \(path)")
    case .builtIn:
      break
    }
    // An empty proxy keeps libcurl from looking at the environment itself.
    let proxy = request.bypassesProxy ? nil : settings.proxy(for: request.url)
    try check(ccurl_set_str(easy, CURLOPT_PROXY, proxy ?? ""), "the proxy")
    if proxy != nil { ccurl_set_str(easy, CURLOPT_NOPROXY, settings.noProxy ?? "") }
  }

  private func prepareBody() {
    for header in request.headers {
      // A header without a value is written with a semicolon; with a colon it would be taken out.
      lines = ccurl_slist_append(
        lines, header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }
    lines = ccurl_slist_append(lines, "Expect:")
    if request.method == "HEAD" {
      ccurl_set_long(easy, CURLOPT_NOBODY, 1)
    } else if !request.body.segments.isEmpty || ["POST", "PUT"].contains(request.method) {
      // No seek function on purpose. With one, libcurl silently sends the request again when a kept
      // connection turns out to be dead, and nobody would know that the first copy may have been carried out.
      ccurl_set_long(easy, CURLOPT_UPLOAD, 1)
      ccurl_set_off(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.body.length))
      ccurl_set_ptr(easy, CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque())
      ccurl_set_fn(easy, CURLOPT_READFUNCTION) { data, size, count, context in
        guard let data, let context else { return Int(CURL_READFUNC_ABORT) }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.supply(UnsafeMutableRawBufferPointer(start: data, count: size * count))
      }
    }
    ccurl_set_list(easy, CURLOPT_HTTPHEADER, lines)
  }

  private func prepareAnswer() {
    ccurl_set_ptr(easy, CURLOPT_HEADERDATA, Unmanaged.passUnretained(self).toOpaque())
    ccurl_set_fn(easy, CURLOPT_HEADERFUNCTION) { data, size, count, context in
      guard let data, let context else { return 0 }
      let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
      transfer.headers.take(line: UnsafeRawBufferPointer(start: data, count: size * count))
      return size * count
    }
    ccurl_set_ptr(easy, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
    ccurl_set_fn(easy, CURLOPT_WRITEFUNCTION) { data, size, count, context in
      guard let data, let context else { return 0 }
      let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.accept(UnsafeRawBufferPointer(start: data, count: size * count))
    }
  }

  private func supply(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    do throws(SystemError) {
      return try reader.read(into: buffer)
    } catch {
      stop = TransportFailure(kind: .localFile, reason: "\(error)", mayHaveBeenProcessed: false)
      return Int(CURL_READFUNC_ABORT)
    }
  }

  private func accept(_ bytes: UnsafeRawBufferPointer) -> Int {
    // The body of an error is always read: it says what is wrong. The bound of what is asked for may be too short for it.
    let isAsked = status.map { (200..<300).contains($0) } ?? false
    if file >= 0, isAsked {
      if case .file(_, let limit) = request.sink {
        stored += bytes.count
        guard stored <= limit else { return tooLarge(limit) }
      }
      do throws(SystemError) {
        try Files.write(Array(bytes), to: file, path: "the answer")
        return bytes.count
      } catch {
        stop = TransportFailure(kind: .localFile, reason: "\(error)", mayHaveBeenProcessed: true)
        return 0
      }
    }
    var limit = 1 << 20
    if case .memory(let most) = request.sink { limit = isAsked ? most : max(most, limit) }
    guard body.count + bytes.count <= limit else { return tooLarge(limit) }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  private func tooLarge(_ limit: Int) -> Int {
    stop = TransportFailure(
      kind: .tooLarge, reason: "the answer has more than \(limit) bytes", mayHaveBeenProcessed: true)
    return 0
  }

  private var status: Int? {
    var status = 0
    ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    return status > 0 ? status : nil
  }

  /// What the transfer came to; must be asked while the handle still holds its state.
  func result(_ code: CURLcode) -> Result<HTTPResponse, TransportFailure> {
    // libcurl is content with a header section that breaks off.
    if code == CURLE_OK, let status, headers.isComplete {
      return .success(HTTPResponse(status: status, headers: headers, body: body))
    }
    if let stop { return .failure(stop) }
    let written = String(cString: message)
    let reason = written.isEmpty ? String(cString: ccurl_easy_strerror(code)) : written
    return .failure(
      TransportFailure(
        kind: Self.kind(of: code, sent: wasSent), reason: reason, mayHaveBeenProcessed: wasSent))
  }

  private static func kind(of code: CURLcode, sent: Bool) -> TransportFailure.Kind {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unknownHost
    case CURLE_COULDNT_CONNECT: .unreachable
    case CURLE_OPERATION_TIMEDOUT: sent ? .stalled : .unreachable
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CONNECT_ERROR,
      CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
      .insecure
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND,
      CURLE_OK:
      .connectionLost
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: .notHTTP
    default: .other
    }
  }

  private func check(_ code: CURLcode, _ what: String) throws(TransportFailure) {
    guard code != CURLE_OK else { return }
    let reason = "libcurl does not accept \(what): \(String(cString: ccurl_easy_strerror(code)))"
    throw TransportFailure(kind: .other, reason: reason, mayHaveBeenProcessed: false)
  }
}
