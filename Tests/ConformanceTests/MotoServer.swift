import Core
import TestSupport
import Testing

/// A moto server in a process of its own, on a free port.
final class MotoServer: Sendable {
  let url: String
  private let child: ChildProcess

  private static let program = """
    import signal, sys
    from moto.server import ThreadedMotoServer
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(f"http://{host}:{port}", flush=True)
    signal.sigwait({signal.SIGTERM})
    """

  init() async throws {
    let line = Lock<String?>(nil)
    let errors = Lock<[String]>([])
    let process = try Python.start(Self.program, environment: [:]) { stream, text in
      if stream == .output { line.withLock { $0 = $0 ?? text } } else { errors.withLock { $0.append(text) } }
    }
    _ = await eventually(within: .seconds(60)) { line.withLock { $0 != nil } || process.exitIfEnded != nil }
    child = process
    url = try #require(line.withLock { $0 }, "\(errors.withLock { $0.suffix(5).joined(separator: "\n") })")
  }

  func stop() async {
    child.kill()
    _ = await child.exit()
  }

  /// Credentials that moto does not look at, and the endpoint.
  var environment: [String: String] {
    [
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
      "AWS_DEFAULT_REGION": "eu-west-1",
      "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": url,
    ]
  }

  /// Runs a program with boto3 against the server; `aws` is a function that makes clients.
  func boto3(_ program: String) async throws -> JSON {
    let head = """
      import boto3, botocore.config, json, datetime
      # moto does not understand compressed requests.
      config = botocore.config.Config(disable_request_compression=True)
      aws = lambda service: boto3.client(service, endpoint_url="\(url)", region_name="eu-west-1", config=config)

      """
    return try await Python.run(head + program, environment: environment)
  }
}
