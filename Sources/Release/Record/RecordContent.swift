extension RecordContent {
  /// The record, if there is one that can be read.
  var record: RolloutRecord? {
    guard case .record(let record, _) = self else { return nil }
    return record
  }

  /// The text that is not lamctl's.
  var userText: String {
    switch self {
    case .none(let text), .record(_, let text): text
    case .damaged, .newer, .marked: ""
    }
  }

  /// Who wrote it, for an error.
  var ownerWords: String {
    guard let record else { return "it was changed outside lamctl" }
    let owner = record.owner.map { ", run by \($0)" } ?? ""
    switch record.state {
    case .rolledBack(.deadMan):
      return "the dead-man switch of release \(record.release) has taken its traffic back"
    case .rolledBack(.person):
      return "release \(record.release) was taken back by hand\(record.owner.map { ", by \($0)" } ?? "")"
    case .rolledBack(let reason):
      return "release \(record.release) was taken back (\(reason.word))\(owner)"
    case .idle, .canary, .hold, .bake, .commit, .triggers: return "release \(record.release)\(owner)"
    }
  }

  /// Why there is something of lamctl's that cannot be read; nil where there is not.
  var unreadable: String? {
    switch self {
    case .damaged: "somebody has changed lamctl's record"
    case .newer: "a later lamctl wrote it"
    case .marked(let mark): "it is \(mark.words)"
    case .none, .record: nil
    }
  }

  /// What an alias is for that is lamctl's and no environment's; nil for all others.
  var mark: AliasMark? {
    guard case .marked(let mark) = self else { return nil }
    return mark
  }

  /// Whose an alias is that is not what was expected, for an error.
  var strangerWords: String {
    switch self {
    case .none: "it was not made by lamctl"
    case .damaged: "somebody has changed lamctl's line in its Description"
    case .newer: "a later lamctl wrote it"
    case .marked(let mark): "it is \(mark.words)"
    case .record(let record, _): "it is an environment's, with the record of release \(record.release)"
    }
  }
}
