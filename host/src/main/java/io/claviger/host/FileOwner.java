package io.claviger.host;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * The owner of files, identified by a POSIX user id. Ids are used because the same user may have
 * different names in a container and on its host.
 *
 * @param uid the id of the user who must own the files
 */
public record FileOwner(long uid) {
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  /** Returns the user as whom this process runs. */
  public static FileOwner ofThisProcess() {
    return new FileOwner(new UnixSystem().getUid());
  }

  public boolean owns(Path file) throws IOException {
    return uidOf(file) == uid;
  }

  public static long uidOf(Path file) throws IOException {
    return Integer.toUnsignedLong((Integer) Files.getAttribute(file, "unix:uid"));
  }

  /** Whether the file's group, or everybody, may write to the file. */
  public static boolean isOthersToChange(Path file) throws IOException {
    return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS_WRITE::contains);
  }
}
