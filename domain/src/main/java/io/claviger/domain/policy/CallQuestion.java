package io.claviger.domain.policy;

import io.claviger.domain.ModelName;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The question whether a call would be permitted, with all facts that decide the answer.
 *
 * @param key the facts that decide which key the call would use
 * @param userKeyTold whether the asking person is allowed to know if the user has a key of their
 *     own. If the asking person is not allowed to know this, the other components describe a call
 *     without such a key
 * @param groupsTold whether the asking person is allowed to know the user's groups and the limits
 *     that administrators set for the user and the groups. If the asking person is not allowed to
 *     know this, {@code limits} contains none of these limits
 * @param operation the operation; empty if the question names no operation
 * @param model the model; empty if the question names no model
 * @param limits all limits of the call, including the limits of the access token
 * @param withoutToken the limits that the call would have without the access token's limits
 * @param requestsLeft the number of requests that the visible rates still allow; empty if the
 *     caller may see no rate
 * @param usedUpRate a sentence about a used-up limit; empty if there is none. The limit is one of
 *     tokens per minute, one of concurrent calls, or a rate whose amount the caller must not know
 * @param destination whether the gateway connects to the service's endpoint
 * @param via the group whose share allows the call, such as {@code @research}
 * @param withoutPrice the call's model if a budget refuses the call because the model has no price;
 *     otherwise empty
 * @param usedUp a sentence about a used-up budget; empty if there is none
 * @param capacity the provider's limits, and the number of calls that wait for them; empty if
 *     nothing is known about them or the call would use the user's own key
 * @param token whether a token can be minted for the call; empty if the call is sent with a key or
 *     without a credential
 */
public record CallQuestion(
    KeyCandidates key,
    boolean userKeyTold,
    boolean groupsTold,
    Optional<AskedOperation> operation,
    Optional<ModelName> model,
    CallLimits limits,
    CallLimits withoutToken,
    OptionalInt requestsLeft,
    Optional<String> usedUpRate,
    Reach destination,
    Optional<String> via,
    Optional<ModelName> withoutPrice,
    Optional<String> usedUp,
    Optional<AskedCapacity> capacity,
    Optional<AskedToken> token) {

  /**
   * What is known about the token that is minted for a call.
   *
   * @param refusal the code of the refusal if no token can be minted; empty if no such refusal is
   *     known
   * @param why the step in which minting failed, and the token server's answer in this step
   */
  public record AskedToken(Optional<String> refusal, String why) {
    /** The facts if no refusal of a token is known. */
    public static final AskedToken USUAL = new AskedToken(Optional.empty(), "");
  }

  /**
   * What the asking person is allowed to know about the provider's limits for the account.
   *
   * @param own whether {@code waiting} counts only the asking person's calls
   * @param waiting the number of waiting calls
   * @param allowed each known limit in words, such as {@code 60 requests a minute (stated)}; the
   *     most used limit comes first
   */
  public record AskedCapacity(boolean own, int waiting, List<String> allowed) {
    public AskedCapacity {
      allowed = List.copyOf(allowed);
    }
  }

  /**
   * The service's rules for WebSockets.
   *
   * @param minutes the longest time for which a WebSocket may stay open
   * @param origins the origins of the web pages that may open a WebSocket; empty if pages of all
   *     origins may open one
   */
  public record WebSocketTerms(int minutes, List<String> origins) {
    public WebSocketTerms {
      origins = List.copyOf(origins);
    }
  }

  /**
   * The operation that the question is about.
   *
   * @param path the path below the service
   * @param lent whether the service's API standard has the operation
   * @param storage the storage that the operation needs; empty if the operation is not about stored
   *     objects
   * @param webSocket the rules for WebSockets; empty if the operation can't be called over a
   *     WebSocket
   */
  public record AskedOperation(
      String method,
      String path,
      boolean lent,
      Optional<AskedStorage> storage,
      Optional<WebSocketTerms> webSocket) {}

  /**
   * The storage that an operation on stored objects needs.
   *
   * @param kind the kind of the objects
   * @param lent the kinds that the service lends
   * @param namesObject whether the operation's path names an object
   * @param neverLent why this service can't lend the kind, whatever its settings are; empty if it
   *     can
   */
  public record AskedStorage(
      ObjectKind kind, StorageKinds lent, boolean namesObject, Optional<String> neverLent) {}

  /** Whether the gateway connects to an endpoint. */
  public enum Reach {
    ALLOWED,
    NOT_ALLOWED,
    /**
     * It is not known whether the gateway connects: the endpoint has a host name, and each call
     * looks up the address of this name.
     */
    UNKNOWN
  }
}
