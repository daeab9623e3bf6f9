import Core

@testable import Release

extension FuzzTarget {
  /// The readers of what others can write into Descriptions, and of evidence.
  static let releaseTargets: [FuzzTarget] = [
    FuzzTarget(
      "records",
      seeds: [
        "lamctl/1 r=20261121T054900Z-3f2a1c9 st=canary k=2/4 s=41 c=42 p=41 b=0123456789ab h=0:1,7:10 t=1764000000 l=1764000300 o=gh-1 g=20 x=000000 ; text",
        "lamctl/1 s=0123456789abcdef0123456789abcdef p=0123456789abcdef0123456789abcdef c=0123456789abcdef0123456789abcdef g=3f2a1c9+ r=20261121T054900Z-3f2a1c9 by=ann",
      ],
      words: [
        " ; ", " x=", "st=rb", "y=errors", "bad=1,2", "h=99999:100", "t=99999999999", "l=99999999999",
        "k=1/0", "s=$LATEST",
        "lamctl/2", "=", ",",
      ]
    ) { bytes in
      var text = text(bytes)
      // A right checksum, so that what lies behind it is read too.
      if let mark = text.firstRange(of: " x=") {
        let body = String(text[..<mark.lowerBound])
        text = "\(body) x=\(SHA256.digest(of: body).hex.prefix(6))"
      }
      if case .record(let record, let userText) = RolloutRecord.decode(text) {
        let moment = Timestamp(seconds: 1_764_000_100)
        _ = (record.recordedSteps, record.isLeaseOver(at: moment), record.weight, record.isPackage("0123"))
        for next in [record, record.finished(), record.rolledBack(for: .errors), record.baking(at: moment)] {
          guard next.encoded(userText: userText).text.utf16.count <= 256 else {
            preconditionFailure("too long")
          }
        }
      }
      _ = VersionProvenance.decode(text)
      _ = ReleaseID(parsing: text)
    },
    FuzzTarget(
      "evidence",
      seeds: [
        #"""
        {"schema":"lamctl.evidence/1","functions":{"a":{"steps":[{"weight":0.1,"ended":true,"minutes":[
        {"start":"2026-11-21T05:49:00Z","canary":{"invocations":30,"errors":9},"stable":{"invocations":300,"errors":1},
        "slow":{"canary":1,"stable":2},"extra":{"m":{"canary":1,"stable":0}}}]}],"history":[{"invocations":300,"errors":1}],
        "bake":{"ended":false,"minutes":[],"baseline":{"invocations":9,"errors":0}},"availability":"complete",
        "alarms":[{"name":"x","wasOK":true,"isInAlarm":false}],"versions":{"stable":"1","canary":"2"}}},
        "settings":{"minInvocations":30,"maxErrorRate":0.05,"plannedSteps":4,"materialRatio":1.5,"waited":60,"maxWait":600}}
        """#
      ],
      words: [
        "1099511627776", "9223372036854775807", "1e300", "1e-300", "0.0", "null", "[]", "{}",
        "\"stableMissing\"", "{\"failing\":\"x\"}",
      ]
    ) { bytes in
      guard let file = try? EvidenceFile(parsing: bytes, file: "f") else { return }
      let verdict = file.judged()
      _ = (verdict.json.text(), file.functions.count)
    },
  ]
}
