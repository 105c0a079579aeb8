package io.claviger.domain.instances;

import io.claviger.domain.InvalidValue;
import java.util.List;

/**
 * The terms of a service's WebSockets.
 *
 * @param longest the longest time for which a WebSocket may stay open
 * @param origins the origins of the web pages that may open a WebSocket
 */
public record ConnectionTerms(Longest longest, WebOrigins origins) {
  public static final ConnectionTerms USUAL = new ConnectionTerms(Longest.HOUR, WebOrigins.ANY);

  /**
   * @throws InvalidValue when a value is not allowed
   */
  public static ConnectionTerms of(int minutes, List<String> origins) {
    ConnectionTerms terms = new ConnectionTerms(new Longest(minutes), new WebOrigins(origins));
    return terms.equals(USUAL) ? USUAL : terms; // many of these are cached in memory
  }

  /** The longest time for which a connection may stay open: 1 to 1,440 minutes. */
  public record Longest(int minutes) {
    /** The default. */
    public static final Longest HOUR = new Longest(60);

    private static final int MOST = 1_440;

    public Longest {
      if (minutes < 1 || minutes > MOST) {
        throw new InvalidValue("max_connection_minutes", "1 to 1,440 minutes");
      }
    }
  }
}
