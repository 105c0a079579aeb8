package io.claviger.application.routing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.routing.ModelRouting.RoutingRequest;
import io.claviger.application.routing.port.OfferSource;
import io.claviger.application.routing.port.OfferStore;
import io.claviger.application.routing.port.OfferStore.ListOf;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.routing.ModelCandidate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks providers which models they offer, when a name leads to no service or a list is old. All
 * nodes together ask a provider at most once a minute for its models. Each such request to a
 * provider counts as a request against the caller's limits.
 */
final class OfferInquiry {
  /** The shortest time between two requests for the list of the same provider. */
  static final Duration APART = Duration.ofMinutes(1);

  private static final Duration TOGETHER = Duration.ofSeconds(3);
  private static final int MOST = 4;
  private static final int MOST_REMEMBERED = 10_000;

  private final OfferStore offers;
  private final ListUpdate update;
  private final CallAuthorization calls;
  private final InstantSource clock;

  /**
   * The times at which this node requested a provider's list, or learned that another node had
   * requested it.
   */
  private final Cache<ListOf, Instant> remembered =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).executor(Runnable::run).build();

  OfferInquiry(
      OfferStore offers, OfferSource source, CallAuthorization calls, InstantSource clock) {
    this.offers = offers;
    this.update = new ListUpdate(offers, source, clock);
    this.calls = calls;
    this.clock = clock;
  }

  /**
   * Asks the providers that might offer the model, and blocks until they have answered.
   *
   * @param name the name of a model that no service is known to offer
   * @return whether there are new lists
   */
  boolean ask(RoutingRequest question, CallContext<UsableModels> context, String name) {
    List<ListOf> askable = askable(question, context, name);
    boolean asked = ask(question, context.target().orElseThrow(), askable, APART);
    Instant now = clock.instant();
    askable.stream()
        .filter(list -> isForgotten(list, now))
        .limit(MOST)
        .forEach(list -> remembered.put(list, now));
    return asked;
  }

  /**
   * Returns whether this node may have to call a provider: this is so if a provider might offer the
   * model, and this node knows of no request to that provider within {@link #APART}.
   */
  boolean isDue(RoutingRequest question, CallContext<UsableModels> context, String name) {
    Instant now = clock.instant();
    return askable(question, context, name).stream().anyMatch(list -> isForgotten(list, now));
  }

  private static List<ListOf> askable(
      RoutingRequest question, CallContext<UsableModels> context, String name) {
    return context.target().orElseThrow().router().askable(question.format(), name).stream()
        .map(candidate -> listOf(context.user().id(), candidate))
        .toList();
  }

  private boolean isForgotten(ListOf list, Instant now) {
    Instant asked = remembered.getIfPresent(list);
    return asked == null || !asked.plus(APART).isAfter(now);
  }

  /**
   * Requests the given lists, and blocks until the providers have answered.
   *
   * @param wanted the lists in the order of preference; at most four providers are asked
   * @param apart the time that must have passed since the last question to the same provider
   * @return whether there are new lists
   */
  boolean ask(RoutingRequest question, UsableModels models, List<ListOf> wanted, Duration apart) {
    if (wanted.isEmpty()) {
      return false;
    }
    Instant now = clock.instant();
    List<Callable<Boolean>> inquiries =
        offers.claim(wanted, now, now.minus(apart), MOST).stream()
            .<Callable<Boolean>>map(of -> () -> ask(question, models, of))
            .toList();
    return !inquiries.isEmpty() && anyOf(inquiries);
  }

  private static ListOf listOf(User.Id caller, ModelCandidate candidate) {
    return new ListOf(
        candidate.id(),
        candidate.key() == KeyDecision.USER ? Optional.of(caller) : Optional.empty());
  }

  private boolean ask(RoutingRequest question, UsableModels models, ListOf of) {
    CallRequest request =
        CallRequest.ofWhole(
            question.token(),
            models.target(of.service()),
            "GET",
            question.format().api().modelList().path(),
            question.from(),
            question.requestId());
    if (!(calls.authorize(request)
        instanceof CallAuthorization.AuthorizationOutcome.Authorized authorized)) {
      return false;
    }
    Optional<AuthorizedCall> ready = authorized.call().awaitingToken();
    if (ready.isEmpty()) {
      return false;
    }
    try (AuthorizedCall call = ready.get()) {
      return update.ask(call, TOGETHER);
    }
  }

  private static boolean anyOf(List<Callable<Boolean>> inquiries) {
    boolean any = false;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> each : threads.invokeAll(inquiries)) {
        any |= isTrue(each);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return any;
  }

  /** Returns whether an inquiry brought a new list; false if the provider could not be asked. */
  private static boolean isTrue(Future<Boolean> inquiry) throws InterruptedException {
    try {
      return inquiry.get();
    } catch (ExecutionException | CancellationException e) {
      return false;
    }
  }
}
