import Core
import Glibc
import TestSupport
import Testing

@Suite("The page of a release in a real browser", .serialized)
struct BrowserTests {
  private static let path: String? = {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").map { "\($0)/chromium" }.first { access($0, X_OK) == 0 }
  }()

  /// A page that shows `page.html` in a frame of one width, and writes down how wide that came out and in what colours.
  private static func frame(width: Int) -> String {
    """
    <!DOCTYPE html><iframe id="frame" width="\(width)" height="800" src="page.html"></iframe><script>
    onload = () => {
      const page = document.getElementById("frame").contentDocument.documentElement;
      const style = document.getElementById("frame").contentWindow.getComputedStyle(page.querySelector("body"));
      const boxes = name => [...page.querySelectorAll(name)].map(one => one.getBoundingClientRect()).filter(box => box.width > 0);
      const outside = boxes("main td").filter(box => box.right > page.clientWidth).length;
      const smallest = Math.min(...boxes("svg text").map(box => box.height));
      document.title = ["seen", page.scrollWidth, style.backgroundColor, outside, Math.floor(smallest), boxes("svg").length].join("|");
    }
    </script>
    """
  }

  /// Runs Chromium without a window and gives what it printed.
  private func browse(_ folder: TemporaryFolder, _ arguments: String...) async throws -> String {
    let browser = try #require(Self.path)
    let lines = Lock<[String]>([])
    _ = try await ChildProcess.run(
      .init(
        arguments: [
          browser, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
          "--user-data-dir=\(folder.path)/browser",
        ] + arguments,
        environment: .exactly(["HOME": folder.path, "PATH": "/usr/bin:/bin"]), timeout: .seconds(60))
    ) { _, line in lines.withLock { $0.append(line) } }
    return lines.withLock { $0.joined(separator: "\n") }
  }

  /// What the frame wrote down: the width, the colour of the paper, how many cells are out of sight, how high the smallest
  /// letters of a picture are, and how many pictures there are.
  private func look(_ folder: TemporaryFolder, width: Int, _ arguments: String...) async throws -> [Substring]
  {
    try folder.write("frame.html", Self.frame(width: width))
    let text = try await browse(
      folder, arguments.first ?? "--lang=en", "--dump-dom", "file://\(folder.path)/frame.html")
    let title = try #require(text.firstRange(of: "<title>seen|"), "\(text)")
    let rest = text[title.upperBound...]
    return rest[..<(rest.firstRange(of: "</title>")?.lowerBound ?? rest.endIndex)].split(separator: "|")
  }

  @Test(
    "it is no wider than a phone, dark where that is wished, and all of it is printed",
    .enabled(if: path != nil, "no chromium on this machine"))
  func page() async throws {
    let shop = try await Shop()
    try await shop.startSandbox()
    #expect(try await shop.run("deploy").exit == .code(0))
    try shop.breakOrdering()
    let bad = try await shop.run("deploy", "--canary", "20%", "--json")
    #expect(bad.exit == .code(10), "\(bad.errors)")
    await shop.stopSandbox()
    try shop.folder.write("release.json", bad.output)
    let folder = try TemporaryFolder()
    let report = try await shop.run("report", "--html", "\(folder.path)/page.html", "--input", "release.json")
    #expect(report.exit == .code(0), "\(report.errors)")

    for width in [320, 390, 1280] {
      let seen = try await look(folder, width: width)
      #expect(seen.first.flatMap { Int($0) } ?? .max <= width, "\(width): \(seen)")
      try #require(seen.count == 5 && seen[1] == "rgb(255, 255, 255)", "\(seen)")
      #expect(seen[2] == "0", "every figure is in sight: \(seen)")
      #expect(Int(seen[3]) ?? 0 >= 11, "a person can read the picture: \(seen)")
      #expect(seen.last == "1", "\(seen)")
    }
    let dark = try await look(folder, width: 390, "--blink-settings=preferredColorScheme=0")
    #expect(dark.count == 5 && dark[1] == "rgb(13, 17, 23)", "\(dark)")

    _ = try await browse(folder, "--print-to-pdf=\(folder.path)/page.pdf", "file://\(folder.path)/page.html")
    let words = Lock<[String]>([])
    _ = try await ChildProcess.run(
      .init(
        arguments: ["pdftotext", "-layout", "\(folder.path)/page.pdf", "-"],
        environment: .exactly(["PATH": "/usr/bin:/bin"]), timeout: .seconds(20))
    ) { _, line in words.withLock { $0.append(line) } }
    let paper = words.withLock { $0.joined(separator: "\n") }
    #expect(paper.contains("ROLLBACK ordering"), "\(paper)")
    // The minutes are folded on a screen.
    let minute = try #require(
      try bad.document()["evidence"]?["functions"]?["ordering"]?["steps"]?.array?.first?["minutes"]?.array?
        .first?[
          "start"]?.string)
    #expect(paper.contains(minute), "\(minute): \(paper)")
  }
}
