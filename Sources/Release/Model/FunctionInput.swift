/// One function as the repository describes it now: what a release works towards.
package struct FunctionInput: Hashable, Sendable {
  /// Logical name in the repository.
  package let function: String
  /// Name of the Lambda function.
  package let functionName: String
  /// `src`: the first 32 hexadecimal digits of the digest of all inputs of the build.
  package private(set) var sourceDigest: String
  /// `cfg`: the first 32 hexadecimal digits of the digest of the configuration that the manifest owns.
  package let configurationDigest: String
  /// The digests of the parts of ``sourceDigest`` in 30 hexadecimal digits, which a version keeps; nil where they are not
  /// known.
  package private(set) var partDigests: String?
  /// The digits of ``partDigests`` in which a difference alone is put off; nil where every difference counts.
  package let deferredDigits: Range<Int>?
  /// Whether a difference has been put off: then ``sourceDigest`` is that of the version that is there.
  package private(set) var isDeferred = false
  /// The settings that the manifest owns, under the names of the Lambda API.
  package internal(set) var configuration: FunctionSettings
  /// The layers among its settings that the repository makes, in their order.
  package let layers: [LayerInput]
  /// Whether the settings are compared and written; with false an existing function keeps all of its own.
  package let ownsConfiguration: Bool
  /// Whether a Lambda function that does not exist yet may be created.
  package let mayCreate: Bool
  /// What is asked of a new version before it gets any traffic.
  package let smokeTests: [SmokeTest]
  /// The user's programs around the shift of traffic.
  package let hooks: FunctionHooks
  /// What is to call its alias; nil where nothing is said of it.
  package let edges: EdgeWish?

  /// Its names alone.
  var name: FunctionName { FunctionName(function: function, functionName: functionName) }

  /// Describes one function.
  package init(
    function: String, functionName: String, sourceDigest: String, configurationDigest: String,
    partDigests: String? = nil, deferredDigits: Range<Int>? = nil, configuration: FunctionSettings,
    layers: [LayerInput] = [], ownsConfiguration: Bool = true, mayCreate: Bool,
    smokeTests: [SmokeTest] = [], hooks: FunctionHooks = FunctionHooks(), edges: EdgeWish? = nil
  ) {
    self.function = function
    self.functionName = functionName
    self.sourceDigest = sourceDigest
    self.configurationDigest = configurationDigest
    self.partDigests = partDigests
    self.deferredDigits = deferredDigits
    self.configuration = configuration
    self.layers = layers
    self.ownsConfiguration = ownsConfiguration
    self.mayCreate = mayCreate
    self.smokeTests = smokeTests
    self.hooks = hooks
    self.edges = edges
  }

  /// What is wanted beside a version that is there: its own code, where nothing differs but what is put off.
  ///
  /// A version keeps 20 bits of each part's digest, so that of a million changes that are no update of a tool one may be
  /// put off with it; who asks for this takes that.
  func deferred(to provenance: VersionProvenance?) -> FunctionInput {
    guard let provenance, let digits = deferredDigits, let wanted = partDigests,
      let present = provenance.parts,
      wanted.utf8.count == present.utf8.count, digits.upperBound <= wanted.utf8.count,
      provenance.source != sourceDigest
    else { return self }
    let others = zip(wanted.utf8, present.utf8).enumerated().filter { !digits.contains($0.offset) }
    guard others.allSatisfy({ $0.element.0 == $0.element.1 }) else { return self }
    var deferred = self
    deferred.sourceDigest = provenance.source
    deferred.partDigests = present
    deferred.isDeferred = true
    return deferred
  }
}
