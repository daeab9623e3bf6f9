internal import Core

/// All layers of the account, kept in memory and written to disk with every change.
final class LayerStore: Sendable {
  private let file: StateFile
  private let state: Lock<[String: LayerRecord]>

  /// Loads what an earlier sandbox left in `file`.
  init(file: StateFile) throws(SandboxError) {
    self.file = file
    var layers: [String: LayerRecord] = [:]
    do throws(SystemError) {
      for (name, json) in try file.members() {
        guard let layer = LayerRecord(json), layer.name == name else { throw file.incomprehensible }
        layers[name] = layer
      }
    } catch {
      throw .state(error)
    }
    state = Lock(layers)
  }

  /// All layers by name in byte order.
  var all: [LayerRecord] {
    state.withLock { Array($0.values) }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  func layer(_ name: String) -> LayerRecord? { state.withLock { $0[name] } }

  /// Changes the layer `name`, which there need not be yet, as one step, and writes it to disk before anybody is told.
  func change<Result>(
    _ name: String, _ body: (inout LayerRecord) throws(ServiceError) -> Result
  ) throws(ServiceError) -> Result {
    // The lock's own closure rethrows any error; the typed one goes through a Result.
    let outcome = state.withLock { layers -> Swift.Result<Result, ServiceError> in
      var layer = layers[name] ?? LayerRecord(name: name)
      do throws(ServiceError) {
        let result = try body(&layer)
        var changed = layers
        changed[name] = layer
        try save(changed)
        layers = changed
        return .success(result)
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private func save(_ layers: [String: LayerRecord]) throws(ServiceError) {
    do throws(SystemError) {
      try file.write(layers.map { ($0.key, $0.value.json) })
    } catch {
      throw ServiceError(500, "ServiceException", "The sandbox \(error)")
    }
  }
}
