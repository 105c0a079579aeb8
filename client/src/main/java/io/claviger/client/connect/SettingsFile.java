package io.claviger.client.connect;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.settings.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * The settings file of another program.
 *
 * @param path the real path of the file, with resolved symbolic links; see {@link #real}
 * @param former the content of the file when it was read
 */
record SettingsFile(Path path, boolean exists, String former, SettingsDocument document) {
  /** Reads the file. A missing file is read as an empty file. */
  static SettingsFile read(Path path) {
    try {
      boolean exists = Files.exists(path);
      if (!exists && Files.isSymbolicLink(path)) {
        throw ClientFault.of(
            "%s is a symbolic link that leads to no file, and is left alone".formatted(path));
      }
      Path real = real(path);
      String text = exists ? Files.readString(real, StandardCharsets.UTF_8) : "";
      return new SettingsFile(
          real,
          exists,
          text,
          path.toString().endsWith(".toml")
              ? TomlSettings.read(path, text)
              : JsonSettings.read(path, text));
    } catch (IOException e) {
      throw ClientFault.of("%s can't be read: %s".formatted(path, PrivateFiles.reason(e)));
    }
  }

  /**
   * Returns a path with resolved symbolic links. If the file is missing, links are resolved up to
   * the nearest existing directory, so that the path stays the same when the file is created.
   */
  static Path real(Path path) throws IOException {
    Path whole = path.toAbsolutePath();
    Path parent = whole.getParent();
    return parent == null || Files.exists(whole)
        ? whole.toRealPath()
        : real(parent).resolve(whole.getFileName());
  }

  /** Writes the document to the file, and keeps the file's permissions. */
  void write() {
    try {
      demandUnchanged();
      byte[] text = document.text().getBytes(StandardCharsets.UTF_8);
      if (!exists) {
        PrivateFiles.write(path, text);
        return;
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      PrivateFiles.write(path, text);
      Path unused = Files.setPosixFilePermissions(path, permissions);
    } catch (IOException e) {
      throw PrivateFiles.unwritable(path, e);
    }
  }

  /**
   * Refuses to write if the file was changed after it was read. For example, the program to which
   * the file belongs might have changed it while the user was looking at the difference.
   */
  private void demandUnchanged() throws IOException {
    boolean same =
        Files.exists(path)
            ? exists && Files.readString(path, StandardCharsets.UTF_8).equals(former)
            : !exists;
    if (!same) {
      throw ClientFault.of(
          "%s was changed after it was read; nothing was written".formatted(path),
          "Run the command again.");
    }
  }

  void delete() {
    try {
      demandUnchanged();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw PrivateFiles.unwritable(path, e);
    }
  }
}
