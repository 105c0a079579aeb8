package io.claviger.client.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The standard output of this process. This object remembers whether something could not be
 * written, because {@code System.out} of the JDK hides such failures. A command must not seem to
 * succeed if its output is lost.
 */
public final class StandardOutput {
  private static final int BUFFER_BYTES = 8192;
  private static final int FAILED = 1;

  /**
   * The exit codes of commands that did not fail: a command succeeded, a command did not do
   * everything, or a plan contains steps.
   */
  private static final Set<Integer> NOT_FAILED = Set.of(0, 3, 4);

  /** The bits of the POSIX mode that contain the file type. */
  private static final int TYPE = 0170000;

  private static final int PIPE = 0010000;
  private static final int SOCKET = 0140000;

  private final Kept kept;
  private final PrintStream stream;

  private StandardOutput(OutputStream out) {
    this.kept = new Kept(out);
    this.stream =
        new PrintStream(new BufferedOutputStream(kept, BUFFER_BYTES), true, System.out.charset());
  }

  /** Replaces {@code System.out} by a stream that remembers the first failure to write. */
  public static StandardOutput replaceSystemOut() {
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    System.setOut(output.stream);
    return output;
  }

  /**
   * Returns the exit code with which the process ends after the command. If the command did not
   * fail, but some of its output could not be written, prints the reason to standard error and
   * returns 1. Output to a pipe that its reader has closed, as {@code head} does, is not a failure.
   *
   * @param ofCommand the exit code of the command
   */
  public int exitCode(int ofCommand) {
    stream.flush();
    Optional<String> fault = kept.fault();
    if (fault.isEmpty() || fault.get().contains("Broken pipe") || isConnected()) {
      return ofCommand;
    }
    System.err.println("claviger: the output can't be written: " + fault.get());
    return NOT_FAILED.contains(ofCommand) ? FAILED : ofCommand;
  }

  /**
   * Whether the output is a pipe or a socket. Writing to a pipe or socket fails only if its reader
   * has closed it. The exception's message can't show this, because the message can be in the
   * user's language.
   */
  private static boolean isConnected() {
    try {
      int type = (int) Files.getAttribute(Path.of("/dev/stdout"), "unix:mode") & TYPE;
      return type == PIPE || type == SOCKET;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false; // this system has no such file
    }
  }

  private static final class Kept extends FilterOutputStream {
    private Optional<String> fault = Optional.empty();

    Kept(OutputStream out) {
      super(out);
    }

    synchronized Optional<String> fault() {
      return fault;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        if (fault.isEmpty()) {
          fault = Optional.of(String.valueOf(e.getMessage()));
        }
        throw e;
      }
    }
  }
}
