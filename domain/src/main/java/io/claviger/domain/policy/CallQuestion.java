package io.claviger.domain.policy;

import io.claviger.domain.ModelName;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The question whether a call would be permitted, with everything on which the answer depends.
 *
 * @param key the inputs of the key decision
 * @param userKeyTold whether the asking person may know if the user has a key of their own; if this
 *     is false, all other components describe a call without such a key
 * @param groupsTold whether the asker may know the decisions of administrators about the user: the
 *     user's groups, and the limits of the user and the groups. If this is false, {@code limits}
 *     contains none of these limits
 * @param operation the operation; empty if the question names no operation
 * @param model the model; empty if the question names no model
 * @param limits all limits of the call, including the limits of the access token
 * @param withoutToken the limits of the call except the limits of the access token
 * @param requestsLeft how many requests are left by the rates that the caller may see; empty if the
 *     caller may see no rate
 * @param usedUpRate a sentence about a limit that is used up; empty if no limit is used up. This is
 *     a limit of tokens per minute, a limit of concurrent calls, or a rate whose amount the caller
 *     may not see
 * @param destination whether the gateway connects to the endpoint of the service
 * @param via the group whose share the call uses, such as {@code @research}
 * @param withoutPrice the model of the call, if a budget refuses the call because the model has no
 *     price
 * @param usedUp a sentence about a budget that is used up; empty if no budget is used up
 * @param capacity the provider's limits and the number of calls that wait for them; empty if
 *     nothing is known about them, or if the call would use the user's own key
 * @param token whether a token can be minted for the call; empty if the call is sent with a key, or
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
   * The known facts about the token that is minted for a call.
   *
   * @param refusal the code of the refusal that calls get because no token can be minted; empty if
   *     no such refusal is known
   * @param why the step that failed, and the answer in that step
   */
  public record AskedToken(Optional<String> refusal, String why) {
    /** The facts if no refusal is known. */
    public static final AskedToken USUAL = new AskedToken(Optional.empty(), "");
  }

  /**
   * The facts about a capacity that the asker may know.
   *
   * @param own whether {@code waiting} counts only the asker's own calls
   * @param waiting how many calls wait
   * @param allowed each known limit in words, such as {@code 60 requests a minute (stated)}; the
   *     limit that is used up most comes first
   */
  public record AskedCapacity(boolean own, int waiting, List<String> allowed) {
    public AskedCapacity {
      allowed = List.copyOf(allowed);
    }
  }

  /**
   * The rules for WebSockets of the service.
   *
   * @param minutes how long a WebSocket may stay open
   * @param origins the origins of the web pages that may open a WebSocket; empty if pages of all
   *     origins may
   */
  public record WebSocketTerms(int minutes, List<String> origins) {
    public WebSocketTerms {
      origins = List.copyOf(origins);
    }
  }

  /**
   * The operation that the question names.
   *
   * @param path below the service
   * @param lent whether the API standard of the service has the operation
   * @param storage the storage that the operation needs; empty if the operation does not concern
   *     stored objects
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
   * @param namesObject whether the path of the operation names an object
   * @param neverLent the reason why this service can't lend the kind, whatever its settings are;
   *     empty if it can
   */
  public record AskedStorage(
      ObjectKind kind, StorageKinds lent, boolean namesObject, Optional<String> neverLent) {}

  /** Whether the gateway connects to an endpoint. */
  public enum Reach {
    ALLOWED,
    NOT_ALLOWED,
    /** It is unknown, because the endpoint has a host name, whose address each call looks up. */
    UNKNOWN
  }
}
