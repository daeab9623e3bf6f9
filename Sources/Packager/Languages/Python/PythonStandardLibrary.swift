/// What Lambda's Python runtimes can import without a package.
///
/// Source: `sys.stdlib_module_names` of CPython 3.9 to 3.14 and its lists of what was removed; the modules beside the
/// standard library are those of AWS's runtime images.
enum PythonStandardLibrary {
  /// Whether a `python3.MINOR` runtime has the top-level module `name` in its standard library.
  static func has(_ name: String, minor: Int) -> Bool {
    if let first = added[name] { return minor >= first }
    if let gone = removed[name] { return minor < gone }
    return always.contains(name)
  }

  /// Whether the runtime brings the top-level module `name` beside the standard library.
  static func brings(_ name: String, minor: Int) -> Bool {
    runtime.contains(name) || (minor < 12 && installers.contains(name))
  }

  /// The minor version of Python 3 that dropped a module.
  static func removal(of name: String) -> Int? { removed[name] }

  /// The minor version of Python 3 that brought a module which earlier ones lack.
  static func arrival(of name: String) -> Int? { added[name] }

  /// Modules that some version or other has: code of a repository that is called like one is that one first.
  static let modules: Set<String> = always.union(removed.keys).union(added.keys).union(runtime)

  /// The SDK with what it brings, and the runtime's own.
  private static let runtime: Set<String> = [
    "awslambdaric", "boto3", "botocore", "dateutil", "jmespath", "pip", "s3transfer", "simplejson", "six",
    "snapshot_restore_py", "urllib3",
  ]

  /// What the images have up to 3.11.
  private static let installers: Set<String> = ["_distutils_hack", "pkg_resources", "setuptools"]

  private static let added = ["annotationlib": 14, "compression": 14, "tomllib": 11]

  private static let removed: [String: Int] = [
    "_bootlocale": 10, "_bootsubprocess": 12, "_crypt": 13, "_msi": 13, "aifc": 13, "asynchat": 12,
    "asyncore": 12, "audioop": 13, "binhex": 11, "cgi": 13, "cgitb": 13, "chunk": 13, "crypt": 13,
    "distutils": 12, "formatter": 10, "imghdr": 13, "imp": 12, "lib2to3": 13, "mailcap": 13,
    "msilib": 13, "nis": 13, "nntplib": 13, "ossaudiodev": 13, "parser": 10, "pipes": 13, "smtpd": 12,
    "sndhdr": 13, "spwd": 13, "sunau": 13, "symbol": 10, "telnetlib": 13, "uu": 13, "xdrlib": 13,
  ]

  private static let always: Set<String> = Set(
    """
    __future__ __hello__ __main__ __phello__ _abc _aix_support _android_support _apple_support _ast
    _ast_unparse _asyncio _bisect _blake2 _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022
    _codecs_jp _codecs_kr _codecs_tw _collections _collections_abc _colorize _compat_pickle
    _compression _contextvars _csv _ctypes _curses _curses_panel _datetime _dbm _decimal
    _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib _heapq _hmac
    _imp _interpchannels _interpqueues _interpreters _io _ios_support _json _locale _lsprof _lzma
    _markupbase _md5 _multibytecodec _multiprocessing _opcode _opcode_metadata _operator
    _osx_support _overlapped _pickle _posixshmem _posixsubprocess _py_abc _py_warnings _pydatetime
    _pydecimal _pyio _pylong _pyrepl _queue _random _remote_debugging _scproxy _sha1 _sha2 _sha256
    _sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string
    _strptime _struct _suggestions _symtable _sysconfig _thread _threading_local _tkinter _tokenize
    _tracemalloc _types _typing _uuid _warnings _weakref _weakrefset _winapi _wmi _xxtestfuzz
    _zoneinfo _zstd abc antigravity argparse array ast asyncio atexit base64 bdb binascii bisect
    builtins bz2 cProfile calendar cmath cmd code codecs codeop collections colorsys compileall
    concurrent configparser contextlib contextvars copy copyreg csv ctypes curses dataclasses
    datetime dbm decimal difflib dis doctest email encodings ensurepip enum errno faulthandler fcntl
    filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob
    graphlib grp gzip hashlib heapq hmac html http idlelib imaplib importlib inspect io ipaddress
    itertools json keyword linecache locale logging lzma mailbox marshal math mimetypes mmap
    modulefinder msvcrt multiprocessing netrc nt ntpath nturl2path numbers opcode operator optparse
    os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix posixpath pprint
    profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re
    readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil
    signal site smtplib socket socketserver sqlite3 sre_compile sre_constants sre_parse ssl stat
    statistics string stringprep struct subprocess symtable sys sysconfig syslog tabnanny tarfile
    tempfile termios textwrap this threading time timeit tkinter token tokenize trace traceback
    tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uuid venv warnings
    wave weakref webbrowser winreg winsound wsgiref xml xmlrpc zipapp zipfile zipimport zlib
    zoneinfo
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
