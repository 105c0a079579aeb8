package io.claviger.client.faults;

import io.claviger.client.text.TerminalText;
import java.util.ArrayList;
import java.util.List;

/**
 * Thrown if a command fails. The message is one line for people, and each hint suggests a remedy.
 */
public final class ClientFault extends RuntimeException {
  /**
   * The maximum number of printed hints for a fault. If more hints were printed, the message would
   * scroll out of the user's sight.
   */
  private static final int MOST_HINTS = 100;

  private final String message;
  private final List<String> hints;

  private ClientFault(String message, List<String> hints) {
    super(message);
    this.message = message;
    this.hints = hints;
  }

  public static ClientFault of(String message) {
    return new ClientFault(message, List.of());
  }

  public static ClientFault of(String message, String... hints) {
    return new ClientFault(message, List.of(hints));
  }

  /** Returns the lines for standard error: the message and up to {@value #MOST_HINTS} hints. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("claviger: " + TerminalText.line(message));
    hints.stream().limit(MOST_HINTS).forEach(hint -> lines.add("  " + TerminalText.line(hint)));
    if (hints.size() > MOST_HINTS) {
      lines.add("  and %,d more".formatted(hints.size() - MOST_HINTS));
    }
    return List.copyOf(lines);
  }
}
