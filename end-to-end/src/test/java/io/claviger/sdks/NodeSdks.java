package io.claviger.sdks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The SDKs for Node as the lock file names them, installed, and processes that use them. */
final class NodeSdks {
  private static final Path SOURCE = Path.of("src", "test", "node");
  private static final Path HOME = Path.of("target", "node-sdks");
  private static final Path LOCK = HOME.resolve("package-lock.json");
  private static final Path INSTALLED_LOCK = HOME.resolve("node_modules").resolve(".installed");
  private static final List<String> INSTALL =
      List.of(
          "npm",
          "ci",
          "--ignore-scripts",
          "--prefer-offline",
          "--fetch-retries=0",
          "--no-audit",
          "--no-fund",
          "--no-update-notifier");
  private static final int OLDEST_NODE = 20;
  private static final Duration INSTALLING = Duration.ofMinutes(2);
  private static final Duration RUNNING = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private NodeSdks() {}

  /** This machine can't run them. */
  static final class Missing extends RuntimeException {
    Missing(String why) {
      super(why);
    }
  }

  /** Installs them into the build directory, unless that was done already. */
  static NodeSdks installed() throws IOException, InterruptedException {
    demandNode();
    Files.createDirectories(HOME);
    try (Stream<Path> files = Files.list(SOURCE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = HOME.resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!Files.exists(INSTALLED_LOCK) || Files.mismatch(INSTALLED_LOCK, LOCK) >= 0) {
      ProgramResult ended = ProgramResult.of(inHome(INSTALL), "", INSTALLING);
      if (!ended.well()) {
        throw new Missing("npm ci did not install them, " + ended.how());
      }
      Files.copy(LOCK, INSTALLED_LOCK, StandardCopyOption.REPLACE_EXISTING);
    }
    return new NodeSdks();
  }

  private static void demandNode() throws IOException, InterruptedException {
    ProgramResult ended = ProgramResult.of(new ProcessBuilder("node", "--version"), "", RUNNING);
    String version = ended.output().strip();
    if (!ended.well() || !version.matches("v\\d{1,4}\\..*")) {
      throw new Missing("node --version did not answer, " + ended.how());
    }
    if (Integer.parseInt(version.substring(1, version.indexOf('.'))) < OLDEST_NODE) {
      throw new Missing("they need Node " + OLDEST_NODE + " or newer, this is " + version);
    }
  }

  /** Has an SDK make the calls, all at once, in a process that knows nothing of this one. */
  List<CaseResult> run(Sdk sdk, List<CaseCall> calls) throws IOException, InterruptedException {
    ProcessBuilder node = inHome(List.of("node", sdk.script()));
    String path = System.getenv("PATH");
    node.environment().clear();
    node.environment().put("PATH", path);
    ProgramResult ended = ProgramResult.of(node, JSON.writeValueAsString(calls), RUNNING);
    if (!ended.well()) {
      throw new IllegalStateException(sdk + " failed, " + ended);
    }
    return ended.output().lines().map(JSON::readTree).map(CaseResult::new).toList();
  }

  private static ProcessBuilder inHome(List<String> command) {
    return new ProcessBuilder(command).directory(HOME.toFile());
  }
}
