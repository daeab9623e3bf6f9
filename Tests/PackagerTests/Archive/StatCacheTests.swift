import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("The cache of files that have not changed")
struct StatCacheTests {
  private let file = WalkedFile(path: "a.txt", kind: .file, rule: nil)

  /// A repository with a file that has rested, and a cache of it where a digest would have been.
  private func primed() throws -> Repository {
    let repository = try Repository(["a.txt": "1", ".lamctl/x": ""])
    let path = repository.path + "/a.txt"
    let cache = try #require(StatCache(root: repository.path, environment: [:]))
    // The system's clock sets the time of the last change, and two seconds are long to wait: the stamp is made older.
    let stamp = try #require(FileStatus(at: path)?.stamp)
    let old = FileStamp(
      size: stamp.size, modified: 1, changed: 1, inode: stamp.inode, device: stamp.device,
      permissions: stamp.permissions)
    cache.note("f" + String(repeating: "0", count: 64), of: "a.txt", before: old, after: old)
    cache.save()
    return repository
  }

  @Test("is kept between runs, is the owner's alone, and gives no word for a file with another stamp")
  func kept() throws {
    let repository = try primed()
    let again = try #require(StatCache(root: repository.path, environment: [:]))
    #expect(again.word(of: file, root: repository.path) == nil)
    let status = try #require(FileStatus(at: repository.path + "/.lamctl/files"))
    #expect(status.permissions == 0o600)
    #expect(status.size == 15 + 32 + 56 + 65 + 5 + 32)
  }

  @Test("knows a file that has rested, until any part of its stamp is another")
  func rested() throws {
    let repository = try Repository(["a.txt": "1", ".lamctl/x": ""])
    let path = repository.path + "/a.txt"
    // A tick of the clock may hold two changes: every file is read again that changed in the last two seconds.
    let words = { (rest: Int64) throws -> [String] in
      let cache = StatCache(root: repository.path, environment: [:], rest: rest)
      defer { cache?.save() }
      return try FileHash.words(root: repository.path, files: [self.file], workers: 1, cache: cache)
    }
    let known = { () throws -> String? in
      try #require(StatCache(root: repository.path, environment: [:])).word(
        of: self.file, root: repository.path)
    }
    let first = try words(2_000_000_000)
    #expect(try known() == nil)
    #expect(try words(-10_000_000_000) == first)
    #expect(try known() == first[0])
    chmod(path, 0o755)
    #expect(try words(2_000_000_000) != first)
    chmod(path, 0o644)
    try repository.folder.write("a.txt", "2")
    var old = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    utimensat(AT_FDCWD, path, &old, 0)
    #expect(try words(2_000_000_000) != first, "of the same length and with another time, but changed")
  }

  @Test("is not there in CI, and where there is no folder for it")
  func absent() throws {
    let repository = try primed()
    #expect(StatCache(root: repository.path, environment: ["CI": "true"]) == nil)
    #expect(StatCache(root: try Repository(["a.txt": "1"]).path, environment: [:]) == nil)
  }

  @Test("that is cut, changed or foreign is none", arguments: [0, 10, 60, 100, -1])
  func broken(cut: Int) throws {
    let repository = try primed()
    let path = repository.path + "/.lamctl/files"
    var bytes = try Files.read(path)
    if cut < 0 { bytes[20] ^= 1 } else { bytes = Array(bytes.prefix(cut)) }
    try Files.writeAtomically(bytes, to: path)
    let cache = try #require(StatCache(root: repository.path, environment: [:]))
    #expect(cache.word(of: file, root: repository.path) == nil)
    cache.note("f" + String(repeating: "1", count: 64), of: "b.txt", before: stamp, after: stamp)
    cache.save()
    #expect(try Files.read(path).count == 15 + 32 + 56 + 65 + 5 + 32)
  }

  @Test("gives back what a source shows, to the language that looked into it, and forgets it with the file")
  func readings() throws {
    let repository = try Repository([
      "a/handler.py": "from lib import x\n" + pythonHandler, "a/lib.py": "x = 1\n", ".lamctl/x": "",
    ])
    let path: RepositoryPath = "a/handler.py"
    let (root, git) = (repository.path, try repository.open().git)
    let index = { (rest: Int64) throws -> RepositoryIndex in
      try RepositoryIndex(
        root: root, git: git, hashes: true, cache: StatCache(root: root, environment: [:], rest: rest))
    }
    let first = try index(-10_000_000_000)
    let reading = try #require(first.reading(path, Python()))
    #expect(reading.imports == [SourceImport(module: "lib", names: ["x"])])
    let words = first.takeWords()
    let cache = try #require(first.cache)
    for (path, word) in words { cache.note(word, of: path, root: root) }
    cache.save()
    let again = try index(0)
    #expect(
      again.cache?.shown(by: path, root: root, to: "python")?.bytes.elementsEqual(reading.bytes) == true)
    #expect(again.cache?.shown(by: path, root: root, to: "node")?.word.word == nil)
    #expect(again.reading(path, Python()) == reading)
    #expect(again.takeWords()[path]?.word == words[path]?.word)
    try repository.folder.write(path.text, pythonHandler)
    #expect(try index(0).reading(path, Python())?.imports == [])
  }

  @Test("never gives another answer than reading does, whatever has happened to the files", arguments: 0..<12)
  func edits(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let repository = try Repository(["a/handler.py": pythonHandler, "lib.py": "x = 1\n", ".lamctl/x": ""])
    let (root, git) = (repository.path, try repository.open().git)
    let names = ["a/handler.py", "lib.py", "a/b.py", "a/data.bin", "c/d/e.py", "c.py", "é.py"]
    let look = { (cache: StatCache?) throws -> (words: [String], readings: [SourceReading?]) in
      let index = try RepositoryIndex(root: root, git: git, hashes: true, cache: cache)
      let sources = index.files.filter { $0.hasExtension("py") }
      index.look(into: sources, Python())
      let readings = sources.map { index.reading($0, Python()) }
      let words = try FileHash.words(
        root: root, files: index.walked.files, workers: 2, known: index.takeWords(), cache: cache)
      cache?.save()
      return (words, readings)
    }
    for round in 0..<8 {
      let name = names.randomElement(using: &random) ?? names[0]
      switch Int.random(in: 0..<4, using: &random) {
      case 0: try Files.remove("\(root)/\(name)")
      case 1: chmod("\(root)/\(name)", round.isMultiple(of: 2) ? 0o755 : 0o644)
      default:
        // Another length every time: the clock may not have gone on.
        let text = "import m\(round)\n" + String(repeating: "#", count: round) + "\n"
        try repository.folder.write(name, text)
      }
      let cached = try look(StatCache(root: root, environment: [:], rest: -10_000_000_000))
      let read = try look(nil)
      #expect(cached.words == read.words)
      #expect(cached.readings == read.readings)
    }
  }

  private let stamp = FileStamp(size: 1, modified: 1, changed: 1, inode: 1, device: 1, permissions: 0o644)
}
