package io.claviger.host;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The directory for all of Claviger's files if the operator provides no database. Only its owner
 * can enter the directory (mode 0700) and read its secrets (mode 0600).
 */
public final class DataDirectory {
  public static final String ENCRYPTION_KEY = "encryption-key";
  public static final String ADMIN_TOKEN = "admin-token";
  public static final String SIGN_IN_LINK = "sign-in-link";

  /**
   * The file with the URL at which browsers reach the serving node. If no node is serving, the file
   * contains the URL of the last serving node.
   */
  public static final String ADDRESS = "address";

  private static final Set<PosixFilePermission> OWNER_ENTERS =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OWNER_READS =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;

  private DataDirectory(Path path) {
    this.path = path;
  }

  /**
   * Creates the directory if it is missing, and removes other users' access to it.
   *
   * @throws StartRefused if this fails, if the directory belongs to another user, or if it is not
   *     empty and other users can write into it
   */
  public static DataDirectory open(Path path) {
    return open(path, FileOwner.ofThisProcess());
  }

  static DataDirectory open(Path path, FileOwner owner) {
    try {
      if (!Files.isDirectory(path)) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ENTERS));
      }
      checkOwner(path, owner);
      if (!Files.getPosixFilePermissions(path).equals(OWNER_ENTERS)) {
        checkUntouched(path);
        Files.setPosixFilePermissions(path, OWNER_ENTERS);
      }
      // The real path is used, so that two spellings of one directory are not taken for two
      // directories.
      return new DataDirectory(path.toRealPath());
    } catch (FileAlreadyExistsException e) {
      throw new StartRefused(
          "the data directory %s can't be made: %s is a file".formatted(path, e.getFile()), e);
    } catch (IOException e) {
      throw new StartRefused(
          "the data directory %s can't be made, or other users can't be kept out of it (%s)"
              .formatted(path, reason(e)),
          e);
    }
  }

  /** Returns the operating system's reason, such as a full disk, or the kind of the exception. */
  private static String reason(IOException e) {
    return e instanceof FileSystemException told && told.getReason() != null
        ? told.getReason()
        : e.getClass().getSimpleName();
  }

  /**
   * Refuses another user's directory, because that user could give themselves access at any time.
   */
  private static void checkOwner(Path path, FileOwner owner) throws IOException {
    if (!owner.owns(path)) {
      throw new StartRefused(
          "the data directory %s belongs to the user with the id %d, and this process runs as the user with the id %d: chown the directory, or run as its owner"
              .formatted(path, FileOwner.uidOf(path), owner.uid()));
    }
  }

  /** Refuses a directory into which others can write, because they might have put files there. */
  private static void checkUntouched(Path path) throws IOException {
    if (FileOwner.isOthersToChange(path) && !isEmpty(path)) {
      throw new StartRefused(
          "other users can write into the data directory %s: make sure that everything in it is yours, then chmod 700 it"
              .formatted(path));
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  public Path path() {
    return path;
  }

  /**
   * Returns the path of a subdirectory with mode 0700. Creates the subdirectory if it is missing.
   */
  public Path directory(String name) {
    return open(path.resolve(name)).path();
  }

  /**
   * @throws StartRefused if the file exists but can't be read, or if other users may read the file
   */
  public Optional<Confidential> read(String name) {
    Path file = path.resolve(name);
    try {
      if (!OWNER_READS.containsAll(Files.getPosixFilePermissions(file))) {
        throw new StartRefused(
            "other users have access to the file %s: chmod 600 it".formatted(file));
      }
      return Optional.of(Confidential.of(Files.readString(file).stripTrailing()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StartRefused("%s can't be read".formatted(file), e);
    }
  }

  /**
   * Writes a secret into a new file, completely or not at all. When this method returns, the secret
   * is on disk. Returns false and changes nothing if the file already exists.
   */
  public boolean create(String name, Confidential secret) {
    Path whole = path.resolve("." + name + "-" + UUID.randomUUID());
    try {
      try {
        write(whole, secret);
        // A link is used instead of a move, because making a link fails if the file exists. Of two
        // writers, only one succeeds.
        Files.createLink(path.resolve(name), whole);
      } finally {
        Files.deleteIfExists(whole);
      }
      try (FileChannel directory = FileChannel.open(path, READ)) {
        directory.force(true);
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw unwritten(name, e);
    }
  }

  /**
   * Writes a secret into a file, completely or not at all. Replaces the content of an existing
   * file. When this method returns, the secret is on disk.
   */
  public void replace(String name, Confidential secret) {
    Path whole = path.resolve("." + name + "-" + UUID.randomUUID());
    try {
      try {
        write(whole, secret);
        Files.move(whole, path.resolve(name), ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(whole);
      }
      try (FileChannel directory = FileChannel.open(path, READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw unwritten(name, e);
    }
  }

  private StartRefused unwritten(String name, IOException e) {
    // An exception of a channel, for example because the disk is full, has only a message.
    String why = e instanceof FileSystemException ? reason(e) : String.valueOf(e.getMessage());
    return new StartRefused("%s can't be written (%s)".formatted(path.resolve(name), why), e);
  }

  private static void write(Path file, Confidential secret) throws IOException {
    ByteBuffer bytes =
        secret.lend(
            text -> StandardCharsets.UTF_8.encode(new String(text) + System.lineSeparator()));
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(OWNER_READS))) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
