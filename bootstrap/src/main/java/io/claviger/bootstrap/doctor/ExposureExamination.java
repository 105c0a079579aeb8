package io.claviger.bootstrap.doctor;

import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.bootstrap.settings.ListenerSettings;
import io.claviger.bootstrap.settings.TlsSettings;
import io.claviger.bootstrap.tls.ServerTls;
import io.claviger.bootstrap.tls.TlsFiles;
import io.claviger.host.FileOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Warns about settings that work but might expose secrets unintentionally. Such settings are files
 * that other users can read, and unencrypted listeners that other machines can reach.
 */
final class ExposureExamination {
  private static final long ROOT = 0;
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private ExposureExamination() {}

  /**
   * Examines the files that contain secrets. A finding contains the name of the variable that names
   * the file, but not the file's path.
   */
  static void examineSecretFiles(Map<String, Path> files, Consumer<Finding> findings) {
    examineSecretFiles(files, FileOwner.ofThisProcess(), findings);
  }

  /**
   * @param process the user of this process
   */
  static void examineSecretFiles(
      Map<String, Path> files, FileOwner process, Consumer<Finding> findings) {
    new TreeMap<>(files).forEach((name, file) -> findings.accept(secretFile(name, file, process)));
  }

  private static Finding secretFile(String name, Path file, FileOwner process) {
    String what = "the file of " + name;
    try {
      Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
      Set<PosixFilePermission> open = EnumSet.noneOf(PosixFilePermission.class);
      open.addAll(modes);
      open.retainAll(OF_OTHERS);
      boolean foreign = process.uid() != ROOT && !process.owns(file);
      if (foreign) {
        // Kubernetes and systemd give a file to this process only by its group or by an access
        // control list, whose rights are shown as those of the group.
        boolean unused = open.remove(PosixFilePermission.GROUP_READ);
      }
      return open.isEmpty()
          ? Finding.ok("secret_files", what + " is closed to other users")
          : Finding.warn(
              "secret_files",
              "%s is open to other users (%s): %s"
                  .formatted(
                      what,
                      PosixFilePermissions.toString(modes),
                      foreign
                          ? "let a group of this process own it, and chmod 640 it"
                          : "chmod 600 it"));
    } catch (IOException | UnsupportedOperationException e) {
      return Finding.warn("secret_files", what + ": who can read it is unknown");
    }
  }

  /**
   * Examines the listeners' TLS certificate.
   *
   * @param settings the settings with the TLS files; empty if the node serves plain HTTP
   */
  static void examineTls(Optional<TlsSettings> settings, Instant now, Consumer<Finding> findings) {
    settings.ifPresent(files -> findings.accept(tls(files, now)));
  }

  private static Finding tls(TlsSettings settings, Instant now) {
    try {
      TlsFiles files = TlsFiles.load(settings);
      Instant end = files.end(now);
      if (!now.isBefore(end)) {
        return Finding.fail("tls", "the certificate has expired at " + end);
      }
      if (now.isBefore(files.beginning())) {
        return Finding.fail("tls", "the certificate is not valid before " + files.beginning());
      }
      if (!now.plus(ServerTls.SOON).isBefore(end)) {
        return Finding.warn("tls", "the certificate ends soon: at " + end);
      }
      return files
          .endedBefore(now)
          .map(at -> Finding.warn("tls", "an intermediate certificate has expired at " + at))
          .orElseGet(
              () -> Finding.ok("tls", "the key is that of the certificate, which ends at " + end));
    } catch (TlsFiles.Unusable e) {
      return Finding.fail("tls", String.valueOf(e.getMessage()));
    }
  }

  static Finding listeners(ListenerSettings settings) {
    if (settings.areLocal()) {
      return Finding.ok("listeners", "accept connections from this machine only");
    }
    if (settings.tls().isPresent()) {
      return Finding.ok("listeners", "accept other machines, by TLS");
    }
    boolean encrypted =
        settings
            .publicGatewayUrl()
            .filter(url -> "https".equalsIgnoreCase(url.getScheme()))
            .isPresent();
    return encrypted
        ? Finding.ok("listeners", "accept other machines; CLAVIGER_GATEWAY_URL is encrypted")
        : Finding.warn(
            "listeners",
            "on %s, other machines can connect, and nothing is encrypted: tokens can be read on the"
                    .formatted(settings.host())
                + " way; put a proxy with TLS in front, and set CLAVIGER_GATEWAY_URL");
  }
}
