package io.claviger.domain.policy;

import io.claviger.domain.ModelName;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A call about which somebody asks whether it would pass, with everything that decides.
 *
 * @param key what the choice of the key depends on
 * @param userKeyTold whether the asker may know if the user has a key of their own; if not, all
 *     else is that of a call without one
 * @param groupsTold whether the asker may know what administrators decide about the user: their
 *     groups, and limits of the user and of these; if not, {@code limits} has none of these limits
 * @param operation the operation, if one is asked about
 * @param model the model, if one is asked about
 * @param limits all limits of the call
 * @param withoutToken the limits without those of the access token
 * @param requestsLeft how many requests the rates leave of which the caller may know; empty if
 *     there is none
 * @param usedUpRate says which limit of tokens a minute or of calls at a time leaves nothing, or
 *     that a rate does of which the caller may know no more; empty if all leave something
 * @param destination whether the gateway connects to the endpoint of the service
 * @param via the group whose share the call uses, such as {@code @research}
 * @param withoutPrice the model of the call, if a budget refuses it because it has no price
 * @param usedUp why a budget leaves nothing for the call; empty if all budgets leave something
 * @param capacity what the provider allows and who waits for it; empty if nothing is known, or if
 *     the call would use the user's own key
 * @param token whether the call gets a token; empty if it is sent with a key, or with nothing
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
   * What is known of the token that is minted for a call.
   *
   * @param refusal the code with which a call is refused for want of a token; empty if none is
   * @param why the step that failed and what was said there
   */
  public record AskedToken(Optional<String> refusal, String why) {
    /** Nothing is known against it. */
    public static final AskedToken USUAL = new AskedToken(Optional.empty(), "");
  }

  /**
   * What the asker may know of a capacity.
   *
   * @param own whether it is about the asker's own calls alone
   * @param waiting how many calls wait
   * @param allowed each limit that is known, in words, such as {@code 60 requests a minute
   *     (stated)}; the one of which most is used is the first
   */
  public record AskedCapacity(boolean own, int waiting, List<String> allowed) {
    public AskedCapacity {
      allowed = List.copyOf(allowed);
    }
  }

  /**
   * What holds of the WebSockets of the service.
   *
   * @param minutes how long one may stay open
   * @param origins the origins of the web pages that may open one; empty if all may
   */
  public record WebSocketTerms(int minutes, List<String> origins) {
    public WebSocketTerms {
      origins = List.copyOf(origins);
    }
  }

  /**
   * An operation that is asked about.
   *
   * @param path below the service
   * @param lent whether the API standard of the service has it
   * @param storage what it needs, if it is an operation on stored objects
   * @param webSocket what holds of a WebSocket, if the operation can be called over one
   */
  public record AskedOperation(
      String method,
      String path,
      boolean lent,
      Optional<AskedStorage> storage,
      Optional<WebSocketTerms> webSocket) {}

  /**
   * What an operation on stored objects needs.
   *
   * @param kind the kind of the objects
   * @param lent the kinds that the service lends
   * @param namesObject whether its path names an object
   * @param neverLent why no setting of the service lends this kind; empty if one can
   */
  public record AskedStorage(
      ObjectKind kind, StorageKinds lent, boolean namesObject, Optional<String> neverLent) {}

  /** Whether the gateway connects to an endpoint. */
  public enum Reach {
    ALLOWED,
    NOT_ALLOWED,
    /** The endpoint has a name, and each call looks up its address. */
    UNKNOWN
  }
}
