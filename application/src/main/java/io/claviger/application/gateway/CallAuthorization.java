package io.claviger.application.gateway;

import io.claviger.application.accounts.LastUseRecorder;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decides about one call through the gateway, counts it against its limits, and hands out what it
 * takes to make it.
 *
 * <p>What is decided at once rests on what this node remembers, which is never older than {@link
 * AuthorizationCache#BOUND}, and on permits that it has leased.
 */
public interface CallAuthorization {
  /**
   * @param tokens where the last use of a token is noted
   */
  static CallAuthorization of(
      AuthorizationCache cache,
      TokenAcceptance acceptance,
      AccessTokenStore tokens,
      RejectedTokens rejected,
      CallKeys keys,
      RateLimiter permits,
      UsageCounter usage,
      AuditedChanges changes) {
    return new CachedCallAuthorization(
        cache, acceptance, new LastUseRecorder(tokens), rejected, keys, permits, usage, changes);
  }

  /** Never blocks; empty when the database has to be asked, so {@link #authorize} has to be. */
  Optional<Outcome> authorizeAtOnce(CallRequest call);

  /** Blocks on the database. */
  Outcome authorize(CallRequest call);

  /**
   * Looks again at a call that is under way: whether it would still be allowed, to the same place
   * and with the same key. Counts nothing and opens nothing. Blocks on the database where this node
   * does not remember.
   *
   * @param ground of the passage that was handed out for it
   * @return why it has to end; empty when it may go on
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  Optional<CallRefusal> lookAgain(CallRequest call, AuthorizedCall.AuthorizationBasis ground);

  /**
   * @param path below the service, without a leading slash and without a query, decoded nowhere
   * @param address the caller's
   * @param stage how much of the request is known
   */
  record CallRequest(
      TokenText token,
      CallTarget through,
      String method,
      String path,
      String address,
      String requestId,
      Stage stage) {

    /** How much of the request is known. */
    public enum Stage {
      /**
       * Only the head. Where models are limited, the call is not counted yet: whoever makes it asks
       * again once the model is known.
       */
      HEAD,
      /** All that decides. */
      MODEL_KNOWN
    }

    /** A call of which all is known. */
    public CallRequest(
        TokenText token,
        CallTarget through,
        String method,
        String path,
        String address,
        String requestId) {
      this(token, through, method, path, address, requestId, Stage.MODEL_KNOWN);
    }

    /** The same call, once its model is known. */
    public CallRequest withModelKnown() {
      return new CallRequest(token, through, method, path, address, requestId);
    }
  }

  /** A passage, or why not. */
  sealed interface Outcome {
    /**
     * The receiver closes the passage when the call has ended. At {@link CallRequest.Stage#HEAD} a
     * passage with limited models is good for reading the body, not for making the call.
     */
    record Authorized(AuthorizedCall passage) implements Outcome {}

    /**
     * @param service known to a caller once they are entitled to it; empty before
     * @param retryAfter when the same call may be allowed, with {@link CallRefusal#RATE_LIMITED}
     *     and {@link CallRefusal#TOO_MANY_BAD_TOKENS}
     * @param perMinute the rate that is used up, with {@link CallRefusal#RATE_LIMITED}
     */
    record Refused(
        CallRefusal why,
        Optional<KnownService> service,
        Optional<Duration> retryAfter,
        OptionalInt perMinute)
        implements Outcome {
      public Refused(
          CallRefusal why, Optional<KnownService> service, Optional<Duration> retryAfter) {
        this(why, service, retryAfter, OptionalInt.empty());
      }

      public Refused(CallRefusal why, Optional<KnownService> service) {
        this(why, service, Optional.empty());
      }
    }
  }

  /**
   * What a caller may know of the service they are entitled to.
   *
   * @param name {@code owner/handle}, or the project's for a member who can't see the service
   * @param caller who they are
   */
  record KnownService(String name, WireFormat format, Optional<Handle> caller) {
    public KnownService(String name, WireFormat format) {
      this(name, format, Optional.empty());
    }
  }
}
