package io.claviger.application.gateway;

import io.claviger.application.accounts.LastUseRecorder;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Authorizes calls through the gateway. An allowed call is counted against its limits. The result
 * contains everything that is needed to make the call.
 *
 * <p>A decision without the database is based on cached rows that are at most {@link
 * AuthorizationCache#BOUND} old, and on permits that this node has leased.
 */
public interface CallAuthorization {
  /**
   * @param tokens the recorder of the times at which tokens were last used
   */
  static CallAuthorization of(
      AuthorizationCache cache,
      TokenAcceptance acceptance,
      AccessTokenStore tokens,
      RejectedTokens rejected,
      CallKeys keys,
      CallAdmission admission,
      UsageCounter usage,
      AuditedChanges changes) {
    return new CachedCallAuthorization(
        cache, acceptance, new LastUseRecorder(tokens), rejected, keys, admission, usage, changes);
  }

  /**
   * Decides about a call without querying the database. Never blocks. If the result is empty, call
   * {@link #authorize}.
   */
  Optional<AuthorizationOutcome> authorizeAtOnce(CallRequest call);

  /**
   * Decides about a call that was authorized by its head, after the call's body has been read. Does
   * not query the database. Never blocks.
   *
   * @param byHead the basis of the earlier authorization, which knew only the head
   * @return {@link AuthorizationOutcome.Admitted} if nothing has changed since the earlier
   *     authorization, so that the key need not be opened again; otherwise, the result of {@link
   *     #authorizeAtOnce(CallRequest)}
   */
  default Optional<AuthorizationOutcome> authorizeAtOnce(
      CallRequest call, AuthorizedCall.AuthorizationBasis byHead) {
    return authorizeAtOnce(call);
  }

  /** Decides about a call. Blocks while the database is queried. */
  AuthorizationOutcome authorize(CallRequest call);

  /**
   * Decides again about a call, for example for another target. Budgets and all other limits of the
   * call were given back before. Permits of rates can't be given back, so the call takes only those
   * permits that it has not taken yet.
   *
   * @param byHead the basis of the authorization by the head; null if there was none
   * @param counted the names under which rate limits have counted the call
   * @return empty if the decision needs the database
   */
  default Optional<AuthorizationOutcome> authorizeAgainAtOnce(
      CallRequest call, AuthorizedCall.@Nullable AuthorizationBasis byHead, Set<String> counted) {
    return byHead == null ? authorizeAtOnce(call) : authorizeAtOnce(call, byHead);
  }

  /** Decides again about a call. Blocks while the database is queried. */
  default AuthorizationOutcome authorizeAgain(CallRequest call, Set<String> counted) {
    return authorize(call);
  }

  /**
   * Whether too many invalid tokens were sent from an address in this minute. Valid tokens from
   * this address are still accepted. Never blocks.
   */
  boolean presentsBadTokens(String address);

  /**
   * Returns the basis that the authorization of a call would have now, such as the current key.
   * This method counts nothing, opens nothing and never blocks. The result is empty if the call
   * would be refused, or if the needed rows are not cached.
   */
  Optional<AuthorizedCall.AuthorizationBasis> basisAtOnce(CallRequest call);

  /**
   * Counts the additional requests that the gateway makes for a call. The authorization of the call
   * has counted the first request. Takes a permit from each rate limit for every additional
   * request. If there are too few permits for all these requests, takes none. Blocks while the
   * database is queried.
   *
   * @return the refusal of the call; empty if the call may continue
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  Optional<AuthorizationOutcome> countFurther(CallRequest call, int more);

  /**
   * Checks whether a running call would still be allowed with the same key and destination. This
   * method counts nothing and opens nothing. If the needed rows are not cached, blocks while the
   * database is queried.
   *
   * @param basis the basis of the call's authorization
   * @return why the call must end; empty if it may continue
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  Optional<CallRefusal> lookAgain(CallRequest call, AuthorizedCall.AuthorizationBasis basis);

  /**
   * A call that a program asks to authorize.
   *
   * @param path the path below the service as it was sent, without the leading slash and the query
   * @param from the origin of the call, which identifies the client by its address, and by its
   *     certificate if there is one
   * @param stage the parts of the request that are known
   * @param use the use that the body requests; {@link BodyUse#UNREAD} if the body has not been read
   * @param batch the requests of the batch that the call creates; empty if it creates no batch or
   *     the requests are not known yet
   */
  record CallRequest(
      TokenText token,
      CallTarget callTarget,
      String method,
      String path,
      CallerOrigin from,
      String requestId,
      Stage stage,
      BodyUse use,
      Optional<RequestedBatch> batch) {

    /** Returns the client's address as text. */
    public String address() {
      return from.address();
    }

    /** The parts of the request that are known. */
    public enum Stage {
      /**
       * Only the head is known. If the call counts against limits, or if models or budgets depend
       * on the body, the call is not counted yet. When the call can be sent, the gateway requests a
       * second decision.
       */
      HEAD,
      /**
       * Only the head is known, and the call opens a WebSocket. The WebSocket takes a permit from
       * each rate limit. The WebSocket also takes a place in each limit on concurrent calls, and
       * keeps the place while the WebSocket is open. The WebSocket reserves nothing in budgets,
       * because each of its responses reserves its own use.
       */
      CONNECTION,
      /**
       * The whole request is known, including everything in the body that the decision depends on.
       */
      MODEL_KNOWN,
      /**
       * Everything is known, and the call is a response on a WebSocket. In limits on concurrent
       * calls, the response uses the WebSocket's place, because a WebSocket has one response at a
       * time. So the response takes no place of its own.
       */
      RESPONSE;

      /** Whether only the head of the request is known. */
      public boolean isHead() {
        return this == HEAD || this == CONNECTION;
      }
    }

    /** Creates a call without a body. Everything about the call is known. */
    public static CallRequest ofWhole(
        TokenText token,
        CallTarget callTarget,
        String method,
        String path,
        CallerOrigin from,
        String requestId) {
      return ofHead(token, callTarget, method, path, from, requestId).withBodyRead(BodyUse.UNREAD);
    }

    /** Creates a call of which only the head of the request is known. */
    public static CallRequest ofHead(
        TokenText token,
        CallTarget callTarget,
        String method,
        String path,
        CallerOrigin from,
        String requestId) {
      return new CallRequest(
          token,
          callTarget,
          method,
          path,
          from,
          requestId,
          Stage.HEAD,
          BodyUse.UNREAD,
          Optional.empty());
    }

    /** Returns this call, marked as a call that opens a WebSocket. */
    public CallRequest opening() {
      return at(Stage.CONNECTION);
    }

    /** Returns this call, marked as a response that uses the place of its WebSocket. */
    public CallRequest inConnection() {
      return at(Stage.RESPONSE);
    }

    private CallRequest at(Stage other) {
      return new CallRequest(token, callTarget, method, path, from, requestId, other, use, batch);
    }

    /** Returns this call as a call whose body has been read, if the call creates no batch. */
    public CallRequest withBodyRead(BodyUse asked) {
      return withBodyRead(asked, Optional.empty());
    }

    /**
     * Returns this call, with the use and the batch that its body requests.
     *
     * @param asked the use that the body requests
     * @param made the requests of the batch that the call creates; empty if the call creates no
     *     batch
     */
    public CallRequest withBodyRead(BodyUse asked, Optional<RequestedBatch> made) {
      return new CallRequest(
          token, callTarget, method, path, from, requestId, Stage.MODEL_KNOWN, asked, made);
    }
  }

  /**
   * The requests of a batch that a call creates.
   *
   * @param verdict the use that the requests ask for; this verdict contains no fault
   * @param input the provider's id of the file with the requests; empty if the body has the
   *     requests
   * @param longest the maximum time after which the provider ends the batch
   */
  record RequestedBatch(BatchVerdict verdict, Optional<String> input, Duration longest) {}

  /** The result of an authorization. */
  sealed interface AuthorizationOutcome {
    /** Closes this result. Must be called by a receiver that does not use the result. */
    default void close() {}

    /**
     * The call is allowed. The receiver must close this result at the end of the call. If {@link
     * AuthorizedCall#isDecidedLater} returns true, an authorization at {@link
     * CallRequest.Stage#HEAD} only allows the receiver to read the body: the call has to be
     * authorized again before it is sent.
     */
    record Authorized(AuthorizedCall call) implements AuthorizationOutcome {
      @Override
      public void close() {
        call.close();
      }
    }

    /**
     * The call is allowed on the same basis on which it was authorized by its head.
     *
     * @param spending the reservation, which the receiver must settle after the call, or close if
     *     the call is not sent
     */
    record Admitted(CallSpending spending) implements AuthorizationOutcome {
      @Override
      public void close() {
        spending.close();
      }
    }

    /**
     * The call is refused.
     *
     * @param service the data about the service that the caller is allowed to know; empty if the
     *     caller may not use the service
     * @param retryAfter the time after which the same call might be allowed, for {@link
     *     CallRefusal#RATE_LIMITED} and {@link CallRefusal#TOO_MANY_BAD_TOKENS}
     * @param perMinute the rate limit that is used up, for {@link CallRefusal#RATE_LIMITED}
     * @param caller the owner of the access token, for the operator's log; empty if the token is
     *     not valid
     * @param detail the human-readable text that replaces the message of the reason
     * @param missing the share terms that the caller lacks; empty if no share would help
     */
    record Refused(
        CallRefusal why,
        Optional<KnownService> service,
        Optional<Duration> retryAfter,
        OptionalInt perMinute,
        Optional<Handle> caller,
        Optional<String> detail,
        Optional<MissingTerms> missing)
        implements AuthorizationOutcome {
      /** Creates the refusal of a call that no share would permit. */
      public Refused(
          CallRefusal why,
          Optional<KnownService> service,
          Optional<Duration> retryAfter,
          OptionalInt perMinute,
          Optional<Handle> caller,
          Optional<String> detail) {
        this(why, service, retryAfter, perMinute, caller, detail, Optional.empty());
      }

      public Refused(
          CallRefusal why, Optional<KnownService> service, Optional<Duration> retryAfter) {
        this(why, service, retryAfter, OptionalInt.empty(), Optional.empty(), Optional.empty());
      }

      public Refused(CallRefusal why, Optional<KnownService> service) {
        this(why, service, Optional.empty());
      }

      /** Returns this refusal, with the caller whose call is refused. */
      public Refused to(Handle known) {
        return new Refused(
            why, service, retryAfter, perMinute, Optional.of(known), detail, missing);
      }

      /** Returns this refusal, with the given message instead of the usual message. */
      public Refused saying(String message) {
        return new Refused(
            why, service, retryAfter, perMinute, caller, Optional.of(message), missing);
      }

      /** Returns this refusal, with the share terms that the caller lacks. */
      public Refused lacking(Optional<MissingTerms> terms) {
        return new Refused(why, service, retryAfter, perMinute, caller, detail, terms);
      }
    }
  }

  /**
   * The data about a service that its callers are allowed to know.
   *
   * @param name {@code owner/handle} of the service, or of the project if a member of the project
   *     can't see the service
   */
  record KnownService(String name, WireFormat format) {}
}
