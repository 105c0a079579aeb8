package io.claviger.embeddedpostgres;

import io.claviger.host.DataDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Guards a data directory that nobody needs after the end of this process. If this process is
 * killed, the guard stops the server in the directory and deletes the directory. The guard is a
 * separate process. The guard's standard input ends when this process ends for any reason, so the
 * guard notices the end.
 */
public final class ThrowawayGuard implements AutoCloseable {
  /**
   * The guard's script, whose arguments are the cluster and the data directory. A starting server
   * might not have written its process id yet, so the script looks for the id for three seconds. A
   * server's working directory is its cluster. A process that has the id, but another working
   * directory, is not the server. {@code QUIT} ends a server immediately.
   */
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      read -r word
      [ "$word" = closed ] && exit
      looks=0
      while [ $looks -lt 60 ]; do
        pid=
        [ -f "$1/postmaster.pid" ] && read -r pid < "$1/postmaster.pid"
        if [ -n "$pid" ] && { [ ! -e "/proc/$$" ] || [ "/proc/$pid/cwd" -ef "$1" ]; }; then
          kill -QUIT "$pid"
        elif [ $looks -ge 3 ]; then
          break
        fi
        looks=$((looks + 1))
        sleep 1
      done
      rm -rf -- "$2"
      """;

  private final Process process;

  private ThrowawayGuard(Process process) {
    this.process = process;
  }

  /**
   * Begins to guard a directory. Must be called before a server is started in the directory.
   *
   * @param data the directory, which is deleted if this process is killed
   * @throws UncheckedIOException if no shell can be started
   */
  public static ThrowawayGuard of(DataDirectory data) {
    Path cluster = ServerFiles.in(data).cluster();
    ProcessBuilder builder =
        new ProcessBuilder(
                "/bin/sh", "-c", SCRIPT, "claviger-guard", cluster.toString(), "" + data.path())
            .directory(Path.of("/").toFile())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    // The environment might contain the encryption key, and the guard outlives this process.
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    try {
      return new ThrowawayGuard(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the guard. Call this method after the directory has been deleted. */
  @Override
  public void close() {
    try (OutputStream word = process.getOutputStream()) {
      word.write("closed\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
