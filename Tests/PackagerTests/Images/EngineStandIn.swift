import Core
import TestSupport
import Testing

@testable import Packager

/// A stand-in for the docker CLI, which notes how it was called and answers as the real one does.
struct EngineStandIn {
  let log: TemporaryFolder
  let programs: StandIns

  static let id = "sha256:" + String(repeating: "1a", count: 32)
  static let manifest = String(repeating: "2b", count: 32)

  /// - Parameters:
  ///   - inspected: what `docker image inspect` writes.
  ///   - push: what `docker push` does once it has noted its call.
  init(
    inspected: String = Self.inspected(),
    push: String = "echo \"lamctl-1a: digest: sha256:\(manifest) size: 1573\""
  ) throws {
    let log = try TemporaryFolder()
    self.log = log
    programs = try StandIns([
      "docker": """
      log='\(log.path)'
      for word in "$@"; do printf '%s\\n' "$word"; done >> "$log/words"
      echo -- >> "$log/words"
      env | sort >> "$log/variables"
      case "$1 $2" in
      "buildx build")
        while [ $# -gt 1 ]; do
          case $1 in --iidfile) printf '\(Self.id)' > "$2" ;; esac
          shift
        done
        echo "building from $1"
        (cd "$1" && find . | sort) > "$log/context"
        stat -c '%a %Y %n' "$1" "$1"/* > "$log/stat"
        ;;
      "image inspect") echo '\(inspected)' ;;
      push*)
        if [ -n "$DOCKER_CONFIG" ]; then
          cat "$DOCKER_CONFIG/config.json" > "$log/settings"
          stat -c '%a' "$DOCKER_CONFIG" "$DOCKER_CONFIG/config.json" > "$log/modes"
          echo "$DOCKER_CONFIG" > "$log/place"
          ls "$DOCKER_CONFIG/contexts" > "$log/contexts" 2>&1
        fi
        \(push)
        ;;
      esac
      """
    ])
  }

  static func inspected(
    processor: String = "amd64", entryPoint: String = #"["/lambda-entrypoint.sh"]"#,
    command: String = #"["app.handler"]"#, size: Int = 500, layers: String = #"["sha256:aa"]"#
  ) -> String {
    #"{"Id": "\#(id)", "Os": "linux", "Architecture": "\#(processor)", "Size": \#(size), "#
      + #""Created": "1980-01-01T00:00:00Z", "Config": {"Entrypoint": \#(entryPoint), "Cmd": \#(command), "#
      + #""Env": ["A=1"], "WorkingDir": "/var/task"}, "RootFS": {"Type": "layers", "Layers": \#(layers)}}"#
  }

  /// The words of each call.
  func calls() throws -> [[String]] {
    try log.read("words").split(separator: "--\n").map { $0.split(separator: "\n").map(String.init) }
  }
}
