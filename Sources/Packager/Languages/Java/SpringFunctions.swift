internal import Core

/// Functions of Spring Cloud Function: the repository has the application, the library has the handler. Sources:
/// docs.spring.io/spring-cloud-function/reference/adapters/aws-intro.html.
enum SpringFunctions {
  /// What Lambda is given for every such application.
  static let handler = "org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest"

  private static let adapter = Array("spring-cloud-function-adapter-aws".utf8)
  private static let annotations = [
    "org.springframework.boot.autoconfigure.SpringBootApplication", "org.springframework.boot.autoconfigure",
    "org.springframework.boot.autoconfigure.",
  ]

  /// The files that hold an application, each with its class.
  static func applications(
    among files: [RepositoryPath], of language: any Language, in index: RepositoryIndex
  ) -> [(file: RepositoryPath, type: String)] {
    files.compactMap { file in
      guard let reading = index.reading(file, language), let type = reading.types.first,
        reading.imports.contains(where: { annotations.contains($0.module) })
      else { return nil }
      return (file, type.simpleName)
    }
  }

  /// Whether a manifest of `unit` asks for the adapter.
  static func isAdapted(
    _ unit: RepositoryPath, manifests: [Manifest], in index: RepositoryIndex
  ) -> Bool {
    manifests.contains { manifest in
      index.manifest(unit.appending(manifest.name)).map { $0.contains(adapter) } ?? false
    }
  }
}
