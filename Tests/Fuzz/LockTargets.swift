import Core

@testable import Packager

extension FuzzTarget {
  /// The readers of lock files and of other tools' templates.
  static let lockTargets: [FuzzTarget] = [
    lock(
      "package-lock.json",
      #"{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"node_modules/a":{"version":"1","dependencies":{"b":"1"}},"node_modules/a/node_modules/b":{"version":"1"},"node_modules/l":{"link":true,"resolved":"l"},"l":{"devDependencies":{"a":"1"}}}}"#,
      ["\"node_modules/", "/node_modules/", "\"link\":true,", "\"resolved\":", "\"dependencies\":", "/a"]),
    lock(
      "pnpm-lock.yaml",
      "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: {specifier: ^1, version: 1.0.0(b@1)}\n      l: {version: 'link:l'}\n  l: {}\npackages:\n  a@1.0.0: {resolution: {integrity: x}}\nsnapshots:\n  a@1.0.0(b@1): {dependencies: {b: 1}}\n  b@1: {}\n",
      ["link:", "@", "(", ")", "/", "importers:\n", "version: ", "snapshots:\n", "- "]),
    lock(
      "yarn.lock",
      "# yarn lockfile v1\n\n\"a@^1\", a@1:\n  version \"1.0\"\n  resolved \"https://r#1\"\n  dependencies:\n    b \"^1\"\n\nb@^1:\n  version \"1\"\n",
      ["\"", "\\", ":", ", ", "  ", "    ", "@", "dependencies:\n", "__metadata:\n"]),
    lock(
      "bun.lock",
      #"{"lockfileVersion":1,"workspaces":{"":{"name":"t","dependencies":{"a":"1"}}},"packages":{"a":["a@1","",{"dependencies":{"b":"1"}},"s"],"a/b":["b@1","",{},"s"],"l":["l@workspace:l"]}}"#,
      ["@workspace:", "[", "]", "/", "@", "\"dependencies\":"]),
    lock(
      "uv.lock",
      "version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { editable = \".\" }\ndependencies = [{ name = \"b\", marker = \"x\", extra = [\"e\"] }]\n[package.optional-dependencies]\ne = [{ name = \"b\" }]\n[[package]]\nname = \"b\"\nsource = { git = \"https://g?rev=1#2\" }\nwheels = [{ url = \"u\", hash = \"sha256:1\" }]\n",
      ["[[package]]\n", "name = ", "source = ", "{ git = \"#\" }", "extra = ", "\"a\""]),
    lock(
      "poetry.lock",
      "[[package]]\nname = \"a\"\nversion = \"1\"\nfiles = [{file = \"f\", hash = \"sha256:1\"}]\n[package.dependencies]\na = [{version = \"1\", markers = \"m\"}]\n[metadata]\n",
      ["[[package]]\n", "[metadata]\n", "name = ", "version = "]),
    lock(
      "Pipfile.lock",
      #"{"default":{"a":{"version":"==1","hashes":["sha256:1"],"markers":"m"}},"develop":{}}"#,
      ["==", "\"version\":", "\"git\":"]),
    lock(
      "Cargo.lock",
      "[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"b\", \"b 1 (s)\"]\n[[package]]\nname = \"b\"\nversion = \"1\"\nsource = \"s\"\n",
      ["[[package]]\n", "name = ", "\"b 1\"", "dependencies = "]),
    lock(
      "go.sum", "x.org/x v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
      ["/go.mod", " ", "h1:", "\n"]),
    lock(
      "Gemfile.lock",
      "GEM\n  remote: https://r/\n  specs:\n    a (1)\n      b (>= 1)\n    b (1)\n\nDEPENDENCIES\n  a!\n\nCHECKSUMS\n  a (1) sha256=1\n",
      ["GEM\n", "  specs:\n", "    ", "      ", "DEPENDENCIES\n", "!", "("]),
    lock(
      "packages.lock.json",
      #"{"dependencies":{"net8.0":{"A":{"type":"Direct","resolved":"1","dependencies":{"b":"1"}},"B":{"type":"Transitive"}}}}"#,
      ["\"type\":", "\"resolved\":", "\"dependencies\":"]),
    FuzzTarget(
      "go-mod", seeds: ["module a\ngo 1.22\nrequire (\n\tx v1 // c\n)\nreplace x => y v2\n"],
      words: ["require", "replace", "=>", "(", ")", "//", "go ", "\n", "\t"]
    ) { bytes in _ = GoModule(bytes).needs("x v1") },
    FuzzTarget(
      "templates-of-others",
      seeds: [
        "Globals: {Function: {Timeout: 3, Layers: [a]}}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: x\n      Role: !Sub 'a${AWS::Region}${!b}${C}'\n      Layers: [b]\n      Environment: {Variables: {A: !Ref B}}\n      Tags: [{Key: k, Value: v}]\n",
        "service: s\nprovider: {stage: dev, vpc: {subnetIds: [a]}, environment: {A: '${self:provider.stage}${env:B, ''c''}'}}\nfunctions: {f: {handler: a.b, tracing: true, layers: ['${ssm:/a}']}}\n",
        #"{"planned_values":{"root_module":{"resources":[{"type":"aws_lambda_function","address":"a","values":{"timeout":3,"vpc_config":[{"subnet_ids":["a"]}],"environment":[{"variables":{"A":"b"}}]}}]}}}"#,
      ],
      words: [
        "${", "}", "${self:", "!Ref ", "!Sub ", "Fn::", ": ", "- ", "${!", "Properties:", "functions:",
        "\"values\":",
      ]
    ) { bytes in
      let isJSON = bytes.first == UInt8(ascii: "{")
      let json = isJSON ? (try? JSONNode(parsing: bytes, repeatedKeys: true)) : nil
      guard let document = json ?? (try? JSONNode(yaml: bytes)) else { return }
      _ = CloudFormationTemplate(document, path: "t.yaml", root: "/nonexistent").proposal().files()
      _ = ServerlessFile(document, path: "a/serverless.yml").proposal().files()
      _ = TerraformPlan(document, path: "p.json").proposal().files()
    },
  ]

  private static func lock(_ name: String, _ seed: String, _ words: [String]) -> FuzzTarget {
    FuzzTarget(name, seeds: [seed], words: words) { bytes in
      let nowhere = LockSources(root: "/nonexistent", folder: .root)
      guard case .graph(let graph)? = try? LockFormat.read(name, bytes, nowhere) else { return }
      _ = graph.fingerprints
      for member in graph.members.values.prefix(4) { _ = graph.reached(from: member, withDevelopment: true) }
    }
  }
}
