package io.claviger.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Programs and packages that tests need. Each program or package is installed once for all builds
 * of a user, like the libraries in Maven's local repository. The installation takes more CPU time
 * than the tests that need it. The directories may be deleted whenever no build is running.
 */
public final class InstallationCache {
  private static final Path HOME =
      Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
          .filter(given -> !given.isBlank())
          .map(Path::of)
          .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
          .resolve("claviger-tests");

  private InstallationCache() {}

  /**
   * Installs files into a directory, which can be empty, or can already contain some of the files.
   */
  @FunctionalInterface
  public interface Installation {
    void into(Path directory) throws IOException, InterruptedException;
  }

  /**
   * Returns the directory of an installation, and installs it first if necessary. Other processes
   * that need the same installation wait until it is complete.
   *
   * @param name the name of the installation, which is part of the directory's name
   * @param determinedBy all texts that determine the content of the installation, such as the text
   *     of a lock file; each combination of texts has a separate directory
   */
  public static Path directory(String name, List<String> determinedBy, Installation installation)
      throws IOException, InterruptedException {
    Path directory = HOME.resolve(name + "-" + digest(determinedBy));
    Path complete = directory.resolve(".complete");
    synchronized (InstallationCache.class) {
      Files.createDirectories(directory);
      try (FileChannel file = open(directory.resolve(".lock"));
          FileLock lock = file.lock()) {
        if (lock.isValid() && !Files.exists(complete)) {
          installation.into(directory);
          Files.createFile(complete);
        }
      }
    }
    return directory;
  }

  private static FileChannel open(Path lock) throws IOException {
    return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static String digest(List<String> texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String text : texts) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
