package io.claviger.sdks;

import io.claviger.sdks.NpmPackages.Missing;
import io.claviger.testkit.InstallationCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Clients that openapi-generator makes of the API contract, one for each language. */
final class GeneratedClients {
  private static final Path SOURCE = Path.of("src", "test", "clients");

  /** A program that makes calls with the Python client. */
  static final Path CALLS = SOURCE.resolve("calls.py");

  private static final Path HOME = Path.of("target", "npm", "clients").toAbsolutePath();
  private static final Path MODULES = HOME.resolve("node_modules");
  private static final Path GENERATED = HOME.resolve("generated");
  private static final String CONTRACT = "openapi.yaml";

  /** The path to which the build copies the generator. */
  private static final Path GENERATOR =
      Path.of("target", "openapi-generator", "openapi-generator-cli.jar").toAbsolutePath();

  private static final Duration GENERATING = Duration.ofMinutes(3);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private GeneratedClients() {}

  /** A language, by the name of its generator. */
  enum Language {
    JAVA("java"),
    PYTHON("python"),
    TYPESCRIPT("typescript-fetch"),
    GO("go");

    private final String generator;

    Language(String generator) {
      this.generator = generator;
    }

    /** The directory that holds the client. */
    Path client() {
      return GENERATED.resolve(generator);
    }

    private Map<String, Object> config(Path contract, Path clients) {
      Map<String, Object> config = new TreeMap<>();
      config.put("generatorName", generator);
      config.put("inputSpec", contract.toString());
      config.put("outputDir", clients.resolve(generator).toString());
      if (this == JAVA) {
        config.put("library", "native");
        config.put(
            "additionalProperties",
            Map.of(
                "useJakartaEe",
                "true",
                "openApiNullable",
                "false",
                "containerDefaultToNull",
                "true"));
      }
      if (this == GO) {
        // Go has no names inside of types: two enumerations can't both have a READER, and the
        // field has_api_key collides with the method that tells whether api_key is there.
        config.put("additionalProperties", Map.of("enumClassPrefix", "true"));
        config.put("nameMappings", Map.of("has_api_key", "api_key_stored"));
      }
      return config;
    }
  }

  /** The TypeScript compiler. */
  static Path typeScriptCompiler() {
    return MODULES.resolve(Path.of("typescript", "bin", "tsc"));
  }

  /** A Python with the packages that the Python client needs. */
  static Path python() throws IOException, InterruptedException {
    return PythonPackages.install(SOURCE.resolve("requirements.txt"));
  }

  /**
   * Makes the clients of all languages. Those of one contract and generator are the same in every
   * build, and are made once.
   */
  static void generate(String contract) throws IOException, InterruptedException {
    if (!Files.exists(GENERATOR)) {
      throw new Missing("the build has not copied " + GENERATOR);
    }
    NpmPackages.install(SOURCE, HOME);
    List<String> determinedBy =
        new ArrayList<>(List.of(contract, Long.toString(Files.size(GENERATOR))));
    for (Language language : Language.values()) {
      determinedBy.add(JSON.writeValueAsString(language.config(Path.of(CONTRACT), Path.of(""))));
    }
    Path made =
        InstallationCache.directory(
            "generated-clients", determinedBy, directory -> generate(contract, directory));
    delete(GENERATED);
    copy(made, GENERATED);
  }

  private static void generate(String contract, Path directory)
      throws IOException, InterruptedException {
    Path yaml = Files.writeString(directory.resolve(CONTRACT), contract);
    // The documentation tells users to remove these lines too. Because of these lines, the
    // generator treats objects as maps.
    Path forJava =
        Files.writeString(
            directory.resolve("java.yaml"),
            contract.replaceAll("(?m)^.*additionalProperties: false\n", ""));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-jar",
                GENERATOR.toString(),
                "batch",
                "--threads",
                "2"));
    for (Language language : Language.values()) {
      String name = language.name().toLowerCase(Locale.ROOT) + ".json";
      Path config = directory.resolve(name);
      Path input = language == Language.JAVA ? forJava : yaml;
      Files.writeString(config, JSON.writeValueAsString(language.config(input, directory)));
      command.add(config.toString());
    }
    ProgramResult ended =
        ProgramResult.of(new ProcessBuilder(command).directory(HOME.toFile()), "", GENERATING);
    if (!ended.well()) {
      throw new IllegalStateException("the generator failed, " + ended);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each)));
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> paths = Files.walk(directory)) {
        for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
