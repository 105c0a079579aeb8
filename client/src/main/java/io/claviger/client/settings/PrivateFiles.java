package io.claviger.client.settings;

import io.claviger.client.faults.ClientFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Files that only their owner can read, and that are replaced either completely or not at all. */
public final class PrivateFiles {
  private static final FileAttribute<Set<PosixFilePermission>> OF_THE_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_OF_THE_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private PrivateFiles() {}

  /** A new file that will replace a file in the same directory, the target. */
  public static final class Replacement implements AutoCloseable {
    private final Path target;
    private final Path written;
    private final FileChannel channel;

    private Replacement(Path target, Path written, FileChannel channel) {
      this.target = target;
      this.written = written;
      this.channel = channel;
    }

    /**
     * Writes the new file's content, and replaces the target by the new file.
     *
     * @throws ClientFault if the new file can't be written or can't replace the target; the target
     *     then stays unchanged
     */
    public void complete(byte[] content) {
      try {
        channel.position(0);
        write(content);
        channel.truncate(content.length);
        channel.force(true);
        Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw unwritable(target, e);
      }
    }

    private void write(byte[] content) throws IOException {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        int unused = channel.write(rest);
      }
    }

    /** Deletes the new file if it has not replaced the target. */
    @Override
    public void close() {
      try {
        channel.close();
        Files.deleteIfExists(written);
      } catch (IOException e) {
        throw unwritable(target, e);
      }
    }
  }

  /**
   * Starts to replace a file, and reserves the disk space for the new file. So a full disk is
   * noticed before the action whose result the file must store.
   *
   * @param room the number of bytes of disk space to reserve
   */
  public static Replacement replace(Path target, int room) {
    Path written = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      createDirectories(target.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              written,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              OF_THE_OWNER);
      Replacement replacement = new Replacement(target, written, channel);
      try {
        replacement.write(new byte[room]);
        channel.force(true);
      } catch (IOException e) {
        replacement.close();
        throw e;
      }
      return replacement;
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /** Replaces the content of a file, or creates the file. */
  public static void write(Path target, byte[] content) {
    try (Replacement replacement = replace(target, content.length)) {
      replacement.complete(content);
    }
  }

  /**
   * Whether other users of this machine may read or write a file. False if its directory gives no
   * permission to them, because they then can't reach the file, and on file systems without such
   * permissions.
   */
  static boolean isOpenToOthers(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    return givesPermissionsToOthers(file)
        && (directory == null || givesPermissionsToOthers(directory));
  }

  private static boolean givesPermissionsToOthers(Path path) {
    try {
      return Files.getPosixFilePermissions(path).stream()
          .anyMatch(permission -> !permission.name().startsWith("OWNER_"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Opens a file that is used only as a lock. */
  static FileChannel lockFile(Path file) {
    try {
      createDirectories(file.toAbsolutePath().getParent());
      return FileChannel.open(
          file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OF_THE_OWNER);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static void createDirectories(@Nullable Path directory) throws IOException {
    if (directory != null && !Files.isDirectory(directory)) {
      Files.createDirectories(directory, DIRECTORY_OF_THE_OWNER);
    }
  }

  /** Returns a fault that says why a file can't be written. */
  public static ClientFault unwritable(Path file, IOException fault) {
    return ClientFault.of("%s can't be written: %s".formatted(file, reason(fault)));
  }

  /** Returns the operating system's reason, without the path of the file. */
  public static String reason(IOException fault) {
    String why =
        fault instanceof FileSystemException system && system.getReason() != null
            ? system.getReason()
            : fault instanceof FileSystemException
                ? fault.getClass().getSimpleName().replaceFirst("Exception$", "")
                : String.valueOf(fault.getMessage());
    return why.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
