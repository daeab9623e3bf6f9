internal import Core

extension CountMetric {
  /// All dimensions of the series of one version.
  func dimensions(of subject: VersionMetrics.Subject) -> [(name: String, value: String)] {
    let fixed = dimensions.sorted { $0.key < $1.key }.map { name, value in
      (
        name: name,
        value: value.replacing("{functionName}", with: subject.functionName)
          .replacing("{function}", with: subject.function)
      )
    }
    return fixed + [(name: versionDimension, value: subject.version)]
  }
}
