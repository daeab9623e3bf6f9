import Core
import TestSupport
import Testing

@testable import Packager

@Suite(
  "Bundler itself", .enabled(if: MadePackages.areThere("ruby", "gem", "bundle"), "no Ruby with bundler here"))
struct BundlerTests {
  @Test(
    "gems of a server and of folders of the repository are installed where the runtime finds them, for no group but its own, and none that only lies beside them"
  )
  func gems() async throws {
    let server = try TemporaryFolder()
    try Files.createFolder("\(server.path)/gems")
    for (name, module) in [("tiny", "Tiny"), ("rakelike", "Rakelike")] {
      try server.write("\(name)/\(name).gemspec", Self.specification(name, files: "['lib/\(name).rb']"))
      try server.write("\(name)/lib/\(name).rb", "module \(module)\n  PRICE = 7\nend\n")
      try await MadePackages.run(
        ["gem", "build", "-q", "\(name).gemspec", "-o", "../gems/\(name)-1.0.gem"],
        in: "\(server.path)/\(name)")
    }
    try await MadePackages.run(["gem", "generate_index", "-d", "."], in: server.path)
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fn"], "environments": {"prod": {}}}"#,
      "fn/function.json": #"{"runtime": "ruby3.3", "handler": "handler.handle"}"#,
      "fn/handler.rb": "require 'money'\ndef handle(event:, context:)\n  Money::ALL\nend\n",
      "fn/Gemfile": """
      source "file://\(server.path)"
      path "../libs" do
        gem "money"
      end
      group :development do
        gem "rakelike"
        gem "helper", path: "../helper"
      end

      """,
      // As 'bundle gem' writes it: the list of files comes from git.
      "libs/money/money.gemspec": Self.specification(
        "money", files: "`git ls-files -z 2>/dev/null`.split(\"\\0\")", needs: "tiny"),
      "libs/native/native.gemspec": Self.specification("native", files: "[]", isCompiled: true),
      "helper/helper.gemspec": Self.specification("helper", files: "[]", isCompiled: true),
      "libs/money/lib/money.rb": "require 'tiny'\nmodule Money\n  ALL = Tiny::PRICE * 6\nend\n",
    ])
    try await MadePackages.run(["bundle", "lock"], in: "\(repository.path)/fn")
    let package = try await MadePackages.package(repository)
    let gems = "vendor/bundle/ruby/3.3.0"
    #expect(
      package.tree.entries.map(\.path.text).filter { $0.hasPrefix("vendor") } == [
        "\(gems)/gems/money-1.0/lib/money.rb", "\(gems)/gems/money-1.0/money.gemspec",
        "\(gems)/gems/tiny-1.0/lib/tiny.rb", "\(gems)/specifications/money-1.0.gemspec",
        "\(gems)/specifications/tiny-1.0.gemspec",
      ])
    let folder = try await MadePackages.unpack(package)
    let said = try await MadePackages.run(
      ["ruby", "-I", ".", "-e", "require 'handler'; p handle(event: {}, context: nil)"], in: folder.path,
      ["GEM_PATH": "\(folder.path)/\(gems)", "GEM_HOME": "/nowhere"])
    #expect(said == ["42"])
    // The gem's own sources are inputs, and what is made of them is the same wherever and whenever it is made.
    try Files.remove(repository.path + "/.lamctl")
    #expect(try await MadePackages.package(repository).pkg == package.pkg)
    try repository.folder.write("libs/money/lib/money.rb", "module Money\n  ALL = 1\nend\n")
    #expect(try await MadePackages.package(repository).pkg != package.pkg)
  }

  @Test("a unit that is a gem itself gets what its specification needs")
  func ownGem() async throws {
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fn"], "environments": {"prod": {}}}"#,
      "fn/function.json": #"{"runtime": "ruby3.3", "handler": "handler.handle"}"#,
      "fn/handler.rb": "require_relative 'lib/shop'\ndef handle(event:, context:)\n  Shop::ALL\nend\n",
      "fn/lib/shop.rb": "require 'tiny'\nmodule Shop\n  ALL = Tiny::PRICE * 6\nend\n",
      "fn/lib/number.rb": "NUMBER = '1.0'\n",
      "fn/shop.gemspec": "require_relative 'lib/number'\n"
        + Self.specification("shop", files: "['lib/shop.rb']", needs: "tiny"),
      "fn/Gemfile": "source \"https://rubygems.org\"\ngemspec\ngem \"tiny\", path: \"../libs/tiny\"\n",
      "libs/tiny/tiny.gemspec": Self.specification("tiny", files: "['lib/tiny.rb']"),
      "libs/tiny/lib/tiny.rb": "module Tiny\n  PRICE = 7\nend\n",
    ])
    try await MadePackages.run(["bundle", "lock", "--local"], in: "\(repository.path)/fn")
    let package = try await MadePackages.package(repository)
    let gems = "vendor/bundle/ruby/3.3.0"
    #expect(
      package.tree.entries.map(\.path.text).filter { $0.hasPrefix("vendor") } == [
        "\(gems)/gems/tiny-1.0/lib/tiny.rb", "\(gems)/gems/tiny-1.0/tiny.gemspec",
        "\(gems)/specifications/tiny-1.0.gemspec",
      ])
    let folder = try await MadePackages.unpack(package)
    let said = try await MadePackages.run(
      ["ruby", "-I", ".", "-e", "require 'handler'; p handle(event: {}, context: nil)"], in: folder.path,
      ["GEM_PATH": "\(folder.path)/\(gems)", "GEM_HOME": "/nowhere"])
    #expect(said == ["42"])
  }

  @Test("a unit that is a gem itself is refused without a lock")
  func ownGemWithoutLock() async throws {
    let repository = try Repository([
      "lamctl.json": #"{"functions": ["fn"], "environments": {"prod": {}}}"#,
      "fn/function.json": #"{"runtime": "ruby3.3", "handler": "handler.handle"}"#,
      "fn/handler.rb": "def handle(event:, context:)\n  1\nend\n",
      "fn/shop.gemspec": Self.specification("shop", files: "[]", needs: "tiny"),
      "fn/Gemfile": "source \"https://rubygems.org\"\ngemspec\n",
    ])
    let error = await #expect(throws: PackagerError.self) { try await MadePackages.package(repository) }
    #expect(error?.description == "fn: fn/Gemfile names gems, and no Gemfile.lock pins them")
  }

  private static func specification(
    _ name: String, files: String, needs: String? = nil, isCompiled: Bool = false
  ) -> String {
    """
    Gem::Specification.new do |s|
      s.name = "\(name)"
      s.version = "1.0"
      s.summary = "made by a test"
      s.authors = ["a test"]
      s.files = \(files)
      \(needs.map { "s.add_dependency '\($0)'" } ?? "")
      \(isCompiled ? "s.extensions = ['ext/extconf.rb']" : "")
    end

    """
  }
}
