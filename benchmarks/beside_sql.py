"""What the benchmarks of lists share: a separate database, a node that serves on it, and rounds of wrk and pgbench in turn."""
import glob, json, os, pathlib, re, shutil, socket, statistics, subprocess, sys, tempfile, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
PERSISTENCE = ROOT / "adapters-persistence/src/main/java/io/claviger/persistence"
CONNECTIONS = 32


def tool(name):
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))[::-1]), None)
    return found or sys.exit(f"{name} is needed")


def statement(file, method):
    """The first SQL text block of a method."""
    source = (PERSISTENCE / file).read_text()
    body = source[source.index(method):]
    return re.search(r'"""\n(.*?)"""', body, re.S).group(1)


def newest_java():
    return sorted(pathlib.Path("/usr/lib/jvm").glob("*/bin/java"), key=lambda p: [int(n) for n in re.findall(r"\d+", str(p))])[-1]


def constant(name):
    """The value of a constant in the built persistence module, such as "instances.JdbcInstances.FIND_BY_REF"."""
    owner, field = name.rsplit(".", 1)
    command = [newest_java(), "-cp", f"{ROOT}/bootstrap/target/claviger/lib/*", str(ROOT / "benchmarks/Constant.java"),
               "io.claviger.persistence." + owner, field]
    # The options in this variable are only for the measured node: with some of them, a JVM prints lines that would be taken for the value.
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_TOOL_OPTIONS"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


class Database:
    def __init__(self, admin, name):
        self.admin, self.name = admin, name
        self.url = re.sub(r"/[^/]*$", "/" + name, admin)

    def psql(self, sql, url=None):
        run = subprocess.run([tool("psql"), "-qAtX", "-v", "ON_ERROR_STOP=1", url or self.url],
                             input=sql, text=True, capture_output=True)
        if run.returncode:
            sys.exit(run.stderr)
        return run.stdout.strip()

    def create(self):
        self.psql(f"drop database if exists {self.name} (force)", self.admin)
        self.psql(f"create database {self.name}", self.admin)

    def drop(self):
        self.psql(f"drop database if exists {self.name} (force)", self.admin)

    def pgbench(self, sql, mode, seconds, values):
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(sql.rstrip().rstrip(";") + ";\n")
            script.flush()
            out = subprocess.run(
                [tool("pgbench"), "-n", "-M", mode, "-c", str(CONNECTIONS), "-j", "1", "-T", str(seconds), "-f", script.name]
                + [x for k, v in values.items() for x in ("-D", f"{k}={v}")] + [self.url],
                text=True, capture_output=True)
        rate = re.search(r"^tps = ([\d.]+)", out.stdout, re.M)
        return float(rate.group(1)) if rate else sys.exit(out.stderr or out.stdout)


def program():
    """The packaged program, or the classes of CLAVIGER_CLASSPATH."""
    classes = os.environ.get("CLAVIGER_CLASSPATH")
    return [newest_java(), "-cp", classes, "io.claviger.bootstrap.Main"] if classes else [str(ROOT / "claviger")]


class Node:
    """A node of Claviger that serves on the database."""

    def __init__(self, database, work, errors=None, **more):
        environment = {
            "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "DATABASE_URL": database.url,
            "ENCRYPTION_KEY": "a-key-for-measuring-0123456789-0123456789", "CLAVIGER_ADMIN_TOKEN": "bench-" + "0123456789" * 4,
            "CLAVIGER_PORT": "0", "CLAVIGER_GATEWAY_PORT": "0", "CLAVIGER_LOG_LEVEL": "warn",
            "CLAVIGER_API_REQUESTS_PER_MINUTE": "10000000", **more}
        self.process = subprocess.Popen([*program(), "serve"], env=environment, cwd=work,
                                        stdout=subprocess.PIPE, stderr=errors, text=True)
        line = self.process.stdout.readline()
        self.api, self.gateway = re.search(r"ready on (\S+), gateway on (\S+)", line).groups()
        self.root = environment["CLAVIGER_ADMIN_TOKEN"]

    def call(self, method, path, token, body=None):
        request = urllib.request.Request(self.api + path, method=method, headers={
            "Authorization": "Bearer " + token, "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def wrk(self, path, tokens, seconds):
        """Requests per second with the given tokens in turn, or with a single token."""
        tokens = [tokens] if isinstance(tokens, str) else tokens
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write("local tokens, requests, n = {" + ", ".join(f'"{token}"' for token in tokens) + "}, {}, 0\n"
                         "init = function()\n"
                         "  for i, token in ipairs(tokens) do\n"
                         "    requests[i] = wrk.format('GET', nil, {['Authorization'] = 'Bearer ' .. token})\n"
                         "  end\n"
                         "end\n"
                         "request = function() n = n % #tokens + 1; return requests[n] end\n")
            script.flush()
            out = subprocess.run([tool("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script.name, self.api + path],
                                 text=True, capture_output=True).stdout
        if "Non-2xx" in out or "Socket errors" in out:
            print("   ", re.search(r"(Non-2xx.*|Socket errors.*)", out).group(1))
        return float(re.search(r"Requests/sec:\s*([\d.]+)", out).group(1))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def alternating(rounds, *measures, average=statistics.mean):
    results = [[] for _ in measures]
    for _ in range(rounds):
        for i, measure in enumerate(measures):
            results[i].append(measure())
    return [average(r) for r in results]


def typed(sql):
    """pgbench sends parameters as text, but the driver sends ids and numbers with their types."""
    sql = re.sub(r":(user|viewer)\b", r"cast(:\1 as uuid)", sql)
    return re.sub(r":limit\b", "cast(:limit as bigint)", sql)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def on_a_database_of_its_own(name, measure, **environment):
    """Calls measure(database, node) with a node of Claviger on a new database, and drops this database afterwards."""
    admin = os.environ.get("BENCH_DATABASE_URL") or sys.exit("BENCH_DATABASE_URL is needed")
    subprocess.run([*program(), "--version"], check=True, stdout=subprocess.DEVNULL)
    database = Database(admin, name)
    database.create()
    with tempfile.TemporaryDirectory() as work:
        try:
            node = Node(database, work, **environment)
            try:
                measure(database, node)
            finally:
                node.stop()
        finally:
            database.drop()
