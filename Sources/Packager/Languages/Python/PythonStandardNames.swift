/// Names that a module of Python's standard library got or lost with a version that Lambda runs.
///
/// Source: "What's New in Python" 3.10 to 3.13, held against what the modules of these versions have. Names that depend on
/// how Python was built, or that came with a last number of a version, are none of them.
enum PythonStandardNames {
  /// The first minor version that has `name`, for one newer than the oldest that Lambda runs.
  static func arrival(of name: String, in module: String) -> Int? { arrivals[module]?[name] }

  /// The first minor version that has `name` no more.
  static func removal(of name: String, in module: String) -> Int? { removals[module]?[name] }

  private static let arrivals = table([
    "asyncio": [
      11: "Barrier BrokenBarrierError Runner TaskGroup Timeout timeout timeout_at",
      12: "create_eager_task_factory eager_task_factory", 13: "QueueShutDown",
    ],
    "base64": [10: "b32hexdecode b32hexencode", 13: "z85decode z85encode"],
    "calendar": [12: "Day Month"],
    "collections.abc": [12: "Buffer"],
    "contextlib": [10: "AsyncContextDecorator aclosing", 11: "chdir"],
    "copy": [13: "replace"],
    "csv": [12: "QUOTE_NOTNULL QUOTE_STRINGS"],
    "dataclasses": [10: "KW_ONLY"],
    "datetime": [11: "UTC"],
    "enum": [
      11:
        "CONFORM CONTINUOUS EJECT EnumCheck EnumType FlagBoundary KEEP NAMED_FLAGS ReprEnum STRICT StrEnum UNIQUE global_enum member nonmember property show_flag_values verify"
    ],
    "hashlib": [11: "file_digest"],
    "http": [11: "HTTPMethod"],
    "importlib.metadata": [10: "packages_distributions"],
    "inspect": [10: "get_annotations", 11: "getmembers_static", 12: "markcoroutinefunction"],
    "itertools": [10: "pairwise", 12: "batched"],
    "locale": [11: "getencoding"],
    "logging": [11: "getLevelNamesMapping", 12: "getHandlerByName getHandlerNames"],
    "math": [11: "cbrt exp2", 12: "sumprod", 13: "fma"],
    "operator": [11: "call"],
    "pathlib": [13: "UnsupportedOperation"],
    "queue": [13: "ShutDown"],
    "random": [12: "binomialvariate"],
    "re": [11: "NOFLAG", 13: "PatternError"],
    "statistics": [10: "correlation covariance linear_regression", 13: "kde kde_random"],
    "types": [10: "EllipsisType NoneType NotImplementedType UnionType", 12: "get_original_bases"],
    "typing": [
      10: "Concatenate ParamSpec ParamSpecArgs ParamSpecKwargs TypeAlias TypeGuard is_typeddict",
      11:
        "LiteralString Never NotRequired Required Self TypeVarTuple Unpack assert_never assert_type clear_overloads dataclass_transform get_overloads reveal_type",
      12: "TypeAliasType override", 13: "NoDefault ReadOnly TypeIs get_protocol_members is_protocol",
    ],
    "warnings": [13: "deprecated"],
  ])

  private static let removals = table([
    "asyncio": [11: "coroutine"],
    "collections": [
      10:
        "AsyncGenerator AsyncIterable AsyncIterator Awaitable ByteString Callable Collection Container Coroutine Generator Hashable ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping MutableSequence MutableSet Reversible Sequence Set Sized ValuesView"
    ],
    "configparser": [12: "SafeConfigParser", 13: "LegacyInterpolation"],
    "gettext": [11: "ldgettext ldngettext lgettext lngettext"],
    "importlib": [12: "find_loader"],
    "inspect": [11: "ArgSpec formatargspec getargspec"],
    "locale": [12: "format", 13: "resetlocale"],
    "pkgutil": [12: "ImpImporter ImpLoader"],
    "re": [13: "TEMPLATE template"],
    "unittest": [13: "findTestCases getTestCaseNames makeSuite"],
  ])

  private static func table(_ written: [String: [Int: String]]) -> [String: [String: Int]] {
    written.mapValues { versions in
      var names: [String: Int] = [:]
      for (minor, list) in versions { for name in list.split(separator: " ") { names[String(name)] = minor } }
      return names
    }
  }
}
