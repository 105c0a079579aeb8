package io.claviger.gateway.events;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.gateway.events.GatewayEvents.EndedWebSocket;
import java.util.Optional;
import java.util.UUID;

/**
 * What operators read about one call in logs and traces. It contains no query, no header value, and
 * nothing of a body except the names of models.
 *
 * @param address the caller's
 * @param caller empty for a call that was refused before its access token was accepted
 * @param service the service that was called or asked for; empty for a project's that is not known
 *     yet
 * @param project the project through which the call was made, if there was one
 * @param models the models that the body asks for, separated by commas; empty where the gateway did
 *     not read it
 * @param path below the service or project, without a query, of at most {@value #LONGEST}
 *     characters that can be printed
 * @param status the status that the caller got; 499 when the caller left before the answer
 * @param refusal the code with which the gateway itself answered, or broke an answer off
 * @param providerNanos from sending the request to the last byte of the answer; 0 if nothing was
 *     sent
 * @param addedNanos the rest of the time between request and answer
 * @param waitedNanos for how long the call waited for its turn
 * @param webSocket the WebSocket that the call was; empty if it was none
 * @param conversed what belongs to a WebSocket; empty if the call was neither one nor a response of
 *     one
 */
public record CallDescription(
    String requestId,
    String address,
    Optional<Handle> caller,
    Optional<Instance.Ref> service,
    Optional<Project.Ref> project,
    Optional<String> models,
    String method,
    String path,
    int status,
    Optional<String> refusal,
    long bytesIn,
    long bytesOut,
    long providerNanos,
    long addedNanos,
    long waitedNanos,
    Optional<EndedWebSocket> webSocket,
    Optional<Conversed> conversed) {
  public static final int LONGEST = 200;

  /**
   * A WebSocket, or a response of one.
   *
   * @param connection the id of the WebSocket, as lists of open connections show it
   * @param inputTokens what the response was charged as input, or all responses of the WebSocket
   * @param outputTokens what they were charged as output
   */
  public record Conversed(UUID connection, long inputTokens, long outputTokens) {}

  public CallDescription {
    method = printable(method);
    path = printable(path);
    models = models.map(CallDescription::printable);
  }

  /** Callers choose the text, so it must not be able to look like another line of the log. */
  private static String printable(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return shown.chars().allMatch(c -> (c > ' ' && c < 0x7f) || c == '…')
        ? shown
        : shown.replaceAll("[^!-~…]", "?");
  }
}
