import Core
import Glibc
import TestSupport

/// Programs that stand in for those of `PATH`, each a shell script.
struct StandIns {
  private let folder: TemporaryFolder

  init(_ scripts: [String: String]) throws {
    folder = try TemporaryFolder()
    for (name, script) in scripts {
      try folder.write(name, "#!/bin/sh\n" + script + "\n")
      chmod("\(folder.path)/\(name)", 0o755)
    }
  }

  /// The variables under which they are found first.
  var environment: [String: String] {
    ["PATH": "\(folder.path):" + String(cString: getenv("PATH"))]
  }
}
