package io.claviger.operator;

import java.util.List;

/**
 * Claviger does not start, or a command does not run, for reasons that the operator can mend. Each
 * line is one complete sentence for standard error; none holds a secret or a stack trace.
 */
public final class StartRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialized; List.copyOf gives a serializable list anyway
  private final List<String> lines;

  public StartRefused(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  public StartRefused(String line) {
    this(List.of(line));
  }

  /** Keeps the cause for a debugger; what is shown are the lines only. */
  public StartRefused(String line, Throwable cause) {
    this(line);
    initCause(cause);
  }

  public List<String> lines() {
    return lines;
  }
}
