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
import io.claviger.application.routing.port.ModelListSource;
import io.claviger.application.routing.port.ModelListStore;
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
 * Finds the services that a model name selects for a caller. Selecting a service does not authorize
 * the call. Each call to a target is authorized later, like any other call to the service.
 *
 * <p>An answer without the database uses cached rows, which are never older than {@link
 * AuthorizationCache#BOUND}.
 */
public interface ModelRouting {
  /** The maximum size of the cache for all callers together, in bytes. */
  long CACHED = 48L << 20;

  /**
   * @param source the object that asks providers for their lists of models
   * @param calls the object that authorizes the requests for these lists
   * @param tokens the recorder of the times at which tokens were last used
   * @param background the executor of background tasks; these tasks are allowed to block
   */
  static ModelRouting of(
      RoutingContexts contexts,
      ModelListStore modelLists,
      ModelListSource source,
      CallAuthorization calls,
      AuthorizationCache cache,
      KeyDecisions decisions,
      TokenAcceptance acceptance,
      AccessTokenStore tokens,
      RejectedTokens rejected,
      Executor background,
      InstantSource clock) {
    ModelListInquiry inquiry = new ModelListInquiry(modelLists, source, calls, clock);
    return new CachedModelRouting(
        cache.caching(
            new UsableModelsReader(contexts, modelLists, new UsableModelsAssembly(decisions)),
            CACHED),
        acceptance,
        new LastUseRecorder(tokens),
        rejected,
        inquiry,
        new ModelListRefresh(inquiry, background, clock),
        clock);
  }

  /**
   * Answers a question without querying the database. Never blocks. If the database is needed, the
   * result is empty, and the caller has to call {@link #answer}. If the answer uses providers'
   * lists that are a day old, these lists are fetched again in the background.
   */
  Optional<RoutingDecision> answerAtOnce(RoutingRequest question);

  /**
   * Answers a question. Blocks while the database is queried. If the name is unknown, this method
   * can also wait up to 3 seconds for providers' lists of models. If the answer uses providers'
   * lists that are a day old, these lists are fetched again in the background.
   *
   * @throws io.claviger.application.shared.StoreUnavailable if the database does not answer
   */
  RoutingDecision answer(RoutingRequest question);

  /**
   * A caller's question.
   *
   * @param format the wire format of the called base URL
   * @param from the origin of the request, such as the client's address
   */
  record RoutingRequest(
      TokenText token,
      WireFormat format,
      RoutingQuestion<?> asked,
      CallerOrigin from,
      String requestId) {
    /** Returns the address of the caller, as text. */
    public String address() {
      return from.address();
    }
  }

  /**
   * A question about where a caller's calls can go.
   *
   * @param <A> the type of the answer. If the token may not make calls, the answer to any question
   *     is {@link RoutingDecision.Refused}
   */
  sealed interface RoutingQuestion<A extends RoutingDecision> {
    Class<A> answerType();

    /**
     * Asks whether the token may make calls at all. The gateway asks this before it buffers a body.
     */
    record Admission() implements RoutingQuestion<RoutingDecision.Admitted> {
      @Override
      public Class<RoutingDecision.Admitted> answerType() {
        return RoutingDecision.Admitted.class;
      }
    }

    /**
     * Asks which services a model name selects.
     *
     * @param name the name as the caller wrote it; any text of any length
     */
    record Model(String name) implements RoutingQuestion<ModelDecision> {
      @Override
      public Class<ModelDecision> answerType() {
        return ModelDecision.class;
      }
    }

    /**
     * Asks which target a model name selects on the given service. The request refers to stored
     * objects of this service.
     *
     * @param name the name as the caller wrote it; any text of any length
     */
    record ModelAt(String name, Instance.Id service) implements RoutingQuestion<ModelDecision> {
      @Override
      public Class<ModelDecision> answerType() {
        return ModelDecision.class;
      }
    }

    /** Asks which models the caller may call. */
    record Models() implements RoutingQuestion<RoutingDecision.Listed> {
      @Override
      public Class<RoutingDecision.Listed> answerType() {
        return RoutingDecision.Listed.class;
      }
    }

    /** Asks to which services the caller's calls about stored objects go. */
    record Storage() implements RoutingQuestion<RoutingDecision.Storing> {
      @Override
      public Class<RoutingDecision.Storing> answerType() {
        return RoutingDecision.Storing.class;
      }
    }
  }

  /** The answer to a question about where a caller's calls can go. */
  sealed interface RoutingDecision {
    /**
     * The token may make calls.
     *
     * @param countedAs the id under which a node counts the resources that it uses for the caller;
     *     for a service account, the id of the responsible user or group
     */
    record Admitted(Handle caller, UUID countedAs) implements RoutingDecision {}

    /**
     * The name in the question selects services.
     *
     * @param targets at least one target, in the order in which the targets are tried
     * @param next whether the next target is tried after the call to a target has failed
     * @param offered whether a service is known to offer the model, or the name contains the
     *     service's name. If {@code offered} is false, no provider is known to list the name, and
     *     the name selects the caller's default service
     */
    record Routed(Handle caller, List<RoutedTarget> targets, boolean next, boolean offered)
        implements ModelDecision {
      public Routed {
        targets = List.copyOf(targets);
      }
    }

    /**
     * The name in the question selects no model that the caller may call.
     *
     * @param usable the names that the caller may use instead, at most ten
     * @param elsewhere the other wire format in which the caller may use this name, with the base
     *     URL of that format; empty if there is no such format
     * @param why the reason why a rule stopped the search, as a sentence; empty if no rule stopped
     *     the search
     */
    record Unknown(List<String> usable, Optional<WireFormat> elsewhere, Optional<String> why)
        implements ModelDecision {
      public Unknown {
        usable = List.copyOf(usable);
      }
    }

    /**
     * The models that the caller may call in this format.
     *
     * @param models up to 10,000 models, beginning with the models of the catalogue
     */
    record Listed(List<ListedModel> models) implements RoutingDecision {
      public Listed {
        models = List.copyOf(models);
      }
    }

    /**
     * The services to which calls about stored objects go.
     *
     * @param seeker the user whose objects are searched
     * @param targets the targets to use for the authorization of calls, one for each service to
     *     which the router can send such calls
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
       * Returns the target of a call that requests no model. The service must be one to which the
       * router can send such calls.
       */
      public RoutedTarget target(StoringService service) {
        return new RoutedTarget(
            Objects.requireNonNull(targets.get(service.id())), service.id(), "");
      }
    }

    /**
     * The token may not make calls.
     *
     * @param why the reason, which is {@link CallRefusal#BAD_TOKEN}, {@link
     *     CallRefusal#TOO_MANY_BAD_TOKENS}, or the reason why a valid token is refused
     * @param retryAfter the time that the caller must wait; present only with {@link
     *     CallRefusal#TOO_MANY_BAD_TOKENS}
     */
    record Refused(CallRefusal why, Optional<Duration> retryAfter) implements RoutingDecision {}
  }

  /** The decision which services a model name selects. */
  sealed interface ModelDecision extends RoutingDecision {}

  /**
   * A service that a name selects.
   *
   * @param callTarget the target that determines how the call is authorized
   * @param id the id of the service
   * @param model the provider's name for the model; empty if the call requests no model
   */
  record RoutedTarget(CallTarget callTarget, Instance.Id id, String model) {}

  /**
   * A model that the caller may call.
   *
   * @param name the name by which the caller calls the model
   * @param model the provider's name for the model
   * @param ownedBy the {@code owner/handle} of the service or, for a token that is restricted to a
   *     project, of the project
   * @param since the time at which the service was created
   */
  record ListedModel(String name, String model, String ownedBy, Instant since) {}
}
