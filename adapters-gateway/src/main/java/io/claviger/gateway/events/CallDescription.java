package io.claviger.gateway.events;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.gateway.events.GatewayEvents.EndedWebSocket;
import java.util.Optional;
import java.util.UUID;

/**
 * The facts about one call that operators see in logs and traces. The description contains no
 * query, no header values, and nothing from a body except the names of models.
 *
 * @param address the caller's IP address
 * @param caller who made the call; empty if the call was refused before its access token was
 *     accepted
 * @param service the service that was called or requested; empty if a project was called and its
 *     service is not known yet
 * @param project the project through which the call was made; empty if the call named a service
 * @param models the models that the body requests, separated by commas; empty if the gateway did
 *     not read the body
 * @param path the path after the name of the service or project, without the query; at most {@value
 *     #LONGEST} characters, all of them printable
 * @param status the status that the caller got; 499 if the caller left before the answer arrived
 * @param refusal the error code with which the gateway answered the call or broke off the
 *     provider's answer; empty if there was no such error
 * @param providerNanos the time from sending the request to the provider until the last byte of its
 *     answer arrived, in nanoseconds; 0 if nothing was sent
 * @param addedNanos the time between request and answer that is counted neither in {@code
 *     providerNanos} nor in {@code waitedNanos}
 * @param waitedNanos the time for which the call waited for its turn because of the limits of the
 *     provider's account, in nanoseconds
 * @param webSocket the WebSocket, if this call opened one and it has closed; otherwise empty
 * @param conversed more facts if the call opened a WebSocket or was a response on a WebSocket;
 *     otherwise empty
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
   * A call that opened a WebSocket, or a response on a WebSocket.
   *
   * @param connection the id of the WebSocket, which also appears in the list of open connections
   * @param inputTokens the number of input tokens that were charged for the response, or for all
   *     responses of the WebSocket
   * @param outputTokens the number of output tokens that were charged for the response, or for all
   *     responses of the WebSocket
   */
  public record Conversed(UUID connection, long inputTokens, long outputTokens) {}

  public CallDescription {
    method = printable(method);
    path = printable(path);
    models = models.map(CallDescription::printable);
  }

  /** Callers choose this text, so it must not be able to imitate another line of the log. */
  private static String printable(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return shown.chars().allMatch(c -> (c > ' ' && c < 0x7f) || c == '…')
        ? shown
        : shown.replaceAll("[^!-~…]", "?");
  }
}
