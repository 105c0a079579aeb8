package io.claviger.application.routing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.application.routing.ModelRouting.RoutingRequest;
import io.claviger.application.routing.UsableModels.DatedList;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.shared.Elapsed;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * Refreshes providers' lists of models. If a call or a list of models uses a provider's list that
 * is a day old, this list is requested again. The caller gets an answer from the old list without
 * waiting for the new list. If the provider returned no new list, an hour passes before any node
 * asks the provider again.
 */
final class ModelListRefresh {
  private static final Duration OLD = Duration.ofDays(1);
  private static final Duration APART = Duration.ofHours(1);

  /**
   * The time for which a node waits before it checks again in the database whether a provider may
   * be asked.
   */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private static final int MOST_REMEMBERED = 10_000;

  /**
   * The maximum number of providers' lists that are refreshed because of a single call or a single
   * list of models.
   */
  private static final int MOST = 4;

  /**
   * The maximum number of refreshes that are in progress on this node at the same time. For each
   * caller, at most one refresh is in progress.
   */
  private static final int MOST_CALLERS = 16;

  private final ModelListInquiry inquiry;
  private final Executor background;
  private final InstantSource clock;
  private final Cache<ListOf, Instant> remembered =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).executor(Runnable::run).build();
  private final Set<User.Id> callers = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(MOST_CALLERS);

  /**
   * @param background the executor of background tasks; these tasks are allowed to block
   */
  ModelListRefresh(ModelListInquiry inquiry, Executor background, InstantSource clock) {
    this.inquiry = inquiry;
    this.background = background;
    this.clock = clock;
  }

  /** If an answer used old lists, starts to refresh these lists. Never blocks. */
  void after(
      RoutingRequest question,
      CallContext<UsableModels> context,
      RoutingDecision answer,
      Instant now) {
    UsableModels models = context.target().orElseThrow();
    AccessToken.Id token = context.token().id();
    if (models.lists().isEmpty()) {
      return;
    }
    List<ListOf> old =
        used(question, models, answer)
            .filter(list -> !list.at().isAfter(now.minus(OLD)))
            .map(DatedList::of)
            .filter(list -> isForgotten(list, now) && !inquiry.isRefused(token, list))
            .limit(MOST)
            .toList();
    if (!old.isEmpty()) {
      begin(question, context, old);
    }
  }

  private static Stream<DatedList> used(
      RoutingRequest question, UsableModels models, RoutingDecision answer) {
    return switch (answer) {
      case RoutingDecision.Routed routed ->
          routed.targets().stream()
              .map(target -> Optional.ofNullable(models.lists().get(target.id())))
              .flatMap(Optional::stream);
      case RoutingDecision.Listed listed ->
          models.lists().values().stream().filter(list -> list.format() == question.format());
      case RoutingDecision.Admitted admitted -> Stream.empty();
      case RoutingDecision.Storing storing -> Stream.empty();
      case RoutingDecision.Unknown unknown -> Stream.empty();
      case RoutingDecision.Refused refused -> Stream.empty();
    };
  }

  private boolean isForgotten(ListOf list, Instant now) {
    Instant asked = remembered.getIfPresent(list);
    return asked == null || !Elapsed.isWithin(REMEMBERED, asked, now);
  }

  private void begin(RoutingRequest question, CallContext<UsableModels> context, List<ListOf> old) {
    User.Id caller = context.user().id();
    if (!callers.add(caller)) {
      return;
    }
    if (!places.tryAcquire()) {
      boolean unused = callers.remove(caller);
      return;
    }
    Instant now = clock.instant();
    old.forEach(list -> remembered.put(list, now));
    try {
      CompletableFuture<Void> unused =
          CompletableFuture.runAsync(() -> refresh(question, context, old), background);
    } catch (RejectedExecutionException e) {
      end(caller); // the node is stopping
    }
  }

  /**
   * Refreshes lists. If a list can't be refreshed, nothing changes, and a later call tries again.
   */
  private void refresh(
      RoutingRequest question, CallContext<UsableModels> context, List<ListOf> old) {
    AccessToken.Id token = context.token().id();
    try {
      boolean unused =
          inquiry.ask(
              question, token, context.target().orElseThrow(), old, APART, TokenSource.MOST);
      old.stream()
          .filter(list -> inquiry.isRefused(token, list))
          .forEach(remembered::invalidate); // other callers may cause a request for the list
    } finally {
      end(context.user().id());
    }
  }

  private void end(User.Id caller) {
    places.release();
    boolean unused = callers.remove(caller);
  }
}
