package io.claviger.application.routing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.routing.ModelRouting.RoutingRequest;
import io.claviger.application.routing.port.ModelListSource;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.shared.Elapsed;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.routing.ModelCandidate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks providers which models they offer. Providers are asked if a name selects no service, or if a
 * list is old. All nodes together ask a provider at most once per minute. Each request to a
 * provider counts against the limits of the caller who caused it.
 */
final class ModelListInquiry {
  /** The minimum time between two requests for the same provider's list. */
  static final Duration APART = Duration.ofMinutes(1);

  /**
   * The longest time for which an inquiry waits for a token while a call waits for the inquiry. The
   * gateway gives up a call's search for a service after six seconds. If one provider's token is
   * not made in time, the call can still use the answers of other providers.
   */
  private static final Duration FOR_TOKEN = Duration.ofSeconds(2);

  private static final Duration TOGETHER = Duration.ofSeconds(3);
  private static final int MOST = 4;

  /**
   * The maximum number of calls that wait at the same time for lists that other calls have
   * requested. While such a call waits, it occupies one of the gateway's places for database
   * queries. The number is half of the places of one token, so that other calls with the same token
   * find a place.
   */
  static final int MOST_WAITING = 64;

  private static final int MOST_REMEMBERED = 10_000;

  private final ModelListStore lists;
  private final ListUpdate update;
  private final CallAuthorization calls;
  private final InstantSource clock;

  /**
   * For each list, when this node last requested the list, or learned that another node had
   * requested it.
   */
  private final Cache<ListOf, Instant> remembered =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).executor(Runnable::run).build();

  /**
   * For each token, the last time at which a list could not be requested with the token, for
   * example because the token's user had used up a limit.
   */
  private final Cache<RefusedList, Instant> refused =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).executor(Runnable::run).build();

  private final Set<ListRequest> underWay = ConcurrentHashMap.newKeySet();

  private final Semaphore waiting = new Semaphore(MOST_WAITING);

  /**
   * A request that this node is making or about to make.
   *
   * @param stored the future that completes at the end of the request, and states whether a list
   *     was stored
   */
  private record ListRequest(ListOf of, CompletableFuture<Boolean> stored) {}

  private record RefusedList(AccessToken.Id token, ListOf list) {}

  ModelListInquiry(
      ModelListStore lists, ModelListSource source, CallAuthorization calls, InstantSource clock) {
    this.lists = lists;
    this.update = new ListUpdate(lists, source, clock);
    this.calls = calls;
    this.clock = clock;
  }

  /**
   * Asks the providers that might offer the model. Blocks until they have answered, but at most for
   * {@link #FOR_TOKEN} plus {@link #TOGETHER}.
   *
   * @param name the name of a model that no service is known to offer
   * @param awaitsOthers whether to wait also for providers that other calls on this node have just
   *     asked. Without this wait, only one of several simultaneous calls for a new model would
   *     succeed
   * @return whether new lists were stored
   */
  boolean ask(
      RoutingRequest question,
      CallContext<UsableModels> context,
      String name,
      boolean awaitsOthers) {
    long began = System.nanoTime();
    List<ListOf> askable = askable(question, context, name);
    Set<ListRequest> others = new HashSet<>(underWay(askable));
    if (ask(question, context, askable)) {
      return true;
    }
    others.addAll(underWay(askable)); // another call may have been faster since
    return awaitsOthers
        && !others.isEmpty()
        && awaitAll(
            others, FOR_TOKEN.plus(TOGETHER).minusNanos(System.nanoTime() - began).toMillis());
  }

  private boolean ask(
      RoutingRequest question, CallContext<UsableModels> context, List<ListOf> askable) {
    AccessToken.Id token = context.token().id();
    boolean asked = ask(question, token, context.target().orElseThrow(), askable, APART, FOR_TOKEN);
    Instant now = clock.instant();
    askable.stream()
        .filter(list -> isForgotten(list, now))
        .limit(MOST)
        .filter(list -> !isRefused(token, list))
        .forEach(list -> remembered.put(list, now));
    return asked;
  }

  private List<ListRequest> underWay(List<ListOf> lists) {
    return underWay.stream().filter(request -> lists.contains(request.of())).toList();
  }

  private boolean awaitAll(Set<ListRequest> others, long mostMillis) {
    if (mostMillis <= 0 || !waiting.tryAcquire()) {
      return others.stream().anyMatch(each -> each.stored().getNow(false));
    }
    try {
      CompletableFuture.allOf(
              others.stream().map(ListRequest::stored).toArray(CompletableFuture<?>[]::new))
          .get(mostMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The lists that were stored by now are used.
    } finally {
      waiting.release();
    }
    return others.stream().anyMatch(each -> each.stored().getNow(false));
  }

  /**
   * Returns whether this node should try to ask a provider. The result is true if a provider might
   * offer the model, and this node knows of no request to this provider within the last {@link
   * #APART}.
   */
  boolean isDue(RoutingRequest question, CallContext<UsableModels> context, String name) {
    Instant now = clock.instant();
    return askable(question, context, name).stream().anyMatch(list -> isForgotten(list, now));
  }

  private List<ListOf> askable(
      RoutingRequest question, CallContext<UsableModels> context, String name) {
    User.Id caller = context.user().id();
    AccessToken.Id token = context.token().id();
    return context.target().orElseThrow().router().askable(question.format(), name).stream()
        .map(candidate -> listOf(caller, candidate))
        .filter(list -> !isRefused(token, list))
        .toList();
  }

  private boolean isForgotten(ListOf list, Instant now) {
    return isLongAgo(remembered.getIfPresent(list), now);
  }

  /**
   * Returns whether a list could not be requested with this token within the last {@link #APART}.
   * For now, this node does not request this list with such a token again, but can request it with
   * other tokens.
   */
  boolean isRefused(AccessToken.Id token, ListOf list) {
    return !isLongAgo(refused.getIfPresent(new RefusedList(token, list)), clock.instant());
  }

  private static boolean isLongAgo(@Nullable Instant at, Instant now) {
    return at == null || !Elapsed.isWithin(APART, at, now);
  }

  /**
   * Requests the given lists. Blocks until the providers have answered.
   *
   * @param token the id of the caller's token
   * @param wanted the lists in order of preference; at most four providers are asked
   * @param apart the minimum time since the last request to the same provider
   * @param forToken the longest time for which a token is awaited
   * @return whether new lists were stored
   */
  boolean ask(
      RoutingRequest question,
      AccessToken.Id token,
      UsableModels models,
      List<ListOf> wanted,
      Duration apart,
      Duration forToken) {
    if (wanted.isEmpty()) {
      return false;
    }
    List<Callable<Boolean>> inquiries =
        lists.due(wanted, apart, MOST).stream()
            .<Callable<Boolean>>map(of -> () -> ask(question, token, models, of, apart, forToken))
            .toList();
    return !inquiries.isEmpty() && anyOf(inquiries);
  }

  private static ListOf listOf(User.Id caller, ModelCandidate candidate) {
    return new ListOf(
        candidate.id(),
        candidate.key() == KeyDecision.USER ? Optional.of(caller) : Optional.empty());
  }

  /**
   * This node claims the right to request the list only after the request was authorized. So
   * callers who have used up their limits do not prevent other callers from causing a request.
   */
  private boolean ask(
      RoutingRequest question,
      AccessToken.Id token,
      UsableModels models,
      ListOf of,
      Duration apart,
      Duration forToken) {
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
      refused.put(new RefusedList(token, of), clock.instant());
      return false;
    }
    ListRequest begun = new ListRequest(of, new CompletableFuture<>());
    boolean stored = false;
    // added before the list is claimed, so that whoever finds the list claimed can wait
    underWay.add(begun);
    try {
      stored = isClaimed(of, apart, authorized) && ask(authorized, forToken);
    } finally {
      underWay.remove(begun);
      begun.stored().complete(stored);
    }
    return stored;
  }

  private boolean ask(
      CallAuthorization.AuthorizationOutcome.Authorized authorized, Duration forToken) {
    Optional<AuthorizedCall> ready = authorized.call().awaitingToken(forToken);
    if (ready.isEmpty()) {
      return false;
    }
    try (AuthorizedCall call = ready.get()) {
      return update.ask(call, TOGETHER);
    }
  }

  /**
   * Returns whether this node may request the list now. If this node may not request the list now,
   * closes the authorized call.
   */
  private boolean isClaimed(
      ListOf of, Duration apart, CallAuthorization.AuthorizationOutcome.Authorized authorized) {
    boolean claimed = false;
    try {
      claimed = lists.claim(of, apart);
      return claimed;
    } finally {
      if (!claimed) {
        authorized.close();
      }
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

  /** Returns whether a new list was stored. Returns false if the provider could not be asked. */
  private static boolean isTrue(Future<Boolean> inquiry) throws InterruptedException {
    try {
      return inquiry.get();
    } catch (ExecutionException | CancellationException e) {
      return false;
    }
  }
}
