package import AWSClient

/// The call of Lambda that tells of layers.
package protocol LambdaLayerReading: Sendable {
  /// All versions of a layer, from the oldest to the newest; none where there is no such layer.
  func listLayerVersions(_ name: String) async throws(AWSError) -> [LayerVersion]
}

/// The calls of Lambda that make and remove versions of layers.
package protocol LambdaLayers: LambdaLayerReading {
  /// A version of a layer.
  func publishLayerVersion(
    _ name: String, content: FunctionCode, details: LayerDetails
  ) async throws(AWSError) -> LayerVersion
  /// Deletes a version; one that is gone already is no error.
  func deleteLayerVersion(_ name: String, version: Int) async throws(AWSError)
  /// All versions of all functions, with `$LATEST` of each.
  func listAllVersions() async throws(AWSError) -> [FunctionConfiguration]
}

extension LambdaClient: LambdaLayers {}
