internal import Core

extension Gateway {
  /// Opens what an earlier sandbox has left, and makes what is missing of `resources`.
  func furnish(_ resources: SandboxResources) throws(SandboxError) {
    do throws(ServiceError) {
      try lambda.openURLs()
      try apiGateway.openAll()
      let present = Set(apiGateway.store.all().map(\.name))
      for api in resources.apis where !present.contains(api.name) {
        _ = try apiGateway.makeAPI(api.name, JSONObject(), stage: (api.stage, api.autoDeploy))
      }
    } catch {
      throw .resource(error.message)
    }
    for bucket in resources.buckets {
      guard ObjectStore.isName(bucket) else { throw .resource("\(bucket) is no name for a bucket") }
      do throws(SystemError) {
        try s3.objects.createBucket(bucket)
      } catch {
        throw .state(error)
      }
    }
  }
}
