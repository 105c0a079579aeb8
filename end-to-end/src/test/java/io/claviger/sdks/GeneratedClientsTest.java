package io.claviger.sdks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import io.claviger.sdks.GeneratedClients.Language;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clients that are generated from the API contract compile, and the Python client makes calls. */
@Order(1)
@Tag("thorough")
class GeneratedClientsTest {
  private static final Logger LOG = LoggerFactory.getLogger(GeneratedClientsTest.class);
  private static final Duration COMPILING = Duration.ofMinutes(2);
  private static final Duration ANSWERING = Duration.ofSeconds(20);

  @BeforeAll
  static void generate() throws IOException, InterruptedException {
    try (InputStream contract =
        Objects.requireNonNull(GeneratedClients.class.getResourceAsStream("/openapi.yaml"))) {
      GeneratedClients.generate(new String(contract.readAllBytes(), UTF_8));
    } catch (NpmPackages.Missing e) {
      skip("generated clients", String.valueOf(e.getMessage()));
    }
  }

  @Test
  void the_java_client_compiles() throws IOException {
    @Nullable JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      skip("the Java client", "this Java has no compiler");
      return;
    }
    Path client = Language.JAVA.client();
    Path classes = Files.createDirectories(client.resolve("classes"));
    List<Path> sources = files(client.resolve(Path.of("src", "main", "java")), ".java");
    assertThat(sources).isNotEmpty();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-nowarn",
              "-classpath",
              System.getProperty("java.class.path"),
              "-d",
              classes.toString());
      boolean well =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(well).as(said.toString()).isTrue();
    }
  }

  @Test
  void the_java_client_reads_answers_into_fields_and_writes_only_what_was_set() throws IOException {
    List<Path> sources =
        files(Language.JAVA.client().resolve(Path.of("src", "main", "java")), ".java");
    assertThat(source(sources, "Me.java")).doesNotContain("extends HashMap");
    assertThat(source(sources, "LlmServiceWrite.java"))
        .doesNotContainPattern("private .* = new (ArrayList|HashMap)<>\\(\\);");
  }

  private static String source(List<Path> sources, String name) throws IOException {
    return Files.readString(
        sources.stream().filter(each -> each.endsWith(name)).findFirst().orElseThrow());
  }

  @Test
  void the_python_client_compiles() throws IOException, InterruptedException {
    demand("the Python client", "python3", "--version");
    Path client = Language.PYTHON.client();
    assertThat(files(client, ".py")).isNotEmpty();
    compile(client, "python3", "-m", "compileall", "-q", ".");
  }

  /** Compiling a Python module neither resolves its names nor reads any answer. */
  @Test
  void the_python_client_makes_calls() throws IOException, InterruptedException {
    Path python;
    try {
      python = GeneratedClients.python();
    } catch (NpmPackages.Missing e) {
      skip("calls of the Python client", String.valueOf(e.getMessage()));
      return;
    }
    try (Journey journey = new Journey()) {
      Node node = journey.startNode(journey.environment());
      Api administrator = journey.administrator(node, "alice");
      ProcessBuilder calls =
          new ProcessBuilder(
              python.toString(),
              GeneratedClients.CALLS.toString(),
              node.api().toString(),
              administrator.token(),
              journey.provider().baseUrl() + "/v1");
      calls.environment().put("PYTHONPATH", Language.PYTHON.client().toString());
      ProgramResult ended = ProgramResult.of(calls, "", COMPILING);
      assertThat(ended.exitCode()).as("%s", ended).isZero();
    }
  }

  @Test
  void the_typescript_client_compiles() throws IOException, InterruptedException {
    demand("the TypeScript client", "node", "--version");
    compile(
        Language.TYPESCRIPT.client(),
        "node",
        GeneratedClients.typeScriptCompiler().toString(),
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--target",
        "es2020",
        "--module",
        "esnext",
        "--moduleResolution",
        "node",
        "--lib",
        "es2020,dom",
        "index.ts");
  }

  @Test
  void the_go_client_compiles() throws IOException, InterruptedException {
    demand("the Go client", "go", "version");
    assertThat(files(Language.GO.client(), ".go")).isNotEmpty();
    // Without the paths of this build, what another build has compiled need not be compiled again.
    compile(Language.GO.client(), "go", "build", "-trimpath", "./...");
  }

  private static List<Path> files(Path directory, String ending) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(path -> path.toString().endsWith(ending)).toList();
    }
  }

  private static void compile(Path client, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder compiler = new ProcessBuilder(command).directory(client.toFile());
    ProgramResult ended = ProgramResult.of(compiler, "", COMPILING);
    assertThat(ended.exitCode()).as("%s", ended).isZero();
  }

  private static void demand(String what, String... command)
      throws IOException, InterruptedException {
    ProgramResult ended = ProgramResult.of(new ProcessBuilder(command), "", ANSWERING);
    if (!ended.well()) {
      skip(what, "there is no " + command[0] + " on this machine, " + ended.how());
    }
  }

  private static void skip(String what, String why) {
    LOG.warn("NOT tested: {}: {}", what, why);
    Assumptions.abort("%s: not tested, because %s".formatted(what, why));
  }
}
