internal import Core

/// What every call goes through: rate limit, connection gate, signature, attempts, and the reading of errors.
final class Pipeline: Sendable {
  let endpoints: EndpointResolver
  let time: ServiceTime
  let clock: any WallClock
  let policy: RetryPolicy
  let transport: any HTTPSender
  /// Learns every credential and every value that answers hold, and masks what services say.
  let secrets: Secrets
  /// Nil for calls that carry their own credentials or none.
  private let store: CredentialStore?
  private let keys = SigningKeys()
  private let quota = Lock(RetryQuota())
  private let admission: Admission
  private let log: (@Sendable (String) -> Void)?
  private let retrying: (@Sendable (RetryNotice) -> Void)?

  init(
    transport: any HTTPSender, endpoints: EndpointResolver, credentials: CredentialStore?,
    policy: RetryPolicy,
    parallel: Int, clock: any WallClock, secrets: Secrets, log: (@Sendable (String) -> Void)?,
    retrying: (@Sendable (RetryNotice) -> Void)?
  ) {
    self.transport = transport
    self.endpoints = endpoints
    self.policy = policy
    self.clock = clock
    self.secrets = secrets
    self.log = log
    self.retrying = retrying
    store = credentials
    time = ServiceTime(clock: clock)
    admission = Admission(parallel: parallel, clock: clock)
  }

  /// The answer to `call`.
  ///
  /// - Throws: ``CallFailure``.
  func send(_ call: APICall) async throws(CallFailure) -> APIAnswer {
    var run = CallRun(call: call, maxAttempts: attempts(for: call))
    let endpoint: Endpoint
    let payloadHash: String
    do throws(AWSError) {
      endpoint = if let own = call.endpoint { own } else { try endpoints.endpoint(for: call.service) }
      payloadHash = if let known = call.payloadHash { known } else { try await hash(of: call.body) }
    } catch {
      throw CallFailure(error: error, lostAnswer: false)
    }
    while true {
      run.attempt += 1
      let outcome: AttemptOutcome
      do throws(AWSError) {
        outcome = try await attempt(call, run, endpoint, payloadHash)
      } catch {
        throw CallFailure(error: error, lostAnswer: run.lostAnswer)
      }
      switch outcome {
      case .answer(let response, let object):
        quota.withLock { $0.giveBack(run.lastCost) }
        return APIAnswer(response: response, object: object, lostAnswer: run.lostAnswer)
      case .failure(let failed):
        run.note(failed)
        guard let wait = wait(after: failed, &run) else {
          throw CallFailure(error: failed.error, lostAnswer: run.lostAnswer)
        }
        run.waited = run.waited + wait
        if run.waited >= RetryNotice.patience {
          retrying?(
            RetryNotice(error: failed.error, attempt: run.attempt, most: run.maxAttempts, wait: wait))
        }
        do {
          try await clock.sleep(for: wait)
        } catch {
          throw CallFailure(error: .cancelled(call.title), lostAnswer: run.lostAnswer)
        }
      }
    }
  }

  /// The same for callers to whom a lost answer makes no difference.
  ///
  /// - Throws: ``AWSError``.
  func answer(_ call: APICall) async throws(AWSError) -> APIAnswer {
    do throws(CallFailure) {
      return try await send(call)
    } catch {
      throw error.error
    }
  }

  /// How the credentials in use were found.
  ///
  /// - Throws: ``AWSError``.
  func credentialSummary() async throws(AWSError) -> CredentialSummary {
    let found = try await found()
    return CredentialSummary(
      keyID: found.credentials.keyID, source: found.credentials.source,
      expiration: found.credentials.expiration,
      passedOver: found.passedOver)
  }

  /// When the credentials in use end for good; nil when they do not, or that is not known.
  func credentialsEnd() async -> Timestamp? { await store?.end() }

  private func found() async throws(AWSError) -> CredentialStore.Found {
    guard let store else { throw .noCredentials([]) }
    return try await store.found()
  }

  /// What takes traffic back does not give up early.
  private func attempts(for call: APICall) -> Int {
    if call.priority == .rollback { return max(policy.maxAttempts, 10) }
    return min(policy.maxAttempts, call.maxAttempts ?? .max)
  }

  private func hash(of body: HTTPBody) async throws(AWSError) -> String {
    do throws(SystemError) {
      return try await body.digest().get().hex
    } catch {
      throw .localFile("\(error)")
    }
  }

  private func attempt(
    _ call: APICall, _ run: CallRun, _ endpoint: Endpoint, _ payloadHash: String
  ) async throws(AWSError) -> AttemptOutcome {
    var credentials: Credentials?
    if call.isSigned {
      credentials = if let own = call.credentials { own } else { try await found().credentials }
    }
    let gate: ConnectionGate?
    do {
      gate = try await admission.enter(call.lane, call.priority, host: endpoint.host)
    } catch {
      throw .cancelled(call.title)
    }
    defer { gate?.leave() }
    let signedAt = time.signingTime
    let request = request(call, run, endpoint, payloadHash, credentials, at: signedAt)
    let started = clock.now()
    do throws(TransportFailure) {
      let response = try await transport.send(request)
      note(call, run, endpoint, "HTTP \(response.status)", response.headers, started)
      return judge(response, call, endpoint, credentials, signedAt)
    } catch {
      if error.kind == .cancelled { throw .cancelled(call.title) }
      note(call, run, endpoint, error.reason, HTTPHeaders(), started)
      return .failure(
        FailedAttempt(
          error: .transport(operation: call.title, endpoint: endpoint.base, origin: endpoint.origin, error),
          mayHaveBeenProcessed: error.mayHaveBeenProcessed, isTimeout: error.kind == .stalled,
          remedy: .wait(nil)))
    }
  }

  private func request(
    _ call: APICall, _ run: CallRun, _ endpoint: Endpoint, _ payloadHash: String, _ credentials: Credentials?,
    at moment: Timestamp
  ) -> HTTPRequest {
    var signable = SignableRequest(
      method: call.method, host: endpoint.host, path: endpoint.basePath + call.path, query: call.query,
      headers: call.headers, payloadHash: payloadHash)
    signable.headers += run.headers
    var headers = signable.headers + [("User-Agent", "lamctl")]
    if let credentials {
      let signer = Signer(service: call.service.signingName, region: endpoint.signingRegion, keys: keys)
      headers += signer.headers(for: signable, credentials: credentials, at: moment)
    }
    let query = call.query.isEmpty ? "" : "?" + PercentEncoding.query(call.query)
    var request = HTTPRequest(
      method: call.method, url: "\(endpoint.scheme)://\(endpoint.host)\(signable.path)\(query)",
      headers: headers,
      body: call.body, sink: call.sink, bypassesProxy: endpoint.isLocal)
    if let stall = call.stallTimeout { request.stallTimeout = stall }
    return request
  }

  private func note(
    _ call: APICall, _ run: CallRun, _ endpoint: Endpoint, _ outcome: String, _ headers: HTTPHeaders,
    _ started: Timestamp
  ) {
    guard let log else { return }
    let took = (clock.now() - started).seconds.formatted(digits: 3)
    let id = FaultReader.requestID(headers).map { ", request id \($0)" } ?? ""
    log("\(call.title) at \(endpoint.host): \(outcome) after \(took)s, attempt \(run.attempt)\(id)")
  }
}

extension Pipeline {
  /// What an answer is worth.
  private func judge(
    _ response: HTTPResponse, _ call: APICall, _ endpoint: Endpoint, _ credentials: Credentials?,
    _ signedAt: Timestamp
  ) -> AttemptOutcome {
    let reader = FaultReader(
      service: call.service, operation: call.operation, resource: call.resource, endpoint: endpoint.base,
      secrets: secrets)
    guard response.isSuccess else {
      let fault = reader.fault(in: response)
      if !fault.isHTML { time.observe(response.headers) }
      if fault.isThrottle { admission.throttled(call.lane) }
      return .failure(
        FailedAttempt(
          error: .service(fault), mayHaveBeenProcessed: response.status >= 500, isTimeout: false,
          remedy: remedy(fault, response.headers, credentials, signedAt, isOwn: call.credentials != nil)))
    }
    time.observe(response.headers)
    if call.service == .s3, reader.isErrorDocument(response) {
      // An upload in parts is completed with 200 and blanks while S3 is at work; how it ends is in the body.
      let fault = reader.fault(in: response)
      let remedy = fault.isRetryable ? FailedAttempt.Remedy.wait(nil) : .none
      return .failure(
        FailedAttempt(error: .service(fault), mayHaveBeenProcessed: true, isTimeout: false, remedy: remedy))
    }
    do throws(AnswerFault) {
      let object = try call.expects.check(response)
      secrets.learn(from: object, of: call.service)
      return .answer(response, object)
    } catch {
      let error = AWSError.malformedAnswer(
        operation: call.title, endpoint: endpoint.base, reason: error.reason)
      return .failure(
        FailedAttempt(error: error, mayHaveBeenProcessed: true, isTimeout: false, remedy: .wait(nil)))
    }
  }

  private func remedy(
    _ fault: ServiceFault, _ headers: HTTPHeaders, _ credentials: Credentials?, _ signedAt: Timestamp,
    isOwn: Bool
  ) -> FailedAttempt.Remedy {
    if fault.isClockSkew, time.correct(signedAt: signedAt) { return .newTime }
    if fault.isExpiredToken, !isOwn, let credentials, store?.spoil(credentials) == true {
      return .newCredentials
    }
    return fault.isRetryable ? .wait(RetryPolicy.asked(headers, now: clock.now())) : .none
  }

  /// How long to wait before the next attempt; nil when there is to be none.
  private func wait(after failed: FailedAttempt, _ run: inout CallRun) -> TimeSpan? {
    switch failed.remedy {
    case .newTime:
      // A proxy with another clock teaches a wrong time now and then: corrections may alternate, at the price of
      // retries from the second on.
      guard run.corrections < run.maxAttempts else { return nil }
      defer { run.corrections += 1 }
      guard run.corrections > 0 else { return .zero }
      return pay(for: failed, &run)
        ? policy.wait(beforeRetry: 0, random: .random(in: 0..<1), asked: nil) : nil
    case .newCredentials:
      defer { run.renewedCredentials = true }
      return run.renewedCredentials ? nil : .zero
    case .none:
      return nil
    case .wait(let asked):
      guard failed.isTransient, run.attempt - run.corrections < run.maxAttempts else { return nil }
      if case .onlyIfNotProcessed = run.call.repetition, failed.mayHaveBeenProcessed { return nil }
      guard pay(for: failed, &run) else { return nil }
      defer { run.retries += 1 }
      return policy.wait(beforeRetry: run.retries, random: .random(in: 0..<1), asked: asked)
    }
  }

  /// Takes the price of one more attempt from the budget of the process; taking traffic back costs nothing.
  private func pay(for failed: FailedAttempt, _ run: inout CallRun) -> Bool {
    guard run.call.priority != .rollback else { return true }
    guard let cost = quota.withLock({ $0.take(afterTimeout: failed.isTimeout) }) else { return false }
    run.lastCost = cost
    return true
  }
}
