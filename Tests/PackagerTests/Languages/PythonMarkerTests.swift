import Testing

@testable import Packager

@Suite("Python conditions and versions")
struct PythonMarkerTests {
  private static let target = PythonMarker.Target(minor: 10, architecture: "arm64")

  @Test(
    "conditions are held against the target, never against this machine",
    arguments: [
      (#"python_version < "3.11""#, true), (#"python_version >= '3.11'"#, false),
      (#"python_version == "3.*""#, true), (#"python_version != "3.10""#, false),
      (#"python_version in "3.9 3.10""#, true), (#"python_version not in "3.9,3.10""#, false),
      (#"python_full_version >= "3.10.0""#, true), (#"python_full_version ~= "3.9""#, true),
      (#"python_full_version ~= "3.9.1""#, false),
      (#"platform_machine == "aarch64" and sys_platform == "linux""#, true),
      (#"platform_machine == "x86_64" or os_name == "nt""#, false),
      (#"(os_name == "nt" or os_name == "posix") and implementation_name == "cpython""#, true),
      (#"os_name == "nt" or os_name == "posix" and python_version < "3""#, false),
      (#"extra == "socks""#, false), (#"'linux' == sys_platform"#, true),
      (#"platform_python_implementation != "PyPy""#, true), (#"python_version > "3.9""#, true),
      (#"python_version < "3.9.1""#, false),
    ])
  func conditions(_ text: String, _ holds: Bool) throws {
    let marker = try #require(PythonMarker(text))
    #expect(marker.holds(on: Self.target) == holds)
  }

  @Test("a condition of an extra holds where the extra is asked for, however it is spelled")
  func extras() throws {
    let marker = try #require(PythonMarker(#"extra == "Async_IO" and python_version < "4""#))
    #expect(marker.holds(on: Self.target, extras: ["async-io"]))
    #expect(!marker.holds(on: Self.target, extras: ["other"]))
  }

  @Test(
    "what is no condition is none",
    arguments: [
      "", "python_version", "python_version <", "== '3'", "(os_name == 'nt'", "os_name == 'nt", "a ; b",
    ])
  func broken(_ text: String) { #expect(PythonMarker(text) == nil) }

  @Test("brackets within brackets end somewhere")
  func deep() {
    #expect(
      PythonMarker(String(repeating: "(", count: 900) + "a == b" + String(repeating: ")", count: 900)) == nil)
  }

  @Test("versions are in the order of PEP 440")
  func order() {
    let sorted = [
      "1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0+local", "1.0.post1.dev2", "1.0.post1",
      "1.1.dev0",
      "1.1", "1.10", "2!0.1",
    ].map { PythonVersion($0) }
    for (low, high) in zip(sorted, sorted.dropFirst()) {
      #expect(low.flatMap { low in high.map { low < $0 } } == true)
    }
    #expect(PythonVersion("1.0") == PythonVersion("v1.0.0"))
    #expect(PythonVersion("nothing") == nil && PythonVersion("1.x") == nil)
  }

  @Test(
    "a line of requirements is what it is for the target",
    arguments: [
      (#"old==1.0 ; python_version < "3.11""#, "old==1.0"), (#"new==1.0; python_version >= "3.11""#, nil),
      (#"a[b]==1 ; sys_platform == "linux" --hash=sha256:00"#, "a[b]==1 --hash=sha256:00"),
      ("-e ./libx", "./libx"),
      ("--no-index", "--no-index"), ("x @ https://h/a;b.whl", "x @ https://h/a;b.whl"), ("y", "y"),
      ("--find-links ./wheels", "--find-links ./wheels"),
    ])
  func lines(_ line: String, _ expected: String?) {
    #expect(RequirementsTarget(target: Self.target).line(line) == expected)
  }

  @Test(
    "a condition may hold where only the last number of the version, or the kernel, decides",
    arguments: [
      (#"python_full_version >= "3.10.4""#, true), (#"python_full_version >= "3.11""#, false),
      (#"platform_release == "x""#, true), (#"python_version < "3.10""#, false), (#"os_name == "nt""#, false),
    ])
  func possible(_ text: String, _ mayHold: Bool) throws {
    #expect(try #require(PythonMarker(text)).mayHold(on: Self.target) == mayHold)
  }

  @Test(
    "a condition holds for certain where no number that is not known decides, and no variable",
    arguments: [
      (#"python_full_version <= "3.10.2""#, true, false), (#"python_full_version < "3.11""#, true, true),
      (#"python_implementation == "CPython""#, true, true),
      (#"platform.python_implementation == "PyPy""#, false, false),
      (#"moon_phase == "full""#, true, false), (#"extra == "a" and python_version > "3.9""#, true, true),
      (#"extra == "b""#, false, false),
    ])
  func certain(_ text: String, _ mayHold: Bool, _ mustHold: Bool) throws {
    let marker = try #require(PythonMarker(text))
    #expect(marker.mayHold(on: Self.target, extras: ["a"]) == mayHold)
    #expect(marker.mustHold(on: Self.target, extras: ["a"]) == mustHold)
  }

  @Test("which build of a version it is counts only where a requirement names one")
  func local() throws {
    let version = try #require(PythonVersion("2.3.1+cpu"))
    for line in ["torch==2.3.1", "torch<=2.3.1", "torch~=2.3.1", "torch==2.3.1+cpu"] {
      #expect(Requirements.accepts(version, in: line) == true, "\(line)")
    }
    for line in ["torch===2.3.1", "torch!=2.3.1", "torch==2.3.1+cu118", "torch>2.3.1"] {
      #expect(Requirements.accepts(version, in: line) == false, "\(line)")
    }
  }

  @Test(
    "folders of packages are found in lines of options as an installer reads them",
    arguments: [
      ("--find-links ./wheels --no-index", ["./wheels"]), ("--no-index --find-links=./wheels", ["./wheels"]),
      ("--find-links './my wheels' -f more", ["./my wheels", "more"]), ("-f./wheels", ["./wheels"]),
      ("-f https://e/simple", []), ("--no-index", []), ("--index-url https://e/-f/x", []),
    ] as [(String, [String])])
  func stores(_ line: String, _ folders: [String]) {
    #expect(Requirements.stores(Array(line.utf8)).map(\.text) == folders)
  }

  @Test(
    "a version is held against what a requirement allows, where that can be told",
    arguments: [
      ("x", true), ("x>=1,<3", true), ("x [a,b] (>=2.1)", false), ("x!=2", false), ("x~=1.9", false),
      ("x==2.*", true), ("x<2", false), ("x === two", nil), ("x @ https://e/x.whl", nil),
      ("x>=3,===?", false),
    ] as [(String, Bool?)])
  func accepted(_ line: String, _ isAccepted: Bool?) throws {
    #expect(Requirements.accepts(try #require(PythonVersion("2.0")), in: line) == isAccepted)
  }
}
