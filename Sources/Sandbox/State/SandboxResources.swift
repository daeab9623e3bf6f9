/// What a sandbox makes when it starts, where it is not there yet: things that functions' triggers hang on, and that
/// nobody deploys to a sandbox.
public struct SandboxResources: Hashable, Sendable {
  /// An HTTP API with one stage.
  public struct API: Hashable, Sendable {
    /// Its name; an API of this name that is there stays as it is.
    public var name: String
    /// The stage's name; `$default` has no path of its own.
    public var stage: String
    /// Whether the stage publishes changes by itself.
    public var autoDeploy: Bool

    /// An API of this name.
    public init(name: String, stage: String = "$default", autoDeploy: Bool = true) {
      self.name = name
      self.stage = stage
      self.autoDeploy = autoDeploy
    }
  }

  /// HTTP APIs.
  public var apis: [API]
  /// Buckets, by name.
  public var buckets: [String]

  /// Nothing but these.
  public init(apis: [API] = [], buckets: [String] = []) {
    self.apis = apis
    self.buckets = buckets
  }
}
