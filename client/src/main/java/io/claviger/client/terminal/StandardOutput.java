package io.claviger.client.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;

/**
 * The standard output of this process. It remembers whether something could not be written, because
 * the JDK's {@code System.out} hides that, and a command whose output is lost must not seem to have
 * succeeded.
 */
public final class StandardOutput {
  private static final int BUFFER_BYTES = 8192;

  private final Kept kept;
  private final PrintStream stream;

  private StandardOutput(OutputStream out) {
    this.kept = new Kept(out);
    this.stream =
        new PrintStream(new BufferedOutputStream(kept, BUFFER_BYTES), true, System.out.charset());
  }

  /** From now on, {@code System.out} remembers its first fault. */
  public static StandardOutput replaceSystemOut() {
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    System.setOut(output.stream);
    return output;
  }

  /**
   * Returns the exit code of the process, after the command has ended. If the command succeeded,
   * but some of its output could not be written, prints the reason, and returns 1. If the reader
   * has closed a pipe, as {@code head} does, nothing is wrong.
   *
   * @param ofCommand the exit code of the command
   */
  public int exitCode(int ofCommand) {
    stream.flush();
    Optional<String> fault = kept.fault().filter(reason -> !reason.contains("Broken pipe"));
    if (fault.isEmpty()) {
      return ofCommand;
    }
    System.err.println("claviger: the output can't be written: " + fault.get());
    return ofCommand == 0 ? 1 : ofCommand;
  }

  /** Remembers the first fault. */
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
