package io.claviger.host;

import java.util.List;

/**
 * Thrown if Claviger does not start, or a command does not run, for a reason that the operator can
 * correct. Each line of the message is a complete sentence for standard error. No line contains a
 * secret or a stack trace.
 */
public final class StartRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings(
      "serial") // The exception is never serialized, and List.copyOf returns a serializable list
  // anyway.
  private final List<String> lines;

  private boolean lasting;

  public StartRefused(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  public StartRefused(String line) {
    this(List.of(line));
  }

  /** The cause is only for debugging. Only the message's lines are printed. */
  public StartRefused(String line, Throwable cause) {
    this(line);
    initCause(cause);
  }

  /**
   * Returns a refusal that a restart can't overcome. Until the operator changes something, each
   * further start would fail and do harm.
   */
  public static StartRefused lasting(String line, Throwable cause) {
    StartRefused refused = new StartRefused(line, cause);
    refused.lasting = true;
    return refused;
  }

  /**
   * Whether a supervisor must not restart the program, because a restart would fail again and do
   * harm.
   */
  public boolean isLasting() {
    return lasting;
  }

  public List<String> lines() {
    return lines;
  }
}
