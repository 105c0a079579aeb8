package io.claviger.client.faults;

import java.util.List;

/**
 * Thrown while arguments are parsed, if an argument asks for a list of the accepted values. The
 * list is printed instead of running the command, even if other arguments are missing.
 */
public final class HelpAsked extends RuntimeException {
  private final List<String> lines;

  public HelpAsked(List<String> lines) {
    super("help", null, false, false);
    this.lines = List.copyOf(lines);
  }

  /** Returns the lines for standard output. */
  public List<String> lines() {
    return lines;
  }
}
