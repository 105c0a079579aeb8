package io.claviger.client.http;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import tools.jackson.databind.JsonNode;

/**
 * Thrown if the server answers that a change waits for the consent of others (202). The server has
 * changed nothing yet.
 */
public final class PendingChange extends RuntimeException {
  private final String id;
  private final String until;

  /**
   * @param pending the server's answer
   */
  PendingChange(JsonNode pending) {
    super("pending");
    this.id = TerminalText.line(JsonTrees.text(pending, "id"));
    this.until = TerminalText.line(JsonTrees.text(pending, "until"));
  }

  /** Returns a line that says whose consent the change still needs. */
  public String sentence() {
    return "waits for the consent of another owner or an administrator until %s: claviger approve %s"
        .formatted(until, id);
  }
}
