package io.claviger.sdks;

import io.claviger.testkit.InstallationCache;
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

  private static final String MODULES = "node_modules";
  private static final Duration INSTALLING = Duration.ofMinutes(5);
  private static final Duration ANSWERING = Duration.ofSeconds(60);

  private NpmPackages() {}

  /** Thrown if this machine lacks a program or a package that the tests need. */
  static final class Missing extends RuntimeException {
    Missing(String why) {
      super(why);
    }
  }

  /**
   * Copies the files of a directory into an empty one of the build, whose {@code node_modules} are
   * those that the lock file names. Builds with the same lock file share them, and so do classes
   * that install at the same time.
   */
  static synchronized void install(Path source, Path home, String... options)
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
    Path link = home.resolve(MODULES);
    boolean unused = Files.deleteIfExists(link);
    Files.createSymbolicLink(link, installed(source, List.of(options)).resolve(MODULES));
  }

  private static Path installed(Path source, List<String> options)
      throws IOException, InterruptedException {
    Path listed = source.resolve("package.json");
    Path lock = source.resolve("package-lock.json");
    List<String> command = Stream.concat(INSTALL.stream(), options.stream()).toList();
    return InstallationCache.directory(
        "npm-" + source.getFileName(),
        List.of(String.join(" ", command), Files.readString(listed), Files.readString(lock)),
        directory -> {
          for (Path file : List.of(listed, lock)) {
            Path copy = directory.resolve(file.getFileName());
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
          }
          ProcessBuilder npm = new ProcessBuilder(command).directory(directory.toFile());
          ProgramResult ended = ProgramResult.of(npm, "", INSTALLING);
          if (!ended.well()) {
            throw new Missing("npm ci did not install the packages, " + ended.how());
          }
        });
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
