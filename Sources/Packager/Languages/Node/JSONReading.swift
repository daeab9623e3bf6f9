internal import Core

/// JSON files of other tools, read without complaint about their keys.
enum JSONReading {
  static func object(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONObject {
    try JSON(parsing: bytes).object ?? JSONObject()
  }
}
