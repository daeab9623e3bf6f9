/// The programs that run handlers of interpreted languages: the part of Lambda's own runtimes that a handler can see.
///
/// After each invocation they print ``marker`` and its id on the stream that carries the handler's output, so that
/// every line is counted to the invocation that wrote it.
enum Bootstraps {
  static let marker = "\u{1}lamctl-end "

  static let python = #"""
    import ctypes, importlib, importlib.machinery, json, os, signal, socket, sys, threading, time, traceback

    parent = os.getppid()
    try:
        # PR_SET_PDEATHSIG: end when the sandbox does.
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
    except (OSError, AttributeError):
        pass
    if os.getppid() != parent:
        os._exit(1)
    os.dup2(1, 2)

    host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    reader = connection.makefile("rb")


    def request(method, path, body=b"", headers=""):
        head = f"{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: {host}:{port}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        if not reader.readline():
            os._exit(0)
        fields = {}
        while True:
            line = reader.readline().strip()
            if not line:
                break
            name, _, value = line.decode("utf-8").partition(":")
            fields[name.lower()] = value.strip()
        return fields, reader.read(int(fields.get("content-length", 0)))


    def described(error):
        trace = traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])
        return {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": trace}


    def fail(path, error, headers=""):
        detail = described(error)
        print(f"[ERROR] {detail['errorType']}: {detail['errorMessage']}\nTraceback (most recent call last):")
        print("".join(detail["stackTrace"]), end="")
        return path, json.dumps(detail).encode(), "Lambda-Runtime-Function-Error-Type: Unhandled\r\n"


    class Identity:
        cognito_identity_id = None
        cognito_identity_pool_id = None


    class Context:
        def __init__(self, fields):
            self.aws_request_id = fields["lambda-runtime-aws-request-id"]
            self.invoked_function_arn = fields["lambda-runtime-invoked-function-arn"]
            self.deadline = int(fields["lambda-runtime-deadline-ms"])
            self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
            self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
            self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
            self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
            self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
            self.identity = Identity()
            self.client_context = None
            self.tenant_id = fields.get("lambda-runtime-aws-tenant-id")

        def get_remaining_time_in_millis(self):
            return max(0, self.deadline - int(time.time() * 1000))

        def log(self, message):
            sys.stdout.write(str(message))


    class Runtime:
        """Finds among what is installed on this machine what Lambda's runtime brings, and nothing else."""

        names = {"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"}

        def __init__(self, places):
            self.places = places

        def find_spec(self, name, path=None, target=None):
            if path is not None or name not in self.names:
                return None
            return importlib.machinery.PathFinder.find_spec(name, self.places, target)


    standard = os.path.dirname(os.__file__)
    stated = os.environ.get("PYTHONPATH", "").split(os.pathsep)


    def is_kept(path):
        parts = path.split(os.sep)
        is_standard = path.endswith(".zip") or path.startswith(standard)
        return path in stated or is_standard and "site-packages" not in parts and "dist-packages" not in parts


    sys.meta_path.append(Runtime([path for path in sys.path[1:] if not is_kept(path)]))
    sys.path[:] = [path for path in sys.path[1:] if is_kept(path)]
    sys.path[:0] = [os.environ["LAMBDA_TASK_ROOT"]] + os.environ.pop("LAMCTL_LAYER_PATH", "").split(os.pathsep)
    sys.path[:] = [path for path in sys.path if path]
    sys.dont_write_bytecode = True
    try:
        module, _, name = os.environ["_HANDLER"].rpartition(".")
        if not module:
            raise ImportError(f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
        try:
            handler = getattr(importlib.import_module(module.replace("/", ".")), name)
        except ImportError as error:
            raise type("Runtime.ImportModuleError", (Exception,), {})(
                f"Unable to import module '{module}': {error}").with_traceback(error.__traceback__)
        except AttributeError as error:
            raise type("Runtime.HandlerNotFound", (Exception,), {})(
                f"Handler '{name}' missing on module '{module}'").with_traceback(error.__traceback__)
        except SyntaxError as error:
            raise type("Runtime.UserCodeSyntaxError", (Exception,), {})(
                f"Syntax error in module '{module}': {error}").with_traceback(error.__traceback__)
    except Exception as error:
        request("POST", *fail("init/error", error))
        os._exit(1)

    while True:
        fields, body = request("GET", "invocation/next")
        request_id = fields["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = fields.get("lambda-runtime-trace-id", "")
        try:
            result = handler(json.loads(body), Context(fields))
            answer = f"invocation/{request_id}/response", json.dumps(result).encode(), ""
        except Exception as error:
            answer = fail(f"invocation/{request_id}/error", error)
        sys.stdout.flush()
        os.write(1, f"\x01lamctl-end {request_id}\n".encode())
        request("POST", *answer)

    """#

  static let node = #"""
    import http from "node:http";
    import fs from "node:fs";
    import path from "node:path";
    import { createRequire } from "node:module";
    import { pathToFileURL } from "node:url";

    const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const parent = process.ppid;
    // One stream for all output keeps its order.
    process.stderr.write = process.stdout.write.bind(process.stdout);
    setInterval(() => { if (process.ppid !== parent) process.exit(1); }, 500).unref();

    function request(method, name, body = "", headers = {}) {
      return new Promise((resolve) => {
        const call = http.request({
          host, port, agent, method, path: `/2018-06-01/runtime/${name}`,
          headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
        }, (answer) => {
          const chunks = [];
          answer.on("data", (chunk) => chunks.push(chunk));
          answer.on("end", () => resolve([answer.headers, Buffer.concat(chunks).toString("utf8")]));
        });
        call.on("error", () => process.exit(0));
        call.setNoDelay(true);
        call.end(body);
      });
    }

    function described(error) {
      if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
      return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split("\n") };
    }

    async function fail(name, error) {
      const detail = described(error);
      console.error(`ERROR\tInvoke Error\t${JSON.stringify(detail)}`);
      return [name, JSON.stringify(detail), { "Lambda-Runtime-Function-Error-Type": "Unhandled" }];
    }

    function named(name, message) {
      const error = new Error(message);
      error.name = name;
      return error;
    }

    async function load() {
      const root = process.env.LAMBDA_TASK_ROOT;
      const spec = process.env._HANDLER;
      const slash = spec.lastIndexOf("/") + 1;
      const dot = spec.indexOf(".", slash);
      if (dot < 0) throw named("Runtime.MalformedHandlerName", `Bad handler ${spec}`);
      const file = path.resolve(root, spec.slice(0, dot));
      const found = ["", ".js", ".mjs", ".cjs"].map((end) => file + end)
        .find((name) => fs.existsSync(name) && fs.statSync(name).isFile());
      if (!found) throw named("Runtime.ImportModuleError", `Error: Cannot find module '${spec.slice(0, dot)}'`);
      let module;
      try {
        module = await import(pathToFileURL(found).href);
      } catch (error) {
        if (!(error instanceof SyntaxError) || !found.endsWith(".js")) {
          if (error instanceof SyntaxError) throw named("Runtime.UserCodeSyntaxError", String(error));
          throw error;
        }
        module = createRequire(root + "/")(found);
      }
      let handler = module;
      const names = spec.slice(dot + 1).split(".");
      for (const name of names) handler = handler?.[name];
      if (typeof handler !== "function") {
        handler = module.default;
        for (const name of names) handler = handler?.[name];
      }
      if (typeof handler !== "function") {
        throw named("Runtime.HandlerNotFound", `${spec} is undefined or not exported`);
      }
      return handler;
    }

    function context(headers, done) {
      const deadline = Number(headers["lambda-runtime-deadline-ms"]);
      return {
        awsRequestId: headers["lambda-runtime-aws-request-id"],
        invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
        tenantId: headers["lambda-runtime-aws-tenant-id"],
        functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
        functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
        memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
        logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
        logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
        callbackWaitsForEmptyEventLoop: true,
        getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
        done, fail: (error) => done(error ?? "handled"), succeed: (result) => done(null, result),
      };
    }

    function run(handler, event, headers) {
      return new Promise((resolve, reject) => {
        const done = (error, result) => error === null || error === undefined ? resolve(result) : reject(error);
        const result = handler(event, context(headers, done), done);
        if (typeof result?.then === "function") result.then(resolve, reject);
        else if (handler.length < 3 && result !== undefined) resolve(result);
        else if (handler.length < 2) resolve(result);
      });
    }

    let handler;
    try {
      handler = await load();
    } catch (error) {
      await request("POST", ...(await fail("init/error", error)));
      process.exit(1);
    }
    let current;
    async function crash(error) {
      if (current) await request("POST", ...(await fail(`invocation/${current}/error`, error)));
      process.exit(1);
    }
    process.on("uncaughtException", crash);
    process.on("unhandledRejection", crash);
    for (;;) {
      const [headers, body] = await request("GET", "invocation/next");
      current = headers["lambda-runtime-aws-request-id"];
      process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
      let answer;
      try {
        const result = await run(handler, JSON.parse(body), headers);
        answer = [`invocation/${current}/response`, JSON.stringify(result) ?? "null"];
      } catch (error) {
        answer = await fail(`invocation/${current}/error`, error);
      }
      process.stdout.write(`\x01lamctl-end ${current}\n`);
      current = undefined;
      await request("POST", ...answer);
    }

    """#
}
