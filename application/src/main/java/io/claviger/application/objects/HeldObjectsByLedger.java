package io.claviger.application.objects;

import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.Entry;
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
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectPermissions;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

final class HeldObjectsByLedger implements HeldObjects {
  /** The size of a queued write in bytes, without the write's texts. */
  private static final long BYTES_OF_A_WRITE = 800;

  /**
   * The result of checking a file takes this many bytes for each model, in addition to the model's
   * name.
   */
  private static final long BYTES_OF_A_MODEL = 200;

  private final ObjectLedger ledger;
  private final RememberedObjects remembered;
  private final ObjectUses uses;
  private final InstantSource clock;
  private final ObjectWrites<NewObject, Recorded> recording;
  private final ObjectWrites<Ended, @Nullable Void> ending;
  private final ObjectWrites<Stated, @Nullable Void> changing;
  private final ObjectWrites<ReadFile, @Nullable Void> reading;

  HeldObjectsByLedger(
      ObjectLedger ledger, RememberedObjects remembered, ObjectUses uses, InstantSource clock) {
    this.ledger = ledger;
    this.remembered = remembered;
    this.uses = uses;
    this.clock = clock;
    this.recording =
        new ObjectWrites<>(NewObject::service, HeldObjectsByLedger::bytes, ledger::record);
    this.ending =
        new ObjectWrites<>(
            Ended::service,
            ended -> BYTES_OF_A_WRITE + ended.name().id().length(),
            ended -> {
              ledger.end(ended);
              return Collections.nCopies(ended.size(), null);
            });
    this.changing =
        new ObjectWrites<>(
            Stated::service,
            object -> BYTES_OF_A_WRITE + object.name().id().length(),
            objects -> {
              ledger.change(objects);
              return Collections.nCopies(objects.size(), null);
            });
    this.reading =
        new ObjectWrites<>(
            ReadFile::service,
            HeldObjectsByLedger::bytes,
            files -> {
              ledger.keepVerdicts(files);
              return Collections.nCopies(files.size(), null);
            });
  }

  private static long bytes(NewObject made) {
    return BYTES_OF_A_WRITE
        + made.name().id().length()
        + made.parent().map(String::length).orElse(0)
        + made.purpose().map(String::length).orElse(0);
  }

  private static long bytes(ReadFile file) {
    return file.verdict().models().stream()
            .mapToLong(use -> BYTES_OF_A_MODEL + 2L * use.model().length())
            .sum()
        + BYTES_OF_A_WRITE;
  }

  @Override
  public Optional<UseDecision> decideAtOnce(
      Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses) {
    User.Id user = new User.Id(caller.user());
    Map<ObjectName, Entry> entries = new HashMap<>();
    for (ObjectUse use : uses) {
      Optional<Entry> entry = remembered.find(service, user, use.name());
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      entries.put(use.name(), entry.get());
    }
    return Optional.of(decide(service, caller, uses, entries));
  }

  @Override
  public UseDecision decide(Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses) {
    User.Id user = new User.Id(caller.user());
    long before = remembered.generation();
    List<ObjectName> names = uses.stream().map(ObjectUse::name).distinct().toList();
    Map<ObjectName, Entry> entries = new HashMap<>();
    for (Entry entry : ledger.find(service, user, names)) {
      entries.put(entry.name(), entry);
      remembered.keep(before, service, user, entry);
    }
    return decide(service, caller, uses, entries);
  }

  private UseDecision decide(
      Instance.Id service,
      ObjectCaller caller,
      Collection<ObjectUse> wanted,
      Map<ObjectName, Entry> entries) {
    Instant now = clock.instant();
    List<ObjectUse> refused = new ArrayList<>();
    List<ProviderObject> known = new ArrayList<>();
    for (ObjectUse use : wanted) {
      Optional<Entry> entry = Optional.ofNullable(entries.get(use.name()));
      Optional<ProviderObject> object = entry.flatMap(Entry::object);
      if (ObjectPermissions.allows(
          caller, use.action(), use.mine(), object, entry.flatMap(Entry::shared), now)) {
        object.filter(o -> o.isLiveAt(now)).ifPresent(known::add);
      } else {
        refused.add(use);
      }
    }
    UseDecision decision = new UseDecision(List.copyOf(refused), List.copyOf(known));
    if (decision.isAllowed()) {
      known.forEach(object -> uses.note(service, object.name()));
    }
    return decision;
  }

  @Override
  public CompletionStage<Recorded> record(NewObject made) {
    boolean idles = made.name().kind() == ObjectKind.CONTAINERS && made.state() == ObjectState.LIVE;
    if (!idles && made.replaced().isEmpty()) {
      return recording.write(made);
    }
    NewObject kept =
        idles && made.expiresAt().isEmpty()
            ? made.expiring(clock.instant().plus(ObjectQuota.IDLE_CONTAINER))
            : made;
    return recording
        .write(kept)
        .thenApply(
            outcome -> {
              made.replaced()
                  .map(id -> new ObjectName(made.name().kind(), id))
                  .ifPresent(former -> remembered.forget(made.service(), former));
              if (idles) {
                // The use is recorded, because the object might have existed before the call, and
                // the call might have used it without naming it.
                uses.note(made.service(), made.name());
              }
              return outcome;
            });
  }

  @Override
  public CompletionStage<Void> ended(Ended ended) {
    remembered.forget(ended.service(), ended.name());
    return ending.write(ended).thenRun(() -> remembered.forget(ended.service(), ended.name()));
  }

  @Override
  public CompletionStage<Void> stated(Stated stated) {
    return changing.write(stated).thenRun(() -> remembered.forget(stated.service(), stated.name()));
  }

  @Override
  public Optional<ObjectPage> list(
      Wanted wanted, Optional<String> after, boolean oldestFirst, int limit) {
    return ledger
        .list(wanted, after, oldestFirst, limit + 1, clock.instant())
        .map(
            found ->
                new ObjectPage(
                    found.subList(0, Math.min(limit, found.size())), found.size() > limit));
  }

  @Override
  public Whereabouts find(
      ObjectSeeker seeker, Set<Instance.Id> services, Collection<ObjectName> names) {
    return services.isEmpty() || names.isEmpty()
        ? Whereabouts.NOWHERE
        : ledger.find(seeker, services, names, clock.instant());
  }

  @Override
  public CompletionStage<Void> keepVerdict(ReadFile file) {
    return reading.write(file).thenRun(() -> {});
  }

  @Override
  public Optional<BatchVerdict> verdict(Instance.Id service, String file) {
    return ledger.verdict(service, file);
  }

  @Override
  public boolean isUncharged(Instance.Id service, ObjectName name) {
    return ledger.isUncharged(service, name);
  }
}
