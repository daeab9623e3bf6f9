import Core
import Glibc
import TestSupport
import Testing

@testable import Packager

@Suite("the build cache")
struct PackageCacheTests {
  private func fill(_ work: CacheWork, _ text: String) throws(PackagerError) {
    let folder = try work.treeFolder()
    do throws(SystemError) { try folder.write(Array(text.utf8), to: "f") } catch { throw .system(error) }
  }

  private let key = SHA256.digest(of: "key")

  @Test("of many that ask at once, here and in other caches of the folder, one makes the tree")
  func once() async throws {
    let folder = try TemporaryFolder()
    // Two values are as apart as two processes are: their locks are of files.
    let caches = [PackageCache(folder: folder.path), PackageCache(folder: folder.path)]
    let made = Lock(0)
    let key = key
    let trees = try await Concurrent.map(Array(0..<40), limit: 40) { index in
      try await caches[index % 2].tree(for: key, about: "") { (work) throws(PackagerError) in
        made.withLock { $0 += 1 }
        for _ in 0..<20 { await Task.yield() }
        try fill(work, "content")
      }
    }
    #expect(made.withLock { $0 } == 1)
    #expect(Set(trees.map(\.path)).count == 1)
    #expect(trees.count { $0.isMade } == 1)
    #expect(try Files.names(in: folder.path + "/locks").isEmpty)
    #expect(try Files.names(in: folder.path + "/tmp").isEmpty)
  }

  @Test("what fails is made anew by the next that asks, and leaves nothing")
  func failure() async throws {
    let folder = try TemporaryFolder()
    let cache = PackageCache(folder: folder.path)
    await #expect(throws: PackagerError.archive(reason: "no")) {
      _ = try await cache.tree(for: key, about: "") { (work) throws(PackagerError) in
        try fill(work, "half")
        throw .archive(reason: "no")
      }
    }
    #expect(try Files.names(in: folder.path + "/tmp").isEmpty)
    let tree = try await cache.tree(for: key, about: "") { (work) throws(PackagerError) in
      try fill(work, "whole")
    }
    #expect(try Files.read(tree.path + "/f") == Array("whole".utf8))
  }

  @Test("what a killed process has left is gone after the next look, and what is in use stays")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    let cache = PackageCache(folder: folder.path)
    let used = try cache.work()
    try folder.write("tmp/1-1/staging/half", "half")
    try folder.write("locks/\(String(repeating: "a", count: 64))", "")
    try cache.removeLeftovers()
    #expect(try Files.names(in: folder.path + "/tmp") == [used.name])
    #expect(try Files.names(in: folder.path + "/locks").isEmpty)
  }

  @Test("verify removes what is damaged and keeps the rest; prune keeps what was used last, or just now")
  func upkeep() async throws {
    let folder = try TemporaryFolder()
    let cache = PackageCache(folder: folder.path)
    for index in 0..<3 {
      _ = try await cache.tree(for: SHA256.digest(of: "\(index)"), about: "number \(index)") {
        (work) throws(PackagerError) in
        try fill(work, String(repeating: "x", count: 1000))
      }
    }
    let trees = try cache.entries()
    #expect(trees.count == 3)
    #expect(Set(trees.map(\.about)) == ["number 0", "number 1", "number 2"])
    let broken = SHA256.digest(of: "1").hex
    try Files.writeAtomically([], to: "\(folder.path)/trees/\(broken)/tree/f")
    #expect(try cache.verify().map(\.key) == [broken])
    #expect(try cache.verify().isEmpty)

    let now = Int(SystemClock().now().seconds)
    #expect(try cache.prune(limit: 0, now: now).isEmpty)
    #expect(try cache.prune(limit: 1_500, now: now + 2 * PackageCache.rest).count == 1)
    #expect(try cache.entries().count == 1)
  }

  @Test("a zip that a killed build left without a record is not damaged, is never used, and is pruned")
  func unnoted() async throws {
    let folder = try TemporaryFolder()
    let cache = PackageCache(folder: folder.path)
    _ = try cache.zips()
    let zip = "\(folder.path)/zips/\(SHA256.digest(of: "a package").hex.prefix(32)).zip"
    try Files.writeAtomically(Array("bytes".utf8), to: zip)
    #expect(try cache.verify().isEmpty)
    let shelf = try PackageShelf(cache)
    #expect(shelf.zip(of: SHA256.digest(of: "a package"), for: key) == nil)
    shelf.close()
    let now = Int(SystemClock().now().seconds)
    #expect(try cache.prune(limit: 0, now: now + 2 * PackageCache.rest).map(\.kind) == [.zip])
    #expect(!Files.exists(zip))
  }

  @Test("what many runs have noted becomes one file, of which nothing is lost but what has no zip any more")
  func notes() async throws {
    let folder = try TemporaryFolder()
    let cache = PackageCache(folder: folder.path)
    let keys = (0..<PackageNotes.mostFiles + 3).map { SHA256.digest(of: "build \($0)") }
    var made: [Digest: Digest] = [:]
    for key in keys {
      try folder.write("content/f", key.hex)
      let shelf = try PackageShelf(cache)
      defer { shelf.close() }
      let tree = try PackageTree(folder: folder.path + "/content")
      let written = try shelf.write(tree, workers: 1, memory: ZipMemory())
      try shelf.note([NewPackage(key: key, pkg: written.pkg, zip: written.zip)])
      made[key] = written.pkg
    }
    let files = try Files.names(in: folder.path + "/packages")
    #expect(files.count < PackageNotes.mostFiles)
    #expect(
      try cache.entries().filter { $0.kind == .package }.map(\.about).contains("what 9 builds have come to"))
    #expect(try cache.verify().isEmpty)
    #expect(try Files.names(in: folder.path + "/tmp").isEmpty)

    // A file that is damaged costs what it knew, and nothing else.
    let damaged = folder.path + "/packages/\(String(repeating: "0", count: 64)).json"
    try Files.writeAtomically(Array("{".utf8), to: damaged)
    let lost = try #require(made[keys[0]])
    try Files.remove(folder.path + "/zips/" + FinishedPackage.zipName(lost.hex))
    let shelf = try PackageShelf(cache)
    defer { shelf.close() }
    for key in keys {
      let pkg = try #require(made[key])
      #expect(shelf.isFinished(key))
      #expect((shelf.zip(of: pkg, for: key) == nil) == (key == keys[0]))
    }
    #expect(try cache.verify().map(\.key) == [String(repeating: "0", count: 64)])
  }

  @Test("a build that has come to one thing and then to another is known by both")
  func irreproducible() async throws {
    let folder = try TemporaryFolder()
    let cache = PackageCache(folder: folder.path)
    var made: [Digest] = []
    for text in ["one", "two"] {
      try folder.write("content/f", text)
      let shelf = try PackageShelf(cache)
      defer { shelf.close() }
      let tree = try PackageTree(folder: folder.path + "/content")
      let written = try shelf.write(tree, workers: 1, memory: ZipMemory())
      try shelf.note([NewPackage(key: key, pkg: written.pkg, zip: written.zip)])
      made.append(written.pkg)
    }
    let shelf = try PackageShelf(cache)
    defer { shelf.close() }
    for pkg in made { #expect(shelf.zip(of: pkg, for: key) != nil) }
  }

  @Test("a shared cache is read by all and written once; a damaged or foreign answer is made anew and told")
  func shared() async throws {
    let folder = try TemporaryFolder()
    let store = FolderStore(path: folder.path + "/shared", place: "shared")
    let warnings = Lock<[String]>([])
    let made = Lock(0)
    let key = key
    let ask = { (machine: String) async throws -> CachedTree in
      let cache = PackageCache(folder: "\(folder.path)/\(machine)", store: store) { warning in
        warnings.withLock { $0.append(warning) }
      }
      return try await cache.tree(for: key, about: "") { (work) throws(PackagerError) in
        made.withLock { $0 += 1 }
        try fill(work, "content")
      }
    }
    let first = try await ask("a")
    let second = try await ask("b")
    #expect(first.isMade)
    #expect(!second.isMade)
    #expect(try Files.read(second.path + "/f") == Array("content".utf8))
    #expect(made.withLock { $0 } == 1)
    #expect(warnings.withLock { $0 } == [])

    let blobs = folder.path + "/shared/blobs"
    let blob = try #require(try Files.names(in: blobs).first)
    let bytes = try Files.read("\(blobs)/\(blob)")
    try Files.writeAtomically(bytes.dropLast() + [1], to: "\(blobs)/\(blob)")
    #expect(try await ask("c").isMade)
    #expect(warnings.withLock { $0.count } == 1)
    // It was replaced: the next machine gets it.
    #expect(try Files.read("\(blobs)/\(blob)") == bytes)
    #expect(try await !ask("c2").isMade)

    let record = "\(folder.path)/shared/trees/\(key.hex).json"
    for text in ["", "{}", "[", #"{"schema": "lamctl.tree/1", "digest": "a", "sha256": "../../../a/f"}"#] {
      try Files.writeAtomically(Array(text.utf8), to: record)
      #expect(try await ask("d\(text.count)").isMade)
      #expect(try Files.read(record) != Array(text.utf8))
      #expect(try await !ask("e\(text.count)").isMade)
    }
  }
}
