package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.StoredInstance;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.Sight;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.GivenCredential;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.KeyCandidates;
import io.claviger.domain.policy.KeyCandidates.KeyCandidate;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@link InstanceStore} in memory. */
public final class InMemoryInstances implements InstanceStore {
  private final InMemoryTransactions transactions;

  private final Map<String, StoredInstance> images = new ConcurrentHashMap<>();

  public InMemoryInstances(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<VisibleInstance> find(Instance.Ref ref, Sight sight, Instant now) {
    return transactions.read(t -> t.instance(ref).map(i -> seen(t, i, sight.viewer(), now)));
  }

  @Override
  public Optional<VisibleInstance> find(Instance.Id id, User.Id viewer, Instant now) {
    return transactions.read(
        t -> Optional.ofNullable(t.instances.get(id)).map(i -> seen(t, i, viewer, now)));
  }

  @Override
  public Optional<VisibleInstance> lock(Instance.Ref ref, Sight sight, Instant now) {
    return find(ref, sight, now);
  }

  @Override
  public Optional<VisibleInstance> hold(Instance.Ref ref, Sight sight, Instant now) {
    return find(ref, sight, now);
  }

  @Override
  public boolean holdsEnabled(Provider provider) {
    return transactions.read(t -> enabled(t, provider).findFirst().isPresent());
  }

  @Override
  public Optional<VisibleInstance> holdOldestEnabled(Provider provider, User.Id viewer) {
    return transactions.read(
        t -> oldestEnabled(t, provider).map(i -> seen(t, i, viewer, Instant.EPOCH)));
  }

  @Override
  public String image(Instance.Id id) {
    String name = Integer.toString(images.size());
    images.put(name, transactions.read(t -> t.instances.get(id)));
    return name;
  }

  @Override
  public Optional<VisibleInstance> ofImage(String image, User.Id viewer, Instant now) {
    return transactions.read(t -> Optional.of(seen(t, images.get(image), viewer, now)));
  }

  @Override
  public List<VisibleInstance> usableBy(
      User.Id user, User.Id viewer, InstanceFilter.Slice slice, Instant now) {
    return transactions.read(t -> page(t, i -> role(t, i, user, now), viewer, slice, now));
  }

  @Override
  public int countUsableBy(User.Id user, InstanceFilter filter, int most, Instant now) {
    return usableBy(user, user, filter.slice(Optional.empty(), most), now).size();
  }

  @Override
  public List<VisibleInstance> all(User.Id viewer, InstanceFilter.Slice slice, Instant now) {
    return transactions.read(t -> page(t, i -> Optional.of(Role.READER), viewer, slice, now));
  }

  @Override
  public int countAll(InstanceFilter filter, int most) {
    return all(User.Id.SYSTEM, filter.slice(Optional.empty(), most), Instant.EPOCH).size();
  }

  @Override
  public List<VisibleInstance> systemLevel(
      User.Id viewer, boolean everything, InstanceFilter.Slice slice, Instant now) {
    InstanceFilter filter = slice.filter();
    InstanceFilter anyRole =
        new InstanceFilter(
            filter.id(),
            filter.provider(),
            filter.owner(),
            Optional.empty(),
            filter.enabled(),
            filter.text(),
            filter.keySetBefore(),
            filter.keyRejected(),
            filter.ownKeys());
    return transactions.read(
        t ->
            page(
                t,
                i -> {
                  Optional<Role> held = role(t, i, viewer, now);
                  boolean wanted =
                      filter.role().isEmpty()
                          ? everything || held.isPresent()
                          : filter.role().equals(held);
                  return i.isSystemLevel() && wanted
                      ? Optional.of(Role.READER)
                      : Optional.<Role>empty();
                },
                viewer,
                anyRole.slice(slice.after(), slice.limit()),
                now));
  }

  @Override
  public List<VisibleInstance> withoutKey(User.Id user, int limit, Instant now) {
    return transactions.read(
        t ->
            t.instances.values().stream()
                .filter(i -> role(t, i.instance(), user, now).equals(Optional.of(Role.OWNER)))
                .map(i -> seen(t, i, user, now))
                .filter(InMemoryInstances::findsNoKey)
                .sorted(Comparator.comparing(seen -> seen.instance().ref()))
                .limit(limit)
                .toList());
  }

  private static boolean findsNoKey(VisibleInstance seen) {
    KeyCandidates candidates =
        seen.instance()
            .keyCandidates(
                true,
                seen.keys().userKey().isPresent() ? KeyCandidate.PRESENT : KeyCandidate.ABSENT,
                central(seen),
                false,
                true);
    KeyDecision decision = KeyDecision.decide(candidates);
    return decision == KeyDecision.MISSING_API_KEY
        || decision == KeyDecision.CREDENTIAL_UNCONFIRMED;
  }

  private static KeyCandidate central(VisibleInstance seen) {
    KeyCandidate absent =
        seen.instance().credential().kind().isConfirmed()
            ? KeyCandidate.UNCONFIRMED
            : KeyCandidate.ABSENT;
    return seen.keys().apiKey().isPresent() ? KeyCandidate.PRESENT : absent;
  }

  @Override
  public List<VisibleInstance> endingShares(User.Id user, Instant now, Instant until, int limit) {
    return transactions.read(
        t -> {
          Map<Instance.Ref, Instant> ends = new HashMap<>();
          for (StoredInstance each : t.instances.values()) {
            firstEnd(t, each.instance(), user, now)
                .filter(end -> !end.isAfter(until))
                .ifPresent(end -> ends.put(each.instance().ref(), end));
          }
          return ends.entrySet().stream()
              .sorted(
                  Map.Entry.<Instance.Ref, Instant>comparingByValue()
                      .thenComparing(Map.Entry.comparingByKey()))
              .limit(limit)
              .flatMap(end -> t.instance(end.getKey()).stream())
              .map(i -> seen(t, i, user, now))
              .toList();
        });
  }

  private static Optional<Instant> firstEnd(
      Tables tables, Instance instance, User.Id user, Instant now) {
    return Stream.concat(
            tables.share(instance.id(), user).map(Share::terms).stream(),
            tables.byGroups(instance.id(), user).stream().map(GroupShare::terms))
        .flatMap(terms -> terms.expiresAt().stream())
        .filter(now::isBefore)
        .min(Comparator.naturalOrder());
  }

  @Override
  public void insert(Instance instance, SecretChange apiKey, SecretChange headers) {
    transactions.run(
        t -> {
          Tables.requireUsualName(instance.ref().handle());
          t.requireUser(instance.owner());
          if (t.instances.containsKey(instance.id()) || t.instance(instance.ref()).isPresent()) {
            throw Tables.taken("the handle");
          }
          Optional<SealedValue> sealedHeaders = headers.over(Optional.empty());
          store(
              t,
              instance,
              apiKey.over(Optional.empty()),
              sealedHeaders,
              sealedHeaders.isPresent() ? instance.version() : 0);
        });
  }

  @Override
  public void update(Instance instance, SecretChange apiKey, SecretChange headers) {
    transactions.run(
        t -> {
          StoredInstance stored = t.requireInstance(instance.id());
          boolean provides = provider(stored.instance()) == provider(instance);
          boolean speaks = t.format(stored.instance()) == t.format(instance);
          if ((!provides && t.isFirstTarget(instance.id()))
              || (!speaks && t.isBoundTo(instance.id()))) {
            throw new StillReferenced(
                new IllegalStateException("a model is bound to the instance"));
          }
          if (instance.audience() == Audience.EVERYBODY
              && t.shares.keySet().stream().anyMatch(key -> key.shared().equals(instance.id()))) {
            throw new StillReferenced(new IllegalStateException("the instance is shared"));
          }
          store(
              t,
              changed(stored.instance(), instance),
              apiKey.over(stored.apiKey()),
              headers.over(stored.headers()),
              headers instanceof SecretChange.Keep ? stored.headersVersion() : instance.version());
        });
  }

  @Override
  public Optional<TransferredInstance> findTransferred(Instance.Id id) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.instances.get(id))
                .map(
                    found ->
                        new TransferredInstance(
                            t.joined(found.instance()),
                            Optional.ofNullable(t.givenCredentials.get(id)))));
  }

  @Override
  public Optional<GivenCredential> givenCredential(Instance.Id id) {
    return transactions.read(t -> Optional.ofNullable(t.givenCredentials.get(id)));
  }

  @Override
  public void leaveGivenCredential(Instance.Id id, User.Id to) {
    transactions.run(
        t ->
            t.givenCredentials.computeIfPresent(
                id,
                (key, given) ->
                    new GivenCredential(given.settings(), given.firstOwner(), Optional.of(to))));
  }

  @Override
  public void delete(Instance.Id id) {
    transactions.run(
        t -> {
          Object unused = t.requireInstance(id);
          t.cascades.deleteInstance(id);
        });
  }

  static VisibleInstance seen(Tables tables, StoredInstance stored, User.Id viewer, Instant now) {
    Instance row = stored.instance();
    return new VisibleInstance(
        tables.joined(row),
        tables.held(row.id(), viewer, now),
        tables.keys(stored, viewer),
        row.id().equals(tables.defaults.get(viewer)),
        tables.giversLimits(row.id(), viewer, now),
        InMemoryAssignedLimits.of(tables, viewer));
  }

  private static Optional<StoredInstance> oldestEnabled(Tables tables, Provider provider) {
    return enabled(tables, provider)
        .filter(i -> i.instance().audience() == Audience.EVERYBODY)
        .findFirst();
  }

  /** The enabled system-level instances of a provider, the oldest first. */
  static Stream<StoredInstance> enabled(Tables tables, Provider provider) {
    return tables.instances.values().stream()
        .filter(i -> i.instance().isSystemLevel())
        .filter(i -> i.instance().settings().enabled())
        .filter(i -> provider(i.instance()) == provider)
        .sorted(Comparator.comparing(StoredInstance::instance, Instance.OLDEST_FIRST));
  }

  private static Provider provider(Instance row) {
    return row.settings().fields().provider();
  }

  /** The role that a list shows for a row, empty when the list must not contain the row. */
  static Optional<Role> role(Tables tables, Instance row, User.Id user, Instant now) {
    boolean administrator =
        Optional.ofNullable(tables.users.get(user)).map(User::administrator).orElse(false);
    HeldShares shares = tables.held(row.id(), user, now);
    return Relationship.of(user, administrator, row.owner(), row.audience(), shares, now)
        .shownRole();
  }

  private static List<VisibleInstance> page(
      Tables tables,
      Function<Instance, Optional<Role>> role,
      User.Id viewer,
      InstanceFilter.Slice slice,
      Instant now) {
    InstanceFilter filter = slice.filter();
    Optional<Instance.Ref> after = slice.after();
    Predicate<Instance> matching = matches(filter);
    return tables.instances.values().stream()
        .filter(i -> after.isEmpty() || i.instance().ref().compareTo(after.get()) > 0)
        .filter(i -> matching.test(i.instance()))
        .filter(
            i -> {
              Optional<Role> has = role.apply(i.instance());
              return has.isPresent() && (filter.role().isEmpty() || filter.role().equals(has));
            })
        .sorted(Comparator.comparing(i -> i.instance().ref()))
        .limit(slice.limit())
        .map(i -> seen(tables, i, viewer, now))
        .toList();
  }

  private static Predicate<Instance> matches(InstanceFilter filter) {
    return i ->
        (filter.id().isEmpty() || filter.id().get().equals(i.id()))
            && (filter.owner().isEmpty() || filter.owner().get().equals(i.ref().owner()))
            && (filter.provider().isEmpty() || filter.provider().get() == provider(i))
            && (filter.keySetBefore().isEmpty()
                || (!i.credential().kind().isConfirmed()
                    && i.apiKeySetAt()
                        .filter(set -> set.isBefore(filter.keySetBefore().get()))
                        .isPresent()))
            // What providers reject is known elsewhere.
            && !filter.keyRejected()
            && (!filter.ownKeys() || i.keyPolicy().userKeys())
            && (filter.enabled().isEmpty() || filter.enabled().get() == i.settings().enabled())
            && (filter.text().isEmpty() || holds(i, filter.text().get()));
  }

  private static boolean holds(Instance instance, SearchText text) {
    return Stream.of(
            instance.ref().handle().value(),
            instance.settings().displayName().value(),
            instance.settings().fields().description().value(),
            instance.settings().fields().model().value())
        .anyMatch(text::isIn);
  }

  private static void store(
      Tables tables,
      Instance instance,
      Optional<SealedValue> apiKey,
      Optional<SealedValue> headers,
      long headersVersion) {
    tables.requireStandard(instance.settings().fields().apiStandard());
    tables.requireProvider(instance.provider());
    instance.settings().definition().ifPresent(tables::requireDefinition);
    instance.endpointSetBy().ifPresent(tables::requireUser);
    instance.headersSetBy().ifPresent(tables::requireUser);
    apiKey.ifPresent(tables::requireLive);
    headers.ifPresent(tables::requireLive);
    if (apiKey.isPresent() != instance.apiKeySetAt().isPresent()) {
      throw new IllegalStateException("a stored key and the time it was set go together");
    }
    if (headers.isPresent() == instance.customHeaderNames().isEmpty()) {
      throw new IllegalStateException("stored header values and their names go together");
    }
    tables.instances.put(
        instance.id(), new StoredInstance(instance, apiKey, headers, headersVersion));
  }

  private static Instance changed(Instance stored, Instance with) {
    return new Instance(
        stored.id(),
        stored.owner(),
        stored.ref(),
        with.settings(),
        with.placement(),
        with.definitionRef(),
        with.customHeaderNames(),
        with.apiKeySetAt(),
        with.endpointSetBy(),
        with.headersSetBy(),
        with.version(),
        stored.createdAt(),
        with.updatedAt());
  }
}
