package io.claviger.client.http;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import tools.jackson.databind.JsonNode;

/**
 * Thrown if the server answers that a change waits for the consent of others (202). The server has
 * changed nothing yet.
 */
public final class PendingChange extends RuntimeException {
  /** The whole answer. An exception can't have a field that is not serializable. */
  private final String json;

  private final String id;
  private final String until;

  /**
   * @param answer the server's answer
   */
  PendingChange(JsonNode answer) {
    super("pending");
    this.json = JsonTrees.pretty(answer);
    this.id = TerminalText.line(JsonTrees.text(answer.path("pending"), "id"));
    this.until = TerminalText.line(JsonTrees.text(answer.path("pending"), "until"));
  }

  /** Returns the server's answer as JSON. */
  public String json() {
    return json;
  }

  /** Returns a line that says whose consent the change still needs. */
  public String sentence() {
    return "waits for the consent of another owner or an administrator until %s: claviger approve %s"
        .formatted(until, id);
  }
}
