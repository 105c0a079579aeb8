package io.claviger.host;

import java.util.List;

/**
 * Claviger does not start, or a command does not run, for reasons that the operator can fix. Each
 * line is a complete sentence for standard error. No line holds a secret or a stack trace.
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

  /** Keeps the cause for debugging. Only the lines are printed. */
  public StartRefused(String line, Throwable cause) {
    this(line);
    initCause(cause);
  }

  /** Another start can't succeed, and does harm, until the operator has changed something. */
  public static StartRefused lasting(String line, Throwable cause) {
    StartRefused refused = new StartRefused(line, cause);
    refused.lasting = true;
    return refused;
  }

  /** Whether a supervisor must not try again. */
  public boolean isLasting() {
    return lasting;
  }

  public List<String> lines() {
    return lines;
  }
}
