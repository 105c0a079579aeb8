package io.claviger.application.routing;

import io.claviger.application.accounts.LastUseRecorder;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.routing.port.OfferSource;
import io.claviger.application.routing.port.OfferStore;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ObjectRouter;
import io.claviger.domain.routing.ObjectRouter.StoringService;
import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * Finds the services to which the name of a model leads for a caller. Finding a service does not
 * authorize the call: the call to each target is authorized later, like any other call to that
 * service.
 *
 * <p>An answer without the database depends on rows that this node has cached, and these rows are
 * never older than {@link AuthorizationCache#BOUND}.
 */
public interface ModelRouting {
  /** The greatest number of bytes that are cached, for all callers together. */
  long CACHED = 48L << 20;

  /**
   * @param source asks providers for their models
   * @param calls authorizes the questions to providers
   * @param tokens the store in which the last use of a token is recorded
   * @param background runs tasks that callers do not wait for; these tasks may block
   */
  static ModelRouting of(
      RoutingContexts contexts,
      OfferStore offers,
      OfferSource source,
      CallAuthorization calls,
      AuthorizationCache cache,
      KeyDecisions decisions,
      TokenAcceptance acceptance,
      AccessTokenStore tokens,
      RejectedTokens rejected,
      Executor background,
      InstantSource clock) {
    OfferInquiry inquiry = new OfferInquiry(offers, source, calls, clock);
    return new CachedModelRouting(
        cache.caching(
            new UsableModelsReader(contexts, offers, new UsableModelsAssembly(decisions)), CACHED),
        acceptance,
        new LastUseRecorder(tokens),
        rejected,
        inquiry,
        new OfferRefresh(inquiry, background, clock),
        clock);
  }

  /**
   * Answers a question without querying the database. Never blocks. The result is empty if the
   * database is needed; in this case, call {@link #answer}. Providers' lists that the answer uses
   * are fetched again in the background if they are a day old.
   */
  Optional<RoutingDecision> answerAtOnce(RoutingRequest question);

  /**
   * Answers a question, and blocks while the database is queried. If the name is unknown, this
   * method may also wait for providers' lists of models, for 3 seconds at most. Providers' lists
   * that the answer uses are fetched again in the background if they are a day old.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  RoutingDecision answer(RoutingRequest question);

  /**
   * A question of a caller.
   *
   * @param format the format of the base URL that was called
   * @param from the origin of the request
   */
  record RoutingRequest(
      TokenText token,
      WireFormat format,
      RoutingQuestion asked,
      CallerOrigin from,
      String requestId) {
    /** Returns the address from which the request comes, as text. */
    public String address() {
      return from.address();
    }

    public RoutingRequest with(RoutingQuestion other) {
      return new RoutingRequest(token, format, other, from, requestId);
    }
  }

  /** The kind of a question. */
  sealed interface RoutingQuestion {
    /**
     * The question whether the token may make calls at all. The gateway asks this question before
     * it buffers a body.
     */
    record Admission() implements RoutingQuestion {}

    /**
     * The question to which services the name of a model leads.
     *
     * @param name the name in the spelling of the caller; any text, of any length
     */
    record Model(String name) implements RoutingQuestion {}

    /**
     * The question to which service the name of a model leads if the request refers to objects that
     * are stored at one service.
     *
     * @param name the name in the spelling of the caller; any text, of any length
     */
    record ModelAt(String name, Instance.Id service) implements RoutingQuestion {}

    /** The question which models the caller may call. */
    record Models() implements RoutingQuestion {}

    /** The question to which services the caller's calls about stored objects lead. */
    record Storage() implements RoutingQuestion {}
  }

  /** The answer to a question. */
  sealed interface RoutingDecision {
    /**
     * The token may make calls.
     *
     * @param countedAs the id under which a node counts what it keeps for the caller; a service
     *     account is counted as the user or group who is responsible for it
     */
    record Admitted(Handle caller, UUID countedAs) implements RoutingDecision {}

    /**
     * The name selects services.
     *
     * @param targets one or more targets, in the order in which they are tried
     * @param next whether the next target is tried when a target fails
     * @param offered true if a service is known to offer the model, or if the name contains the
     *     service; false if no provider is known to list the name, so that it selects the caller's
     *     default service
     */
    record Routed(Handle caller, List<RoutedTarget> targets, boolean next, boolean offered)
        implements RoutingDecision {
      public Routed {
        targets = List.copyOf(targets);
      }
    }

    /**
     * The name selects no model that the caller may call.
     *
     * @param usable up to ten names that the caller may use
     * @param elsewhere another wire format in which the caller may use this name, at the base URL
     *     of that format; empty if there is no such format
     */
    record Unknown(List<String> usable, Optional<WireFormat> elsewhere) implements RoutingDecision {
      public Unknown {
        usable = List.copyOf(usable);
      }
    }

    /**
     * The models that the caller may call in this format.
     *
     * @param models up to 10,000 models, with the models of the catalogue first
     */
    record Listed(List<ListedModel> models) implements RoutingDecision {
      public Listed {
        models = List.copyOf(models);
      }
    }

    /**
     * The services to which calls about stored objects lead.
     *
     * @param seeker the user who looks for objects
     * @param targets for each service of the router, the target by which calls to it are authorized
     */
    record Storing(
        Handle caller,
        ObjectSeeker seeker,
        ObjectRouter router,
        Map<Instance.Id, CallTarget> targets)
        implements RoutingDecision {
      public Storing {
        targets = Map.copyOf(targets);
      }

      /**
       * Returns the target of a call that requests no model. The service must be one of the
       * router's services.
       */
      public RoutedTarget target(StoringService service) {
        return new RoutedTarget(
            Objects.requireNonNull(targets.get(service.id())), service.id(), "");
      }
    }

    /**
     * The token is not allowed to make calls.
     *
     * @param why {@link CallRefusal#BAD_TOKEN}, {@link CallRefusal#TOO_MANY_BAD_TOKENS}, or the
     *     reason why the token is refused although it is valid
     * @param retryAfter how long the caller has to wait; present only with {@link
     *     CallRefusal#TOO_MANY_BAD_TOKENS}
     */
    record Refused(CallRefusal why, Optional<Duration> retryAfter) implements RoutingDecision {}
  }

  /**
   * A service that a name selects.
   *
   * @param callTarget the path by which the call is to be authorized
   * @param id the id of the service
   * @param model the provider's name of the model; empty if the call requests no model
   */
  record RoutedTarget(CallTarget callTarget, Instance.Id id, String model) {}

  /**
   * A model that the caller may call.
   *
   * @param name the name by which the caller calls the model
   * @param model the provider's name of the model
   * @param ownedBy the name of the service for this caller: {@code owner/handle} of the service, or
   *     of the project for a token that is restricted to a project
   * @param since the time when the service was created
   */
  record ListedModel(String name, String model, String ownedBy, Instant since) {}
}
