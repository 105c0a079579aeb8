package io.claviger.sdks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Packages of npm, installed as a lock file names them. */
final class NpmPackages {
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

  /** The oldest Node that the machine's npm runs on. */
  private static final int OLDEST_NODE = 20;

  private static final Duration INSTALLING = Duration.ofMinutes(5);
  private static final Duration ANSWERING = Duration.ofSeconds(60);

  private NpmPackages() {}

  /** This machine lacks a program or a package that the tests need. */
  static final class Missing extends RuntimeException {
    Missing(String why) {
      super(why);
    }
  }

  /**
   * Copies the files of a directory into one of the build, and installs what its lock file names
   * there. Does not install again as long as the lock file stays the same.
   */
  static void install(Path source, Path home, String... options)
      throws IOException, InterruptedException {
    int node = majorVersion("node");
    if (node < OLDEST_NODE) {
      throw new Missing("npm needs Node %d or newer, this is %d".formatted(OLDEST_NODE, node));
    }
    Files.createDirectories(home);
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = home.resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path lock = home.resolve("package-lock.json");
    Path installedLock = home.resolve("node_modules").resolve(".installed");
    if (!Files.exists(installedLock) || Files.mismatch(installedLock, lock) >= 0) {
      List<String> command = Stream.concat(INSTALL.stream(), Stream.of(options)).toList();
      ProcessBuilder npm = new ProcessBuilder(command).directory(home.toFile());
      ProgramResult ended = ProgramResult.of(npm, "", INSTALLING);
      if (!ended.well()) {
        throw new Missing("npm ci did not install the packages, " + ended.how());
      }
      Files.copy(lock, installedLock, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The major version of a Node, which has to run on this machine. */
  static int majorVersion(String node) throws IOException, InterruptedException {
    ProgramResult ended = ProgramResult.of(new ProcessBuilder(node, "--version"), "", ANSWERING);
    String version = ended.output().strip();
    if (!ended.well() || !version.matches("v\\d{1,4}\\..*")) {
      throw new Missing(node + " --version did not answer, " + ended.how());
    }
    return Integer.parseInt(version.substring(1, version.indexOf('.')));
  }
}
