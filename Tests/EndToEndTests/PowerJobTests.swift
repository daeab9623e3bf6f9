import Core
import Sandbox
import TestSupport
import Testing

@Suite("What a plan says of triggers, with the built binary against the sandbox")
struct PowerJobTests {
  @Test(
    "a plan names the triggers of a function that is to be made, and once it serves what each lets a canary see"
  )
  func power() async throws {
    let repository = try CountedRepository(functions: 1)
    try repository.folder.write(
      "functions/f000/function.json",
      """
      { "triggers": {
          "nightly": { "schedule": {
            "scheduleExpression": "cron(0 2 1 1 ? *)", "roleArn": "arn:aws:iam::000000000000:role/timer" } },
          "devices": { "grant": {
            "principal": "iot.amazonaws.com", "sourceArn": "arn:aws:iot:eu-west-1:000000000000:rule/all" } } } }
      """)
    try repository.start()
    let first = try await repository.run("plan", "--create")
    #expect(first.output.contains("f000 + nightly  schedule  cron(0 2 1 1 ? *)"), "\(first.output)")
    #expect(first.output.contains("f000 + devices  grant  iot.amazonaws.com arn:aws:iot:"), "\(first.output)")
    let made = try await repository.run("plan", "--create", "--json").document()["functions"]?.array?.first
    #expect(made?["triggers"]?.array?.map { $0["change"] } == ["add", "add"] && made?["power"] == nil)
    try await repository.deployFirst()
    await repository.stop()
    try repository.start(traffic: [20])
    try repository.write(0, answer: 1)

    let arguments = ["plan", "--canary", "10%:10m", "--json"]
    var power: JSON?
    // The first calls are counted when their minute is over.
    for _ in 0..<60 where power?["invocations"]?.double == nil {
      power = try await repository.begin(arguments).outcome().document()["functions"]?.array?.first?["power"]
    }
    let seen = power?["triggers"]?.array ?? []
    #expect(seen.map { $0["name"] } == ["devices", "nightly"], "\(String(describing: power))")
    #expect(seen.first?["basis"] == "alias" && seen.first?["most"] == power?["canary"])
    #expect(seen.last?["basis"] == "schedule" && seen.last?["most"]?.double == 0)
    #expect(seen.last?["next"]?.string?.hasSuffix("-01-01T02:00:00Z") == true)
    let text = try await repository.run("plan", "--canary", "10%:10m").output
    #expect(text.contains("f000 power  10% for 10m: ") && text.contains("; nightly: 0, next in "), "\(text)")
    await repository.stop()
  }
}
