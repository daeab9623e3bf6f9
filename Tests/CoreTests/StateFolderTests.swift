import Core
import Glibc
import TestSupport
import Testing

@Suite struct StateFolderTests {
  /// A folder with something in it that must stay, beside a repository.
  private func scene() throws -> (folder: TemporaryFolder, outside: String, root: String) {
    let folder = try TemporaryFolder()
    try folder.write("home/keep", "mine")
    try folder.write("home/\(String(repeating: "a", count: 64))/keep", "mine")
    try Files.createFolder(folder.path + "/repository")
    return (folder, folder.path + "/home", folder.path + "/repository")
  }

  private func isWhole(_ folder: TemporaryFolder) throws -> Bool {
    try folder.read("home/keep") == "mine"
      && folder.read("home/\(String(repeating: "a", count: 64))/keep") == "mine"
      && Files.names(in: folder.path + "/home").count == 2
  }

  @Test("is its owner's alone, and tells git to leave it alone")
  func permissions() throws {
    let (folder, _, root) = try scene()
    try Files.createFolder(root + "/.lamctl")
    chmod(root + "/.lamctl", 0o755)
    let state = try StateFolder.make(root + "/.lamctl/sandbox")
    try state.write([1], to: "file")
    try state.append([2], to: "file")
    let top = try #require(try StateFolder.existing(root + "/.lamctl"))
    #expect(top.status?.permissions == 0o700)
    #expect(state.status?.permissions == 0o700)
    #expect(state.status(of: "file")?.permissions == 0o600)
    #expect(try state.read("file") == [1, 2])
    #expect(try folder.read("repository/.lamctl/.gitignore").hasSuffix("*\n"))
  }

  @Test(
    "is not reached through a link, at whichever component",
    arguments: [".lamctl", ".lamctl/sandbox", ".lamctl/sandbox/code"], ["../home", "HOME"])
  func links(component: String, target: String) throws {
    let (folder, outside, root) = try scene()
    let parent = "\(root)/\(component)".split(separator: "/").dropLast().joined(separator: "/")
    try Files.createFolder("/" + parent)
    let up = String(repeating: "../", count: component.split(separator: "/").count - 1)
    #expect(symlink(target == "HOME" ? outside : up + target, "\(root)/\(component)") == 0)
    let error = #expect(throws: SystemError.self) { _ = try StateFolder.make(root + "/.lamctl/sandbox/code") }
    #expect(error?.description.contains("it is a link") == true, "\(error?.description ?? "")")
    #expect(throws: SystemError.self) { _ = try StateFolder.existing(root + "/.lamctl/sandbox/code") }
    #expect(try isWhole(folder))
  }

  @Test("a link above .lamctl is the user's own business")
  func linkAbove() throws {
    let (folder, _, root) = try scene()
    symlink(root, folder.path + "/linked")
    try StateFolder.make(folder.path + "/linked/.lamctl/cache").write([1], to: "a")
    #expect(try Files.read(root + "/.lamctl/cache/a") == [1])
  }

  @Test("files in it are not read, written or added to through a link, and what is no file is refused")
  func files() throws {
    let (folder, outside, root) = try scene()
    let state = try StateFolder.make(root + "/.lamctl")
    symlink(outside + "/keep", state.path(of: "link"))
    #expect(mkfifo(state.path(of: "pipe"), 0o600) == 0)
    for name in ["link", "pipe"] {
      #expect(throws: SystemError.self, "\(name)") { _ = try state.read(name) }
    }
    #expect(throws: SystemError.self) { try state.append([1], to: "link") }
    #expect(throws: SystemError.self) { _ = try state.makeFile("link", mode: 0o600) }
    #expect(throws: SystemError.self) { _ = try state.lock("link") }
    try state.write([2], to: "link")
    #expect(try state.read("link") == [2])
    #expect(try isWhole(folder))
  }

  @Test("removing takes links, not what they lead to, and only what has a name of lamctl's own")
  func removal() throws {
    let (folder, outside, root) = try scene()
    let state = try StateFolder.make(root + "/.lamctl/code")
    let digest = String(repeating: "a", count: 64)
    symlink(outside, state.path(of: digest))
    _ = try state.folder("mine").folder("inner")
    symlink(outside, try state.folder("mine").path(of: "link"))
    try state.write([1], to: "notes.txt")
    try state.write([1], to: "\(digest).zip")
    let form = NameForm.hexadecimal(64)
    try state.remove([form, .hexadecimal(64, ending: ".zip")]) { _ in true }
    #expect(try state.names() == ["mine", "notes.txt"])
    try state.remove("mine")
    #expect(try state.names() == ["notes.txt"])
    #expect(try isWhole(folder))
  }

  @Test("takes no name that is more than one", arguments: ["", ".", "..", "a/b", "../x", "a\0b"])
  func names(name: String) throws {
    let state = try StateFolder.make(try scene().root + "/.lamctl")
    #expect(throws: SystemError.self) { try state.write([], to: name) }
    #expect(throws: SystemError.self) { try state.remove(name) }
    #expect(throws: SystemError.self) { _ = try state.folder(name) }
    #expect(!state.contains(name))
  }

  @Test("forms of names tell lamctl's own from others")
  func forms() {
    let form = NameForm.hexadecimal(4, ending: ".zip")
    #expect(form.matches("0aff.zip"))
    for name in ["0aff", "0AFF.zip", "0aff.zip2", "0af.zip", "x0aff.zip", ""] { #expect(!form.matches(name)) }
    #expect(NameForm.temporary(of: form).matches(StateFolder.temporaryName(for: "0aff.zip")))
    #expect(!NameForm.temporary(of: form).matches("0aff.zip.tmp"))
    #expect(NameForm.work.matches("12-34"))
    #expect(!NameForm.work.matches("12-"))
  }

  @Test("what is no file is named, with what it is", arguments: ["pipe", "device", "folder", "huge", "loop"])
  func special(kind: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/it"
    let words: String
    switch kind {
    case "pipe":
      #expect(mkfifo(path, 0o600) == 0)
      words = "a named pipe"
    case "device":
      #expect(symlink("/dev/zero", path) == 0)
      words = "a device"
    case "folder":
      try Files.createFolder(path)
      words = "a folder"
    case "huge":
      // A file of 3 GB that takes no room.
      try folder.write("it", "")
      #expect(truncate(path, 3 << 30) == 0)
      words = "larger than 64 MiB"
    default:
      #expect(symlink("it", path) == 0)
      words = "symbolic links"
    }
    let error = #expect(throws: SystemError.self) { _ = try Files.read(path) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(path) == true)
  }

  @Test("a lock is one holder's, gone with it, and no file is left")
  func locks() throws {
    let folder = try TemporaryFolder()
    let state = try StateFolder.make(folder.path)
    var held = try state.take("key")
    #expect(held != nil)
    let second = try state.take("key")
    #expect(second == nil)
    held = nil
    #expect(!state.contains("key"))
    // What a killed process leaves is a file that nobody holds.
    try state.write([], to: "key")
    held = try state.take("key")
    #expect(held != nil)
  }

  @Test("what is in use stays, and what a dead process left goes")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    let state = try StateFolder.make(folder.path)
    let used = try state.makeUsed("1-2")
    try used.write([1], to: "file")
    #expect(throws: SystemError.self) { _ = try state.makeUsed("1-2") }
    try state.folder("3-4").write([1], to: "file")
    try state.write([1], to: "other")
    #expect(try state.removeUnused([.work]) == 1)
    #expect(try state.names() == ["1-2", "other"])
    withExtendedLifetime(used) {}
  }

  @Test("a folder for one run is never removed by another that tidies up while it is made")
  func temporaryFolders() async throws {
    let prefix = "lamctl-test-\(UInt64.random(in: 0 ... .max))"
    let leftover = try Files.makeTemporaryFolder(prefix: prefix)
    let parent = leftover.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    let lost = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var lost = 0
          for _ in 0..<200 {
            guard let folder = try? StateFolder.makeTemporary(prefix: prefix) else { return 1_000 }
            for name in (try? Files.names(in: parent)) ?? [] where name.hasPrefix(prefix) {
              let path = "\(parent)/\(name)"
              guard let other = try? StateFolder.existing(path), other.take() else { continue }
              try? Files.remove(path)
            }
            if (try? folder.write([1], to: "file")) == nil { lost += 1 }
            try? Files.remove(folder.path)
          }
          return lost
        }
      }
      return await group.reduce(0, +)
    }
    #expect(lost == 0)
    #expect(!Files.exists(leftover))
  }

  @Test("a folder that somebody has removed since it was opened is not taken, whatever is there now")
  func removedFolder() throws {
    let path = try Files.makeTemporaryFolder(prefix: "lamctl-test")
    let folder = try #require(try StateFolder.existing(path))
    try Files.remove(path)
    #expect(!folder.take())
    try Files.createFolder(path)
    #expect(!folder.take())
    try Files.remove(path)
  }

  @Test("a file is created once")
  func creation() throws {
    let folder = try TemporaryFolder()
    let state = try StateFolder.make(folder.path)
    #expect(try state.create([1], at: "file"))
    #expect(try !state.create([2], at: "file"))
    #expect(try state.read("file") == [1])
    #expect(try state.names() == ["file"])
  }
}
