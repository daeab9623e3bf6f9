internal import Core

extension Survey {
  /// The error of a repository without any function, which says what was seen instead; nil where there is one, or where
  /// something is wrong that could be the reason.
  var nothing: PackagerError? {
    guard functions.isEmpty, faults.isEmpty else { return nil }
    let seen = Self.telling.compactMap { kind in
      index.files.first { file in
        kind.names.contains(file.name) || kind.endings.contains(where: file.hasSuffix)
      }
    }
    let what = seen.isEmpty ? "" : ": seen were \(seen.map(\.description).joined(separator: ", "))"
    let likely =
      passedOver.isEmpty ? "" : "; \(passedOver.count) files looked like handlers (lamctl list --explain)"
    let template = seen.first {
      ["template.yaml", "template.yml", "serverless.yml", "serverless.yaml"].contains($0.name)
    }
    return .discovery(
      reason: "no function was found\(what)\(likely)",
      fix: (template.map { "run lamctl init --from \($0), or " } ?? "")
        + "write a function.json with \"handler\" into the folder of each function, or list the folders in \"functions\" of"
        + " lamctl.json")
  }

  /// Files that say what kind of repository it is, the most telling first.
  private static let telling: [(names: [String], endings: [String])] = [
    (["template.yaml", "template.yml"], []), (["serverless.yml", "serverless.yaml"], []), (["cdk.json"], []),
    (["sst.config.ts"], []), (["go.mod"], []), (["Cargo.toml"], []), (["pom.xml"], []),
    (["build.gradle", "build.gradle.kts"], []), ([], [".csproj"]), (["Gemfile"], []), (["Package.swift"], []),
    (["package.json"], []), (["pyproject.toml", "requirements.txt"], []), (["Dockerfile"], []), ([], [".tf"]),
  ]
}
