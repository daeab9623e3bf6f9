import Core
import Glibc
import TestSupport
import Testing

@Suite("Files")
struct FilesTests {
  @Test("a file is replaced as one step and leaves no scrap behind")
  func replace() throws {
    let folder = try TemporaryFolder()
    try folder.write("a/b/file", "one")
    try folder.write("a/b/file", "two")
    #expect(try folder.read("a/b/file") == "two")
    #expect(try Files.names(in: folder.path + "/a/b") == ["file"])
  }

  @Test("names come in byte order")
  func names() throws {
    let folder = try TemporaryFolder()
    for name in ["b", "a", "Z", "é", "_"] { try folder.write(name, "") }
    #expect(try Files.names(in: folder.path) == ["Z", "_", "a", "b", "é"])
  }

  @Test("removing a folder takes what is in it and nothing behind a link")
  func remove() throws {
    let folder = try TemporaryFolder()
    try folder.write("keep/file", "kept")
    try folder.write("gone/deep/file", "gone")
    try #require(symlink(folder.path + "/keep", folder.path + "/gone/link") == 0)
    try Files.remove(folder.path + "/gone")
    try Files.remove(folder.path + "/never-there")
    #expect(try folder.read("keep/file") == "kept")
    #expect(try Files.names(in: folder.path) == ["keep"])
  }

  @Test("errors name the file and the system's reason")
  func errors() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: SystemError.self) { try Files.read(folder.path + "/none") }
    #expect(missing?.description == "cannot read \(folder.path)/none: No such file or directory")
    #expect(throws: SystemError.self) { try Files.read(folder.path) }
    try folder.write("long", "12345")
    let long = #expect(throws: SystemError.self) { try Files.read(folder.path + "/long", limit: 4) }
    #expect(long?.reason == "it is larger than 4 bytes, the most that is read")
  }

  @Test("work is handed to threads once an index")
  func threads() {
    let seen = Lock<[Int]>([])
    Threads.forEach(count: 1000, workers: 4) { index in seen.withLock { $0.append(index) } }
    #expect(seen.withLock { $0.sorted() } == Array(0..<1000))
  }
}
