import Core
import TestSupport
import Testing

/// Functions with a build of their own, each of which notes that it was run.
struct BuiltRepository {
  let folder: TemporaryFolder

  /// Writes `count` functions: `f000`, `f001` and so on.
  ///
  /// - Parameters:
  ///   - endpoint: where the environment's AWS is; nil for the sandbox.
  ///   - cache: `cache` of `lamctl.json`.
  ///   - pause: seconds that each build rests in the middle of its work.
  init(_ count: Int, endpoint: String? = nil, cache: String? = nil, pause: Double = 0) throws {
    folder = try TemporaryFolder()
    let cache = cache.map { "\"cache\": \"\($0)\", " } ?? ""
    try folder.write(
      "lamctl.json",
      """
      {
        "project": "built", "functions": ["fn/*"], \(cache)
        "defaults": {
          "architectures": ["x86_64"], "role": "arn:aws:iam::000000000000:role/built"
        },
        "environments": {
          "prod": { "endpoint": "\(endpoint ?? "sandbox")", "region": "eu-west-1", "account": "000000000000" }
        }
      }
      """)
    for index in 0..<count {
      try write(index, answer: 0)
      try folder.write(
        "fn/\(Self.name(index))/function.json",
        """
        {
          "runtime": "provided.al2023", "handler": "bootstrap", "build": ["sh", "build.sh"], "output": "dist"
        }
        """)
      try folder.write(
        "fn/\(Self.name(index))/build.sh",
        """
        echo built \(Self.name(index))
        mkdir dist
        sleep \(pause)
        i=0
        while [ $i -lt 20 ]; do echo "$i" > dist/part$i; i=$((i + 1)); done
        printf '#!/bin/sh\\n' > dist/bootstrap
        cat answer >> dist/bootstrap
        """)
    }
  }

  /// The logical name of a function.
  static func name(_ index: Int) -> String { CountedRepository.name(index) }

  /// Makes a function another one.
  func write(_ index: Int, answer: Int) throws {
    try folder.write("fn/\(Self.name(index))/answer", "echo \(answer)\n")
  }

  /// Runs `lamctl` in it to its end.
  func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> BuiltBinary.Outcome {
    try await begin(arguments, environment: environment).outcome()
  }

  /// Starts `lamctl` in it.
  func begin(_ arguments: [String], environment: [String: String] = [:]) throws -> BuiltBinary.Run {
    let variables = CountedRepository.plainVariables(home: folder.path)
    return try BuiltBinary.start(
      arguments, in: folder.path, environment: variables.merging(environment) { $1 })
  }
}

extension BuiltBinary.Outcome {
  /// The functions whose builds ran.
  var builds: [String] {
    errors.split(separator: "\n").compactMap { line in
      line.firstRange(of: ": built ").map { String(line[$0.upperBound...]) }
    }
  }
}
