package io.claviger.application.objects;

import io.claviger.application.gateway.ServiceCalls;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ProviderRequests;
import io.claviger.application.objects.port.ObjectLists;
import io.claviger.application.objects.port.ObjectLists.ProviderList;
import io.claviger.application.objects.port.ObjectRemovalStore;
import io.claviger.application.objects.port.ObjectRemovalStore.Places;
import io.claviger.application.objects.port.ObjectRemovalStore.Removal;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Pause;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.formats.ObjectList;
import io.claviger.domain.formats.ObjectOperations;
import io.claviger.domain.formats.ObjectRemoval;
import io.claviger.domain.formats.ObjectRemoval.Answer;
import io.claviger.domain.formats.ObjectRemoval.Outcome;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Deletes objects at their providers after the objects have ended in the ledger. The deletion uses
 * the service's key. Any number of nodes can delete objects at the same time, because each object
 * is taken by only one node at a time. While a request to a provider is in flight, no transaction
 * is open.
 *
 * <p>If a provider does not answer or rejects the key, Claviger does not call this provider for a
 * while. The pause does not delay deletions at other providers. An object that could not be deleted
 * in the allowed time is recorded as left at the provider.
 */
public final class ObjectRemovals {
  /**
   * The timeout of a request to a provider. The timeout is much shorter than the pause after which
   * Claviger tries again to delete the object.
   */
  static final Duration LONGEST = Duration.ofSeconds(10);

  /** The maximum number of simultaneous deletions. */
  static final int AT_ONCE = 32;

  /** The maximum number of objects that are recorded together as left at the provider. */
  private static final int OVERDUE_AT_ONCE = 256;

  /** The maximum number of simultaneous deletions for one service. */
  static final int OF_A_SERVICE = 4;

  /** The maximum number of simultaneous deletions for all services of an owner. */
  static final int OF_AN_OWNER = 8;

  private static final Places PLACES = new Places(AT_ONCE, OF_A_SERVICE, OF_AN_OWNER);

  /** The maximum number of services whose pauses a node remembers. */
  private static final int MOST_PAUSES = 10_000;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  /**
   * The maximum number of an object's parts that are deleted in one attempt. Further parts are
   * deleted in further attempts.
   */
  static final int PARTS_AT_ONCE = 100;

  /** The time for which an attempt continues to delete parts of an object. */
  static final Duration LONGEST_FOR_PARTS = Duration.ofSeconds(20);

  private final ObjectRemovalStore objects;
  private final ServiceCalls services;
  private final ProviderRequests provider;
  private final ObjectLists lists;
  private final AuditedChanges changes;

  /**
   * The providers' answers that are not recorded yet. Several threads can add answers at the same
   * time.
   */
  private final LinkedBlockingQueue<Tried> tried = new LinkedBlockingQueue<>();

  /** The deletions that are in progress on this node. */
  private final Set<Removal> underWay = new HashSet<>();

  private final Map<Instance.Id, Pause> pauses = new HashMap<>();

  public ObjectRemovals(
      ObjectRemovalStore objects,
      ServiceCalls services,
      ProviderRequests provider,
      ObjectLists lists,
      AuditedChanges changes) {
    this.objects = objects;
    this.services = services;
    this.provider = provider;
    this.lists = lists;
    this.changes = changes;
  }

  private record Tried(Removal removal, Outcome outcome) {}

  /**
   * Takes the objects that are due for deletion, waits for the first answer, and records all
   * answers so far. A task calls this repeatedly, on one thread at a time. An object that can't be
   * recorded as left at the provider does not delay other objects.
   *
   * @return the number of objects whose outcome was recorded, or whose deletion is in progress; if
   *     this number is not 0, more objects might be due
   */
  public int removeDue() {
    List<Removal> overdue = objects.takeOverdue(OVERDUE_AT_ONCE);
    RuntimeException fault = null;
    for (Removal each : overdue) {
      try {
        settle(each, ObjectState.LEFT);
      } catch (RuntimeException e) {
        fault = e;
      }
    }
    if (underWay.size() < AT_ONCE) {
      Map<Instance.Id, List<Removal>> due =
          objects.takeDue(PLACES, Set.copyOf(underWay), paused()).stream()
              .collect(Collectors.groupingBy(Removal::service));
      for (List<Removal> ofAService : due.values()) {
        try {
          begin(ofAService);
        } catch (RuntimeException e) {
          fault = e;
        }
      }
    }
    int decided = overdue.size() + recordAnswers(BETWEEN_LOOKS) + underWay.size();
    if (fault != null) {
      throw fault;
    }
    return decided;
  }

  private Set<Instance.Id> paused() {
    Instant now = changes.now();
    // A pause is remembered for a while after its end, so that a further pause can be made longer.
    pauses.values().removeIf(pause -> pause.until().plus(Pause.LONGEST).isBefore(now));
    return pauses.entrySet().stream()
        .filter(each -> each.getValue().lasts(now))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /**
   * Begins to delete objects of a service. Does not wait for the service's token, because the token
   * URL can be slow. If this node can't call the service, it leaves the deletion to other nodes.
   */
  private void begin(List<Removal> due) {
    Optional<CompletableFuture<Optional<AuthorizedCall>>> begun = opening(due.getFirst());
    if (begun.isEmpty()) {
      if (pause(due.getFirst().service())) {
        objects.giveBack(due);
      }
      return;
    }
    CompletableFuture<Optional<AuthorizedCall>> opening = begun.get();
    underWay.addAll(due);
    CompletableFuture<Void> unused =
        opening
            .exceptionally(fault -> Optional.empty())
            .thenAccept(
                opened ->
                    opened.ifPresentOrElse(
                        call -> delete(call, due),
                        () -> due.forEach(each -> tried.add(new Tried(each, Outcome.NOT_NOW)))));
  }

  private Optional<CompletableFuture<Optional<AuthorizedCall>>> opening(Removal removal) {
    try {
      return services.begin(removal.service(), removal.ref());
    } catch (StoreUnavailable e) {
      return Optional.of(CompletableFuture.completedFuture(Optional.empty()));
    }
  }

  private void delete(AuthorizedCall call, List<Removal> due) {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (Removal each : due) {
      all.add(
          attempt(() -> removed(call, each))
              .exceptionally(fault -> Outcome.NOT_NOW)
              .thenAccept(outcome -> tried.add(new Tried(each, outcome))));
    }
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .whenComplete((nothing, fault) -> call.close());
  }

  private static CompletableFuture<Outcome> attempt(Supplier<CompletableFuture<Outcome>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Outcome> removed(AuthorizedCall call, Removal removal) {
    ProviderApi api = call.standard().format().api();
    List<ObjectRemoval> ways =
        api.storage()
            .removals(removal.name(), removal.whole(), api.versionBelow(call.endpoint().path()));
    return ways.isEmpty()
        ? CompletableFuture.completedFuture(Outcome.LEFT)
        : removed(call, removal, ways, Outcome.GONE);
  }

  /**
   * Tries the possible ways of deleting an object one after another, until one of them finds the
   * object. If a batch is not charged yet, it is only stopped, and is due for deletion later.
   *
   * @param ifAbsent the outcome if the object is not found in any of these ways
   */
  private CompletableFuture<Outcome> removed(
      AuthorizedCall call, Removal removal, List<ObjectRemoval> ways, Outcome ifAbsent) {
    if (ways.isEmpty()) {
      return CompletableFuture.completedFuture(ifAbsent);
    }
    ObjectRemoval way = ways.getFirst();
    if (way.parts().isPresent()) {
      return removedParts(call, way.parts().get())
          .thenCompose(
              outcome ->
                  outcome == Outcome.GONE
                      ? removedWhole(call, removal, ways, ifAbsent)
                      : CompletableFuture.completedFuture(outcome));
    }
    return removedWhole(call, removal, ways, ifAbsent);
  }

  /**
   * Deletes the parts that the provider would keep after it has deleted their object. Each attempt
   * deletes the parts on one page of the list of parts.
   *
   * @return the outcome, which is {@link Outcome#GONE} if the object has no more parts
   */
  private CompletableFuture<Outcome> removedParts(AuthorizedCall call, ObjectList parts) {
    Instant end = changes.now().plus(LONGEST_FOR_PARTS);
    return CompletableFuture.supplyAsync(
            () -> lists.read(call, parts, PARTS_AT_ONCE, LONGEST),
            task -> Thread.startVirtualThread(task))
        .thenCompose(
            read ->
                read.isEmpty()
                    ? answer(call, Optional.of(new ObjectRemoval.Request("GET", parts.path())))
                        .thenApply(
                            answer ->
                                switch (answer) {
                                  case ABSENT -> Outcome.GONE;
                                  case NOT_NOW -> Outcome.NOT_NOW;
                                  case DONE, REFUSED -> Outcome.REFUSED;
                                })
                    : removedParts(call, parts, read.get(), 0, false, end));
  }

  /**
   * Deletes the listed parts one after another.
   *
   * @param index the index of the next part in the list
   * @param someGone whether the provider has deleted a part in this attempt
   */
  private CompletableFuture<Outcome> removedParts(
      AuthorizedCall call,
      ObjectList parts,
      ProviderList list,
      int index,
      boolean someGone,
      Instant end) {
    boolean isOver = index == list.ids().size();
    if (isOver || !changes.now().isBefore(end)) {
      Outcome unlessAll = someGone ? Outcome.UNFINISHED : Outcome.REFUSED;
      return CompletableFuture.completedFuture(
          isOver && list.isComplete() ? Outcome.GONE : unlessAll);
    }
    String part = list.ids().get(index);
    if (!ObjectOperations.isPlain(part)) {
      return CompletableFuture.completedFuture(Outcome.REFUSED);
    }
    return answer(call, Optional.of(new ObjectRemoval.Request("DELETE", parts.path() + "/" + part)))
        .thenCompose(
            answer ->
                switch (answer) {
                  case DONE -> removedParts(call, parts, list, index + 1, true, end);
                  case ABSENT -> removedParts(call, parts, list, index + 1, someGone, end);
                  case REFUSED -> CompletableFuture.completedFuture(Outcome.REFUSED);
                  case NOT_NOW -> CompletableFuture.completedFuture(Outcome.NOT_NOW);
                });
  }

  /** Does the same as {@link #removed}, but after the parts of the object were deleted. */
  private CompletableFuture<Outcome> removedWhole(
      AuthorizedCall call, Removal removal, List<ObjectRemoval> ways, Outcome ifAbsent) {
    ObjectRemoval way = ways.getFirst();
    return answer(call, way.cancel())
        .thenCompose(
            cancelled -> {
              if (cancelled == Answer.NOT_NOW || way.delete().isEmpty()) {
                return CompletableFuture.completedFuture(cancelled);
              }
              return removal.isUncharged()
                  ? CompletableFuture.completedFuture(Answer.REFUSED)
                  : answer(call, way.delete());
            })
        .thenCompose(
            answer ->
                answer == Answer.ABSENT
                    ? removed(call, removal, ways.subList(1, ways.size()), ifAbsent)
                    : CompletableFuture.completedFuture(way.outcome(answer)));
  }

  private CompletableFuture<Answer> answer(
      AuthorizedCall call, Optional<ObjectRemoval.Request> request) {
    return request.isEmpty()
        ? CompletableFuture.completedFuture(Answer.ABSENT)
        : provider.send(call, request.get(), LONGEST).thenApply(Answer::of);
  }

  /** Waits for those answers of providers that are still missing, and records these answers. */
  public void finish(Duration most) {
    Instant end = changes.now().plus(most);
    while (!underWay.isEmpty() && changes.now().isBefore(end)) {
      int unused = recordAnswers(BETWEEN_LOOKS);
    }
  }

  /**
   * If deletions are in progress, waits for an answer. Returns the number of objects whose outcome
   * was recorded.
   */
  private int recordAnswers(Duration wait) {
    List<Tried> all = new ArrayList<>();
    try {
      Tried first = underWay.isEmpty() ? null : tried.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
      if (first != null) {
        all.add(first);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int unused = tried.drainTo(all);
    int settled = 0;
    RuntimeException fault = null;
    for (Tried each : all) {
      underWay.remove(each.removal());
      try {
        settled += record(each) ? 1 : 0;
      } catch (RuntimeException e) {
        // Because the outcome is not recorded, the object will be due for deletion again later. The
        // provider will then answer that the object does not exist.
        fault = e;
      }
    }
    if (fault != null) {
      throw fault;
    }
    return settled;
  }

  private boolean record(Tried tried) {
    Removal removal = tried.removal();
    switch (tried.outcome()) {
      case GONE -> {
        pauses.remove(removal.service());
        settle(removal, ObjectState.DELETED);
      }
      case LEFT -> settle(removal, ObjectState.LEFT);
      case UNFINISHED -> objects.giveBack(List.of(removal));
      case REFUSED -> {}
      case NOT_NOW -> {
        boolean unused = pause(removal.service());
      }
    }
    return tried.outcome() == Outcome.GONE || tried.outcome() == Outcome.LEFT;
  }

  /**
   * Returns whether this method began a pause. Returns false if the service already has a pause, or
   * if there are too many pauses.
   */
  private boolean pause(Instance.Id service) {
    Instant now = changes.now();
    Pause last = pauses.get(service);
    if (last == null ? pauses.size() >= MOST_PAUSES : last.lasts(now)) {
      return false;
    }
    pauses.put(service, Pause.after(last, now));
    return true;
  }

  /**
   * There are too many stored responses to record the end of each. So a stored response gets an
   * event only if it is left at the provider.
   */
  private void settle(Removal removal, ObjectState how) {
    boolean unused =
        changes
            .transactions()
            .inTransaction(
                () -> {
                  boolean first = objects.settle(removal, how);
                  if (first && how == ObjectState.LEFT) {
                    // The owner has to know which object costs something at the provider.
                    changes.trail().record(event(removal, how));
                  } else if (first && removal.name().kind() != ObjectKind.RESPONSES) {
                    changes.trail().recordFrequent(event(removal, how));
                  }
                  return first;
                });
  }

  private AuditEvent event(Removal removal, ObjectState how) {
    return changes.eventOfNobody(
        AuditEvent.UPKEEP,
        AuditAction.OBJECT_DELETE,
        AuditTargets.service(removal.service(), removal.ref(), removal.owner()),
        how == ObjectState.DELETED ? AuditOutcome.DONE : AuditOutcome.FAILED,
        List.of(removal.name().kind().wireName(), removal.name().id(), removal.why().wireName()));
  }
}
