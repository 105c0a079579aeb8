package io.claviger.gateway;

import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.objects.port.ObjectLedger.ReadFile;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.ObjectLedger.Stated;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectPermissions;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A ledger in memory, which can be told to fail. */
public final class TestHeldObjects implements HeldObjects {
  final List<NewObject> orphans = new CopyOnWriteArrayList<>();

  /** The outcome of recording an orphan. */
  volatile Recorded orphaned = Recorded.RECORDED;

  final List<NewObject> recorded = new CopyOnWriteArrayList<>();
  final List<Ended> ended = new CopyOnWriteArrayList<>();
  private final Map<Place, ProviderObject> live = new LinkedHashMap<>();

  /** All objects that were ever held, in the order of lists. They need not be live. */
  private final SequencedMap<Place, ProviderObject> ever = new LinkedHashMap<>();

  private final Map<ObjectName, SharedObject> shared = new HashMap<>();
  private final Map<ObjectName, BatchVerdict> verdicts = new HashMap<>();
  private Optional<Recorded> instead = Optional.empty();
  private Set<ObjectKind> insteadOf = Set.of();
  private boolean failing;
  private boolean broken;
  private boolean losingVerdicts;
  private boolean forgetful;
  private volatile boolean uncharged;
  private CompletableFuture<Void> reached = CompletableFuture.completedFuture(null);

  private record Place(UUID service, ObjectName name) {}

  /** All further objects get this outcome. */
  void answer(Recorded outcome) {
    answer(outcome, ObjectKind.values());
  }

  /** All further objects of these kinds get this outcome. */
  void answer(Recorded outcome, ObjectKind... kinds) {
    instead = Optional.of(outcome);
    insteadOf = Set.of(kinds);
  }

  /** The database is away from now on. */
  void fail() {
    failing = true;
  }

  /** The database is back. */
  void recover() {
    failing = false;
  }

  /** From now on, everything that is to be recorded meets a fault of the ledger itself. */
  void breakDown() {
    broken = true;
  }

  private void demandWhole() {
    if (broken) {
      throw new StackOverflowError("odd");
    }
  }

  /** The database is slow: nothing is recorded or ended until the returned future completes. */
  synchronized CompletableFuture<Void> delay() {
    reached = new CompletableFuture<>();
    return reached;
  }

  /** Nothing that is found in a file can be kept from now on. */
  void loseVerdicts() {
    losingVerdicts = true;
  }

  /** Answers nothing at once, as a node that remembers nothing. */
  void forget() {
    forgetful = true;
  }

  /** Borrowers may refer to this object, which nobody holds. */
  synchronized void share(ObjectName name, SharedObject terms) {
    shared.put(name, terms);
  }

  /** A user has made this object before. */
  synchronized void hold(ObjectName name, User.Id user) {
    hold(name, user, Optional.empty());
  }

  /** A user has made this object for a purpose before. */
  synchronized void hold(ObjectName name, User.Id user, Optional<String> purpose) {
    keep(
        new Place(new UUID(0, 2), name),
        new ProviderObject(
            new UUID(0, 2),
            name,
            Optional.of(ObjectHolder.user(user.value())),
            user.value(),
            Set.of(user.value()),
            Instant.now(),
            Optional.empty(),
            0,
            ObjectState.LIVE,
            Optional.empty(),
            purpose));
  }

  private void keep(Place place, ProviderObject object) {
    if (live.putIfAbsent(place, object) == null) {
      ProviderObject unused = ever.putLast(place, object);
    }
  }

  synchronized Set<ObjectName> names() {
    return live.keySet().stream().map(Place::name).collect(Collectors.toUnmodifiableSet());
  }

  synchronized ProviderObject row(ObjectName name) {
    return live.entrySet().stream()
        .filter(each -> each.getKey().name().equals(name))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @Override
  public Optional<UseDecision> decideAtOnce(
      Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses) {
    return forgetful ? Optional.empty() : Optional.of(decide(service, caller, uses));
  }

  @Override
  public synchronized UseDecision decide(
      Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses) {
    List<ObjectUse> refused =
        uses.stream()
            .filter(
                use ->
                    !ObjectPermissions.allows(
                        caller,
                        use.action(),
                        use.mine(),
                        Optional.ofNullable(live.get(new Place(service.value(), use.name()))),
                        Optional.ofNullable(shared.get(use.name())),
                        Instant.now()))
            .toList();
    return new UseDecision(
        refused,
        uses.stream()
            .filter(use -> !refused.contains(use))
            .flatMap(
                use ->
                    Optional.ofNullable(live.get(new Place(service.value(), use.name()))).stream())
            .toList());
  }

  @Override
  public synchronized CompletionStage<Recorded> record(NewObject made) {
    demandWhole();
    return reached.thenCompose(done -> recordNow(made));
  }

  private synchronized CompletionStage<Recorded> recordNow(NewObject made) {
    if (failing) {
      return CompletableFuture.failedStage(new IllegalStateException("the database is away"));
    }
    if (made.state() == ObjectState.ORPHAN) {
      orphans.add(made);
      return CompletableFuture.completedStage(orphaned);
    }
    made.replaced()
        .ifPresent(
            id ->
                live.remove(
                    new Place(made.service().value(), new ObjectName(made.name().kind(), id))));
    if (instead.isPresent() && insteadOf.contains(made.name().kind())) {
      return CompletableFuture.completedStage(instead.get());
    }
    Optional<ProviderObject> whole =
        made.whole().map(name -> live.get(new Place(made.service().value(), name)));
    Place place = new Place(made.service().value(), made.name());
    ProviderObject before = live.get(place);
    if (before != null && !before.holder().equals(Optional.of(made.caller().holder()))) {
      return CompletableFuture.completedStage(Recorded.HELD);
    }
    recorded.add(made);
    keep(
        place,
        new ProviderObject(
            made.service().value(),
            made.name(),
            Optional.of(made.caller().holder()),
            whole.map(ProviderObject::maker).orElse(made.caller().user()),
            whole.map(ProviderObject::tokens).orElse(Set.of(made.caller().token())),
            Instant.now(),
            made.expiresAt(),
            made.bytes(),
            ObjectState.LIVE,
            made.parent(),
            made.purpose()));
    return CompletableFuture.completedStage(Recorded.RECORDED);
  }

  @Override
  public synchronized CompletionStage<Void> ended(Ended ended) {
    demandWhole();
    return reached.thenCompose(done -> endNow(ended));
  }

  private synchronized CompletionStage<Void> endNow(Ended ended) {
    if (failing) {
      return CompletableFuture.failedStage(new IllegalStateException("the database is away"));
    }
    Place place = new Place(ended.service().value(), ended.name());
    ProviderObject row = live.get(place);
    if (row != null && (ended.parent().isEmpty() || ended.parent().equals(row.parent()))) {
      live.remove(place);
      this.ended.add(ended);
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized CompletionStage<Void> stated(Stated stated) {
    live.computeIfPresent(
        new Place(stated.service().value(), stated.name()),
        (same, row) ->
            with(
                row,
                row.maker(),
                stated.expiresAt().or(row::expiresAt),
                row.bytes() == 0 ? stated.bytes() : row.bytes()));
    return CompletableFuture.completedStage(null);
  }

  /** Another user has made what is held now. */
  synchronized void madeBy(UUID maker) {
    live.replaceAll((name, row) -> with(row, maker, row.expiresAt(), row.bytes()));
  }

  private static ProviderObject with(
      ProviderObject row, UUID maker, Optional<Instant> expiresAt, long bytes) {
    return new ProviderObject(
        row.service(),
        row.name(),
        row.holder(),
        maker,
        row.tokens(),
        row.madeAt(),
        expiresAt,
        bytes,
        row.state(),
        row.parent(),
        row.purpose());
  }

  @Override
  public synchronized Optional<ObjectPage> list(
      Wanted wanted, Optional<String> after, boolean oldestFirst, int limit) {
    List<ProviderObject> all =
        new ArrayList<>(
            ever.values().stream()
                .filter(each -> wanted.services().contains(new Instance.Id(each.service())))
                .filter(each -> each.name().kind() == wanted.kind())
                .filter(each -> each.holder().equals(Optional.of(wanted.holder())))
                .filter(each -> each.parent().isEmpty())
                .filter(each -> each.name().id().startsWith(wanted.beginning().orElse("")))
                .filter(each -> wanted.ids().isEmpty() || wanted.ids().contains(each.name().id()))
                .filter(
                    each -> wanted.purpose().isEmpty() || each.purpose().equals(wanted.purpose()))
                .toList());
    if (!oldestFirst) {
      Collections.reverse(all);
    }
    int from = 0;
    if (after.isPresent()) {
      List<String> ids = all.stream().map(each -> each.name().id()).toList();
      if (!ids.contains(after.get())) {
        return Optional.empty();
      }
      from = ids.indexOf(after.get()) + 1;
    }
    List<ProviderObject> rest =
        all.subList(from, all.size()).stream()
            .map(each -> live.get(new Place(each.service(), each.name())))
            .filter(Objects::nonNull)
            .toList();
    return Optional.of(
        new ObjectPage(
            List.copyOf(rest.subList(0, Math.min(limit, rest.size()))), rest.size() > limit));
  }

  @Override
  public synchronized Whereabouts find(
      ObjectSeeker seeker, Set<Instance.Id> services, Collection<ObjectName> names) {
    Map<ObjectName, Set<Instance.Id>> held = new HashMap<>();
    live.forEach(
        (place, object) -> {
          Instance.Id service = new Instance.Id(place.service());
          if (services.contains(service)
              && names.contains(place.name())
              && object.holder().equals(Optional.of(seeker.holder()))) {
            boolean added =
                held.computeIfAbsent(place.name(), name -> new HashSet<>()).add(service);
          }
        });
    return new Whereabouts(held, Map.of());
  }

  @Override
  public synchronized CompletionStage<Void> keepVerdict(ReadFile file) {
    if (failing || losingVerdicts) {
      return CompletableFuture.failedStage(new IllegalStateException("the database is away"));
    }
    verdicts.putIfAbsent(new ObjectName(ObjectKind.FILES, file.file()), file.verdict());
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized Optional<BatchVerdict> verdict(Instance.Id service, String file) {
    ObjectName name = new ObjectName(ObjectKind.FILES, file);
    return names().contains(name) ? Optional.ofNullable(verdicts.get(name)) : Optional.empty();
  }

  /** No batch is charged, until this is called again. */
  void charge(boolean all) {
    uncharged = !all;
  }

  @Override
  public synchronized boolean isUncharged(Instance.Id service, ObjectName name) {
    return uncharged
        && names().contains(name)
        && (name.kind() == ObjectKind.BATCHES
            || row(name).purpose().equals(Optional.of("batch_output")));
  }
}
