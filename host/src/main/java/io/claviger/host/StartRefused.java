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

  public List<String> lines() {
    return lines;
  }
}
