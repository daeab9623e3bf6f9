import Core

/// The folders of every module, the highest floor first: code may name types of lower floors only. Folders of one floor
/// know nothing of one another; `.` is the module's own folder.
enum Floors {
  static let ofModules: [String: [[String]]] = [
    "Core": [
      ["Secrets", "System"],
      ["Paths", "TOML", "YAML"],
      ["JSON", "Time"],
      ["Concurrency", "Hash", "Text", "Units"],
    ],
    "LambdaSettings": [
      ["Values"],
      ["Catalogue"],
      ["Model"],
      ["Pattern"],
    ],
    "AWSClient": [
      ["Client"],
      ["Credentials/Providers"],
      [
        "Services/APIGateway", "Services/CloudWatch", "Services/ECR", "Services/EventBridge",
        "Services/Lambda", "Services/Logs", "Services/S3", "Services/SNS", "Services/SQS", "Services/SSM",
        "Services/STS", "Services/Scheduler",
      ],
      ["Pipeline"],
      ["Credentials", "Endpoints", "Retry", "Signing"],
      ["Config"],
      ["Errors"],
      ["Model", "Transport"],
    ],
    "Packager": [
      ["Artifacts", "Gate"],
      ["Build"],
      ["Cache", "Digest", "Proposal"],
      ["Workspace"],
      ["Discovery"],
      ["Languages"],
      ["Languages/Go", "Languages/Rust", "Languages/Swift"],
      [
        "Languages/Bootstrap", "Languages/DotNet", "Languages/Image", "Languages/Java", "Languages/Node",
        "Languages/Python", "Languages/Ruby",
      ],
      ["Languages/Language"],
      ["LockFiles"],
      ["Store"],
      ["Archive", "Config", "Inspect"],
      ["Git"],
      ["Model"],
    ],
    "Sandbox": [
      ["."],
      ["Services", "Traffic"],
      ["Services/Fronts", "Services/Scheduler"],
      [
        "Mappings", "Services/APIGateway", "Services/CloudWatch", "Services/EventBridge", "Services/Lambda",
        "Services/Logs", "Services/S3", "Services/SNS", "Services/SQS", "Services/SSM", "Services/STS",
      ],
      ["Rules", "RuntimeAPI"],
      ["Events", "Faults", "Metrics", "Names", "Queues", "Signing", "Topics"],
      ["State"],
      ["Wire"],
      ["HTTP"],
      ["Basics", "Patterns"],
    ],
    "Triggers": [
      ["Moves"],
      ["Moves/Kinds"],
      ["Bare", "Moves/Model", "Previews"],
      ["AWS", "Run"],
      ["Kinds"],
      ["Notifications", "Pace", "Ports"],
      ["Marks"],
      ["Model"],
    ],
    "Release": [
      ["Deploy"],
      ["Previews", "Rollback", "Takeover"],
      ["Aftermath", "Publish", "Review", "Triggers"],
      ["Rollout", "State", "Status", "Versions"],
      ["Preflight"],
      ["Adoption"],
      ["Companions", "DeadMan", "Explain", "Metrics", "Plan", "Report"],
      ["Alias"],
      ["Ports"],
      ["Machine"],
      ["Model"],
      ["Judge", "Record"],
    ],
    "lamctl": [
      ["."],
      ["Commands"],
      ["Doctor"],
      ["Session"],
      ["Report"],
      ["Options"],
      ["CI", "CommandLine"],
      ["Permissions", "Terminal"],
    ],
  ]
}

/// The sources of one module: which file declares a type, and which files name it.
struct SourceModule {
  /// One file: its path from the module's folder, and what it says.
  struct File {
    let path: String
    let text: SwiftText

    /// The folder that the file is in; `.` for the module's own.
    var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }
  }

  let name: String
  let files: [File]

  /// The one file of each type; a name that two files declare could mean either and is left out.
  private var homes: [String: File] {
    var homes: [String: [File]] = [:]
    for file in files { for type in file.text.types { homes[type, default: []].append(file) } }
    return homes.compactMapValues { $0.count == 1 ? $0[0] : nil }
  }

  /// What is wrong by `floors`, a sentence each: arrows that lead up or across, and folders that stand on no floor.
  func faults(by floors: [[String]]) -> [String] {
    var floor: [String: Int] = [:]
    for (index, folders) in floors.enumerated() { for folder in folders { floor[folder] = index } }
    let there = Set(files.map(\.folder))
    let homeless = there.filter { floor[$0] == nil }.sorted().map {
      "Sources/\(name)/\($0) stands on no floor: give it one in the table of floors"
    }
    let empty = floor.keys.filter { !there.contains($0) }.sorted().map {
      "the table of floors has \($0), and Sources/\(name) has no such folder"
    }
    let homes = homes
    let arrows = files.flatMap { file in
      file.text.names.compactMap { type -> String? in
        guard let home = homes[type], home.folder != file.folder, let from = floor[file.folder],
          let to = floor[home.folder], to <= from
        else { return nil }
        let way = to == from ? "beside" : "above"
        return "Sources/\(name)/\(file.path) uses \(type), which is declared in \(home.path): "
          + "\(home.folder) stands \(way) \(file.folder), and arrows go downwards only"
      }
    }
    return homeless + empty + arrows.sorted()
  }
}
