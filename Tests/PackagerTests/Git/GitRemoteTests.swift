import Packager
import Testing

@Suite("Where a clone comes from") struct GitRemoteTests {
  @Test(
    "addresses as git takes them",
    arguments: [
      ("https://github.com/Owner/shop.git", "github.com", "Owner/shop"),
      ("https://user:secret@GitHub.com/owner/shop/", "github.com", "owner/shop"),
      ("git@github.com:owner/shop.git", "github.com", "owner/shop"),
      ("ssh://git@gitlab.example.com:2222/group/sub/shop.git", "gitlab.example.com", "group/sub/shop"),
      ("gitlab.com:group/shop", "gitlab.com", "group/shop"),
    ])
  func read(url: String, host: String, path: String) {
    let remote = GitRemote(url: url)
    #expect(remote?.host == host)
    #expect(remote?.path == path)
    let config =
      "[core]\n\tbare = false\n[remote \"fork\"]\n\turl = https://a.b/c/d\n[remote \"origin\"]\n\turl = \(url)\n"
    #expect(GitRemote(config: config) == remote)
  }

  @Test(
    "what is none of them is nothing",
    arguments: [
      "", "/srv/git/shop.git", "../shop", "file:///srv/shop", "https://github.com/shop", "git@host:a/../b",
      "https://github.com/a/b*", "https:///a/b", "a b:c/d", String(repeating: "a", count: 3_000) + ":b/c",
    ])
  func refused(url: String) {
    #expect(GitRemote(url: url) == nil)
  }
}
