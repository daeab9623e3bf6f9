internal import Core

/// Container images: a `Dockerfile` that builds on one of Lambda's, or brings a client of the runtime API.
struct Image: Language {
  let name = "image"
  let runtimePrefix = "image"
  let standardRuntime = "image"
  let fileNames = ["Dockerfile"]
  let packagedExtensions: [String] = []
  let namesProjects = true
  let prebuiltHandler: String? = "Dockerfile"
  let buildPrograms = ["docker"]

  /// What stands in an image for Lambda, and hardly in another.
  private static let marks = [
    "public.ecr.aws/lambda/", "amazon/aws-lambda-", "public.ecr.aws/awsguru/aws-lambda-adapter",
    "aws-lambda-rie", "awslambdaric", "aws-lambda-ric", "aws_lambda_ric", "aws-lambda-web-adapter",
  ]

  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading {
    let isForLambda = source.split(separator: UInt8(ascii: "\n")).contains { line in
      let words = line.drop { $0 <= 0x20 }
      guard words.first != UInt8(ascii: "#") else { return false }
      let text = String(decoding: words, as: UTF8.self)
      return Self.marks.contains(where: text.contains)
    }
    return SourceReading(handlers: [HandlerSymbol("Dockerfile", isForLambda ? .signature : .nameable)])
  }

  func candidates(among files: [RepositoryPath], in index: RepositoryIndex) -> [HandlerCandidate] {
    files.compactMap { file in
      guard let found = index.reading(file, self)?.handlers else { return nil }
      return HandlerCandidate(language: self, file: file, symbols: found, unit: file.parent)
    }
  }
}
