import Core

@testable import Triggers

extension FuzzTarget {
  /// The readers of what buckets tell and of what the last deploy has left as a tag.
  static let triggerTargets: [FuzzTarget] = [
    FuzzTarget(
      "bucket-notifications",
      seeds: [
        "<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><CloudFunctionConfiguration>"
          + "<Id>lamctl-a</Id><CloudFunction>arn:f</CloudFunction><Event>s3:ObjectCreated:*</Event><Filter><S3Key>"
          + "<FilterRule><Name>prefix</Name><Value>a&amp;b</Value></FilterRule></S3Key></Filter>"
          + "</CloudFunctionConfiguration><EventBridgeConfiguration/></NotificationConfiguration>"
      ], words: ["<", ">", "</", "/>", "<!--", "-->", "<?", "?>", "&#x41;", "&", "<Id>", "\"", "'"]
    ) { bytes in
      guard let document = try? NotificationDocument(parsing: bytes) else { return }
      let aliases: Set<String> = ["arn:f"]
      let own = document.own(aliases).map(\.entry)
      // What is written again is read again, and holds what others have byte for byte.
      guard let again = try? NotificationDocument(parsing: document.replacing(aliases, with: own)) else {
        fatalError("what was written cannot be read")
      }
      precondition(again.foreignHash(aliases) == document.foreignHash(aliases))
      // So is what calls another function.
      let moved = document.replacing { element in
        element.name == "CloudFunctionConfiguration" ? element.renamed(id: element.id, target: "arn:g") : nil
      }
      guard let moved = try? NotificationDocument(parsing: moved) else {
        fatalError("what was moved cannot be read")
      }
      precondition(moved.elements.count == document.elements.count)
    },
    FuzzTarget(
      "trigger-tag",
      seeds: [
        "1 d=0123456789abcdef0123456789abcdef k=s3+rule r=20261121T054900Z-3f2a1c9 p=shop x=1800000000"
      ],
      words: ["=", " ", "+", "x=", "-1", "1e9"]
    ) { bytes in
      guard let tag = TriggerTag(text(bytes)) else { return }
      precondition(TriggerTag(tag.text) != nil)
    },
    FuzzTarget(
      "adopt-journal",
      seeds: [
        #"{"schema":"lamctl.adopt/1","environment":"e","alias":"a","account":"1","region":"r","release":"x","#
          + #""started":"2026-11-27T09:15:00Z","course":"forward","finished":false,"moves":[{"project":"p","#
          + #""function":"f","functionName":"n","functionArn":"arn:f","kind":"rule","group":"g","title":"t","#
          + #""place":{},"before":null,"after":{"Arn":"b"},"state":"done","order":1,"reason":null}]}"#
      ], words: ["{", "[", "null", "\"moves\"", "\"begun\"", "\"order\":", ":", ","]
    ) { bytes in
      guard let journal = try? MoveJournal(parsing: bytes) else { return }
      precondition((try? MoveJournal(parsing: journal.bytes)) == journal)
    },
  ]
}
