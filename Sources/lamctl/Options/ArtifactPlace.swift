internal import Core
internal import Packager

/// Where a build goes, or comes from: a folder or a bucket.
enum ArtifactPlace: Equatable, Sendable {
  /// As it is written, from the working folder.
  case folder(String)
  case bucket(BucketPlace)
}

extension ArtifactPlace: ParameterValue {
  init(argument: String) throws(ValueError) {
    guard !argument.isEmpty else { throw ValueError("the value is empty") }
    guard argument.contains("://") else {
      self = .folder(argument)
      return
    }
    guard let place = BucketPlace(parsing: argument) else {
      throw ValueError("'\(argument)' is no place: write a folder, or s3://BUCKET/PREFIX")
    }
    self = .bucket(place)
  }
}

extension Shard: ParameterValue {
  init(argument: String) throws(ValueError) {
    guard let shard = Shard(parsing: argument) else {
      throw ValueError(
        "'\(argument)' is no shard: write K/N, such as 2/3, with K from 1 to N and N up to \(Shard.most)")
    }
    self = shard
  }
}
