package io.claviger.host;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * The owner of files, identified by a POSIX user id. Ids are used because a user's name can differ
 * between a container and its host.
 *
 * @param uid the id of the required owner
 */
public record FileOwner(long uid) {
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  /** Returns the user of this process. */
  public static FileOwner ofThisProcess() {
    return new FileOwner(new UnixSystem().getUid());
  }

  public boolean owns(Path file) throws IOException {
    return uidOf(file) == uid;
  }

  public static long uidOf(Path file) throws IOException {
    return Integer.toUnsignedLong((Integer) Files.getAttribute(file, "unix:uid"));
  }

  /** Whether the file's group or everybody may write to the file. */
  public static boolean isOthersToChange(Path file) throws IOException {
    return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS_WRITE::contains);
  }
}
