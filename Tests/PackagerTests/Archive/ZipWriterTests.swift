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

  private static func noise(_ size: Int) -> [UInt8] {
    var state: UInt64 = 7
    return (0..<size).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
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
    // Several blocks that deflating does not make smaller.
    try Files.writeAtomically(Self.noise(1_200_000), to: folder.path + "/noise.bin")
    symlink("handler.py", folder.path + "/link.py")
    try Files.createFolder(folder.path + "/void")
    return try PackageTree(folder: folder.path)
  }

  @Test("how each file begins is known once it has been read, by whichever pass")
  func starts() throws {
    let folder = try TemporaryFolder()
    try Files.writeAtomically(ProgramFile().bytes, to: folder.path + "/program")
    let tree = try tree(in: folder, reversed: false)
    #expect(tree.starts == nil)
    let written = try ZipWriter.write(tree, to: .make(try TemporaryFolder().path)) { _ in "a.zip" }
    let starts = tree.entries.map { entry in
      if case .file(let source, _, _) = entry.content {
        (try? ContentStart.word(of: source)) ?? 0
      } else {
        UInt32(0)
      }
    }
    #expect(starts.contains(0x7F45_4C46) && starts.contains(0x6C69_6E65) && starts.contains(0))
    #expect(written.tree.starts == starts)
    let read = try tree.read(workers: 2)
    #expect(read.tree.starts == starts && read.digest == written.pkg)
  }

  @Test(
    "the same tree gives the same bytes in another folder, order, umask and number of threads",
    arguments: [1, 2, 8])
  func determinism(workers: Int) throws {
    let first = try TemporaryFolder()
    let second = try TemporaryFolder()
    let out = try TemporaryFolder()
    let before = try tree(in: first, reversed: false)
    let reference = try ZipWriter.write(before, to: .make(out.path), workers: 3) { _ in "1.zip" }
    let old = umask(0o077)
    defer { umask(old) }
    let after = try tree(in: second, reversed: true)
    let other = try ZipWriter.write(after, to: .make(out.path), workers: workers) { _ in "2.zip" }
    #expect(reference.zip.sha256 == other.zip.sha256)
    #expect(try Files.read(reference.zip.path) == Files.read(other.zip.path))
    // From one reading of the files: what went into the zip and what its digest is of are the same.
    #expect(reference.pkg == other.pkg)
    #expect(try before.digest(workers: 1) == reference.pkg)
    #expect(try after.digest(workers: 4) == reference.pkg)
    #expect(reference.zip.size == (try Files.read(reference.zip.path)).count)
    #expect(reference.zip.sha256.base64 == SHA256.digest(of: try Files.read(reference.zip.path)).base64)
    #expect(
      before.entries.map(\.path) == [
        "a-b", "a.png", "a/b", "big.txt", "bin/tool", "bootstrap", "empty.txt", "handler.py", "link.py",
        "noise.bin", "void", "ünïcode.txt",
      ])
  }

  @Test("other tools read the zip: contents, modes, links and dates")
  func readers() async throws {
    let folder = try TemporaryFolder()
    let out = try TemporaryFolder()
    let zip = try ZipWriter.write(try tree(in: folder, reversed: false), to: .make(out.path)) { _ in "a.zip" }
      .zip
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
        "link.py 0o120777 0 10", "noise.bin 0o100644 0 1200000", "void/ 0o40755 0 0",
        "ünïcode.txt 0o100644 0 1",
      ])
    let unpacked = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: ["unzip", "-q", zip.path, "-d", out.path + "/x"], environment: .exactly(environment))
    ) { _, _ in }
    #expect(unpacked.isSuccess)
    #expect(try Files.read(out.path + "/x/big.txt") == Files.read(folder.path + "/big.txt"))
  }

  @Test(
    "Info-ZIP, libarchive and Java read every entry without a word",
    arguments: [["unzip", "-tqq"], ["bsdtar", "-tf"], ["jar", "-xf"]])
  func silentReaders(_ command: [String]) async throws {
    let folder = try TemporaryFolder()
    let out = try TemporaryFolder()
    let zip = try ZipWriter.write(try tree(in: folder, reversed: false), to: .make(out.path)) { _ in "a.zip" }
      .zip
    let lines = Lock<[String]>([])
    let exit = try await ChildProcess.run(
      ChildProcess.Specification(
        arguments: command + [zip.path],
        environment: .exactly(["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"]),
        folder: out.path)
    ) { _, line in lines.withLock { $0.append(line) } }
    let names = [
      "a-b", "a.png", "a/b", "big.txt", "bin/tool", "bootstrap", "empty.txt", "handler.py", "link.py",
      "noise.bin", "void/", "ünïcode.txt",
    ]
    #expect(exit.isSuccess)
    #expect(lines.withLock { $0 } == (command[0] == "bsdtar" ? names : []))
  }

  @Test("an archive of 65,535 entries or more has the zip64 records that the format demands")
  func zip64() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("one", "1")
    let sources = (0..<65_600).map { PackageTree.Source(path: "f\($0)", file: file, kind: .file) }
    let zip = try ZipWriter.write(try PackageTree(sources, boundary: []), to: .make(folder.path)) { _ in
      "a.zip"
    }.zip
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
      "back\\slash.txt",
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

  @Test("two sources of one name are refused")
  func duplicates() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("x", "")
    let source = { (path: RepositoryPath) in PackageTree.Source(path: path, file: file, kind: .file) }
    #expect(throws: PackagerError.self) { _ = try PackageTree([source("a"), source("a")], boundary: []) }
  }

  @Test(
    "names that differ by case or in Unicode form are two, and warned of once, folders too",
    arguments: [
      (["a", "A"], ["A and a differ by case only; a Mac cannot unpack both"]),
      (["Data/x", "data/y"], ["Data and data differ by case only; a Mac cannot unpack both"]),
      (["Data/x", "data/x", "data/y"], ["Data and data differ by case only; a Mac cannot unpack both"]),
      (["\u{E9}.txt", "e\u{301}.txt"], ["in Unicode form"]), (["a/x", "b/X"], []),
    ])
  func twins(_ names: [String], _ expected: [String]) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("x", "content")
    let sources = try names.map { name in
      PackageTree.Source(path: try #require(RepositoryPath(name)), file: file, kind: .file)
    }
    let tree = try PackageTree(sources, boundary: [])
    #expect(tree.warnings.count == expected.count)
    for (warning, words) in zip(tree.warnings, expected) { #expect(warning.contains(words)) }
    let zip = try ZipWriter.write(tree, to: .make(folder.path)) { _ in "a.zip" }.zip
    try ZipUnpacking.unpack(zip.path, into: .make(folder.path + "/out"), limit: 100)
    let back = try PackageTree(folder: folder.path + "/out")
    #expect(back.entries.map(\.path) == tree.entries.map(\.path))
  }

  @Test("a link of shared code stays one only where the package has the very file that it leads to")
  func foreignTarget() throws {
    let repository = try TemporaryFolder()
    try repository.write("fn/h.py", "")
    try repository.write("fn/settings.json", "function")
    try repository.write("libs/settings.json", "shared")
    try repository.write("libs/common/c.py", "")
    symlink("../settings.json", repository.path + "/libs/common/settings.json")
    symlink("c.py", repository.path + "/libs/common/d.py")
    let source = { (path: RepositoryPath, file: String, kind: WalkedFile.Kind) in
      PackageTree.Source(path: path, file: repository.path + "/" + file, kind: kind)
    }
    let tree = try PackageTree(
      [
        source("settings.json", "fn/settings.json", .file), source("common/c.py", "libs/common/c.py", .file),
        source("common/settings.json", "libs/common/settings.json", .link),
        source("common/d.py", "libs/common/d.py", .link),
      ], boundary: [repository.path])
    #expect(tree.entries.first { $0.path == "common/d.py" }?.content == .link(target: "c.py"))
    guard
      case .file(let file, _, _)? = tree.entries.first(where: { $0.path == "common/settings.json" })?.content
    else {
      Issue.record("the link leads to another file of the package")
      return
    }
    #expect(file.hasSuffix("/libs/settings.json"))
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
