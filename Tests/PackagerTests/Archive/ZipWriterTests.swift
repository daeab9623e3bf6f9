import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("zip")
struct ZipWriterTests {
  /// Text that compresses, of `size` bytes.
  private static func text(_ size: Int) -> String {
    var state: UInt64 = 42
    var text = ""
    while text.utf8.count < size {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      text += "line \(state >> 40) of a file\n"
    }
    return String(text.prefix(size))
  }

  private func tree(in folder: TemporaryFolder, reversed: Bool) throws -> PackageTree {
    let files = [
      ("handler.py", "print(1)\n", 0o644), ("bin/tool", "#!/bin/sh\n", 0o755),
      ("big.txt", Self.text(1_700_000), 0o600),
      ("ünïcode.txt", "x", 0o664), ("empty.txt", "", 0o644), ("a.png", Self.text(2_000), 0o644),
      ("bootstrap", "#!/bin/sh\n", 0o640), ("a-b", "1", 0o644), ("a/b", "2", 0o644),
    ]
    for (name, text, mode) in reversed ? files.reversed() : files {
      let path = try folder.write(name, text)
      #expect(chmod(path, mode_t(mode)) == 0)
    }
    symlink("handler.py", folder.path + "/link.py")
    try Files.createFolder(folder.path + "/void")
    return try PackageTree(folder: folder.path)
  }

  @Test("the same tree gives the same bytes in another folder, order, umask and number of threads")
  func determinism() throws {
    let first = try TemporaryFolder()
    let second = try TemporaryFolder()
    let out = try TemporaryFolder()
    let before = try tree(in: first, reversed: false)
    let old = umask(0o077)
    defer { umask(old) }
    let after = try tree(in: second, reversed: true)
    let one = try ZipWriter.write(before, to: .make(out.path), as: "1.zip", workers: 1)
    let three = try ZipWriter.write(after, to: .make(out.path), as: "2.zip", workers: 3)
    #expect(one.sha256 == three.sha256)
    #expect(try Files.read(one.path) == Files.read(three.path))
    #expect(try before.digest(workers: 1) == after.digest(workers: 4))
    #expect(one.size == (try Files.read(one.path)).count)
    #expect(one.sha256.base64 == SHA256.digest(of: try Files.read(one.path)).base64)
    #expect(
      before.entries.map(\.path) == [
        "a-b", "a.png", "a/b", "big.txt", "bin/tool", "bootstrap", "empty.txt", "handler.py", "link.py",
        "void", "ünïcode.txt",
      ])
  }

  @Test("other tools read the zip: contents, modes, links and dates")
  func readers() async throws {
    let folder = try TemporaryFolder()
    let out = try TemporaryFolder()
    let zip = try ZipWriter.write(try tree(in: folder, reversed: false), to: .make(out.path), as: "a.zip")
    let script = """
      import sys, zipfile
      z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
      for i in z.infolist():
        assert i.date_time == (1980, 1, 1, 0, 0, 0) and not i.extra and not i.flag_bits & 8
        print(i.filename, oct(i.external_attr >> 16), i.compress_type, i.file_size)
      """
    let lines = Lock<[String]>([])
    let environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin:/root/.pyenv/shims", "PYTHONIOENCODING": "utf-8",
    ]
    let exit = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: ["python3", "-c", script, zip.path], environment: .exactly(environment))
    ) { _, line in lines.withLock { $0.append(line) } }
    #expect(exit.isSuccess)
    #expect(
      lines.withLock { $0 } == [
        "a-b 0o100644 0 1", "a.png 0o100644 0 2000", "a/b 0o100644 0 1", "big.txt 0o100644 8 1700000",
        "bin/tool 0o100755 0 10", "bootstrap 0o100755 0 10", "empty.txt 0o100644 0 0",
        "handler.py 0o100644 0 9",
        "link.py 0o120777 0 10", "void/ 0o40755 0 0", "ünïcode.txt 0o100644 0 1",
      ])
    let unpacked = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: ["unzip", "-q", zip.path, "-d", out.path + "/x"], environment: .exactly(environment))
    ) { _, _ in }
    #expect(unpacked.isSuccess)
    #expect(try Files.read(out.path + "/x/big.txt") == Files.read(folder.path + "/big.txt"))
  }

  @Test("an archive of 65,535 entries or more has the zip64 records that the format demands")
  func zip64() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("one", "1")
    let sources = (0..<65_600).map { PackageTree.Source(path: "f\($0)", file: file, kind: .file) }
    let zip = try ZipWriter.write(try PackageTree(sources, boundary: []), to: .make(folder.path), as: "a.zip")
    let lines = Lock<[String]>([])
    _ = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: [
          "python3", "-c", "import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))",
          zip.path,
        ],
        environment: .exactly(["PATH": "/usr/local/bin:/usr/bin:/bin:/root/.pyenv/shims"]))
    ) { _, line in lines.withLock { $0.append(line) } }
    #expect(lines.withLock { $0 } == ["65600"])
  }

  @Test(
    "names that a package cannot hold are refused",
    arguments: [
      "", "a\u{1B}[2Jb", "a\nb", "\u{202E}gnp.py", "a/\u{2066}b", "\u{200F}", "a\u{7F}", "a\u{85}b",
    ])
  func names(_ name: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("x", "")
    let path = try #require(RepositoryPath(name))
    let text = message {
      _ = try PackageTree([PackageTree.Source(path: path, file: file, kind: .file)], boundary: [])
    }
    #expect(text.contains("name"))
    let isShown = text.unicodeScalars.allSatisfy { $0.showsItself }
    #expect(isShown)
  }

  @Test("two sources of one name are refused, names that differ by case are warned of")
  func duplicates() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("x", "")
    let source = { (path: RepositoryPath) in PackageTree.Source(path: path, file: file, kind: .file) }
    #expect(throws: PackagerError.self) { _ = try PackageTree([source("a"), source("a")], boundary: []) }
    #expect(try PackageTree([source("a"), source("A")], boundary: []).warnings.count == 1)
  }

  @Test(
    "links inside stay, links to the repository are copied, links to /opt stay, others and circles are refused"
  )
  func links() throws {
    let repository = try TemporaryFolder()
    try repository.write("unit/h.py", "h")
    try repository.write("common/lib/s.py", "s")
    let unit = repository.path + "/unit"
    symlink("h.py", unit + "/inside")
    symlink("../common/lib", unit + "/lib")
    symlink("../common/lib/s.py", unit + "/s.py")
    symlink("/opt/python", unit + "/layer")
    let tree = try linked(unit, repository.path)
    #expect(
      tree.entries.map { "\($0.path) \(String($0.mode, radix: 8))" } == [
        "h.py 100644", "inside 120777", "layer 120777", "lib/s.py 100644", "s.py 100644",
      ])
    for target in ["/etc/passwd", "missing", "loop", "../unit"] {
      symlink(target, unit + "/loop")
      #expect(throws: PackagerError.self, "\(target)") { _ = try linked(unit, repository.path) }
      unlink(unit + "/loop")
    }
  }

  private func linked(_ unit: String, _ root: String) throws -> PackageTree {
    let files = try TreeWalk(root: unit, ignoreFiles: []).files(below: "")
    return try PackageTree(
      files.map { PackageTree.Source(path: $0.path, file: $0.path.absolute(in: unit), kind: $0.kind) },
      boundary: [root])
  }
}
