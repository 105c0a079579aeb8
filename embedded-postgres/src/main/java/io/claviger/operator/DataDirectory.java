package io.claviger.operator;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
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
 * The directory where a Claviger without a database of the operator's keeps everything. Nobody but
 * its owner gets in (mode 0700), and neither into the secrets in it (0600).
 */
public final class DataDirectory {
  public static final String ENCRYPTION_KEY = "encryption-key";
  public static final String ADMIN_TOKEN = "admin-token";

  private static final Set<PosixFilePermission> OWNER_ENTERS =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OWNER_READS =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;

  private DataDirectory(Path path) {
    this.path = path;
  }

  /**
   * Makes the directory where it is missing, and closes it to others where it is open to them.
   *
   * @throws StartRefused if that can't be done, if it belongs to another user, or if others could
   *     write into it until now and there is something in it
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
      // The real path: two spellings of one directory must not pass for two.
      return new DataDirectory(path.toRealPath());
    } catch (IOException e) {
      throw new StartRefused(
          "the data directory %s can't be made or closed to others (%s)"
              .formatted(path, e.getClass().getSimpleName()),
          e);
    }
  }

  /** Its owner could open it again at any time, and read what was written meanwhile. */
  private static void checkOwner(Path path, FileOwner owner) throws IOException {
    if (!owner.owns(path)) {
      throw new StartRefused(
          "%s belongs to the user with the id %d, and this process runs as %d: chown it, or run as that user"
              .formatted(path, FileOwner.uidOf(path), owner.uid()));
    }
  }

  /** Who could write into it may have put a key or a program of their own there. */
  private static void checkUntouched(Path path) throws IOException {
    if (FileOwner.isOthersToChange(path) && !isEmpty(path)) {
      throw new StartRefused(
          "other users can write into %s: make sure that all in it is yours, then chmod 700 it"
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

  /** A directory inside, mode 0700, made where it is missing. */
  public Path directory(String name) {
    return open(path.resolve(name)).path();
  }

  /**
   * @throws StartRefused if the file is there but can't be read, or others may read it
   */
  public Optional<Confidential> read(String name) {
    Path file = path.resolve(name);
    try {
      if (!OWNER_READS.containsAll(Files.getPosixFilePermissions(file))) {
        throw new StartRefused("%s is open to others: chmod 600 it".formatted(file));
      }
      return Optional.of(Confidential.of(Files.readString(file).stripTrailing()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StartRefused("%s can't be read".formatted(file), e);
    }
  }

  /**
   * Writes a secret into a file of that name: wholly or not at all, on disk when this returns.
   *
   * @return false, with nothing changed, if there is such a file already
   */
  public boolean create(String name, Confidential secret) {
    Path whole = path.resolve("." + name + "-" + UUID.randomUUID());
    try {
      try {
        write(whole, secret);
        // A link, not a move: it fails where a file stands, so that of two writers one loses.
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
      throw new StartRefused("%s can't be written".formatted(path.resolve(name)), e);
    }
  }

  /**
   * Writes a secret into a file of that name, whatever was there: wholly or not at all, on disk
   * when this returns.
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
      throw new StartRefused("%s can't be written".formatted(path.resolve(name)), e);
    }
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
