package io.claviger.application.fakes;

import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.application.objects.port.ObjectRemovalStore;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * {@link StoredObjectStore} and {@link ObjectRemovalStore} in memory. Tests add whatever calls left
 * behind, and say what is due to be deleted; it is taken once.
 */
public final class InMemoryStoredObjects
    implements StoredObjectStore, ObjectRemovalStore, ProviderAccounts {
  private final InMemoryTransactions transactions;
  private final Map<Long, ListedObject> objects = new ConcurrentSkipListMap<>();
  private final Map<Key, Lent> shared = new ConcurrentHashMap<>();
  private final List<Removal> due = new CopyOnWriteArrayList<>();
  private final Map<String, ObjectState> settled = new ConcurrentHashMap<>();

  private record Key(Instance.Id service, ObjectName name) {}

  public InMemoryStoredObjects(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  public void add(ListedObject object) {
    objects.put(object.place(), object);
  }

  @Override
  public List<ListedObject> list(Question question, Optional<Long> after, int limit, Instant now) {
    return objects.values().stream()
        .filter(o -> o.place() < after.orElse(Long.MAX_VALUE) && o.object().isLiveAt(now))
        .filter(o -> question.service().filter(id -> !isOf(o, id)).isEmpty())
        .filter(o -> question.heldBy().filter(user -> !isHeldBy(o, user)).isEmpty())
        .filter(o -> question.project().filter(project -> !isHeldBy(o, project)).isEmpty())
        .filter(
            o ->
                question
                    .madeWith()
                    .filter(token -> !o.object().tokens().contains(token.value()))
                    .isEmpty())
        .filter(o -> question.kind().filter(k -> k != o.object().name().kind()).isEmpty())
        .filter(o -> question.maker().isEmpty() || question.maker().equals(o.maker()))
        .sorted(Comparator.comparing(ListedObject::place).reversed())
        .limit(limit)
        .toList();
  }

  private static boolean isOf(ListedObject listed, Instance.Id service) {
    return listed.object().service().equals(service.value());
  }

  private static boolean isHeldBy(ListedObject listed, Project.Id project) {
    return listed.object().holder().equals(Optional.of(ObjectHolder.project(project.value())));
  }

  private static boolean isHeldBy(ListedObject listed, User.Id user) {
    return listed.object().holder().equals(Optional.of(ObjectHolder.user(user.value())));
  }

  @Override
  public boolean end(Instance.Id service, ObjectName name, Optional<User.Id> heldBy) {
    return objects
        .values()
        .removeIf(
            o ->
                isOf(o, service)
                    && o.object().name().equals(name)
                    && heldBy.filter(user -> !isHeldBy(o, user)).isEmpty());
  }

  @Override
  public boolean leave(Instance.Id service, ObjectName name) {
    return end(service, name, Optional.empty());
  }

  @Override
  public Optional<Instance.Id> serviceHolding(
      Instance.Ref service, ObjectName name, User.Id holder) {
    return objects.values().stream()
        .filter(o -> o.service().equals(Optional.of(service)) && o.object().name().equals(name))
        .filter(o -> isHeldBy(o, holder))
        .map(o -> new Instance.Id(o.object().service()))
        .findFirst();
  }

  @Override
  public List<Instance.Id> servicesHolding(ObjectName name, User.Id holder) {
    return objects.values().stream()
        .filter(o -> o.object().name().equals(name) && isHeldBy(o, holder))
        .map(o -> new Instance.Id(o.object().service()))
        .limit(2)
        .toList();
  }

  @Override
  public List<KnownObject> known(Instance.Id service, ObjectKind kind, int most) {
    return objects.values().stream()
        .filter(o -> isOf(o, service) && o.object().name().kind() == kind)
        .limit(most)
        .map(o -> new KnownObject(o.object().name().id(), true))
        .toList();
  }

  @Override
  public Set<String> recorded(Instance.Id service, ObjectKind kind, Collection<String> ids) {
    return known(service, kind, Integer.MAX_VALUE).stream()
        .map(KnownObject::id)
        .filter(ids::contains)
        .collect(Collectors.toSet());
  }

  @Override
  public Sharing share(
      Instance.Id service,
      ObjectName name,
      Terms terms,
      User.Id by,
      boolean ofAccount,
      Instant now) {
    boolean held =
        objects.values().stream()
            .filter(o -> isOf(o, service) && o.object().name().equals(name))
            .anyMatch(o -> o.object().holder().isPresent() && !isHeldBy(o, by));
    if (held) {
      return Sharing.HELD;
    }
    boolean own =
        objects.values().stream()
            .anyMatch(o -> isOf(o, service) && o.object().name().equals(name) && isHeldBy(o, by));
    if (!own && !ofAccount) {
      return Sharing.NOBODYS;
    }
    if (!terms.borrowers().orElse(Set.of()).stream().allMatch(this::isKnown)) {
      return Sharing.UNKNOWN_BORROWER;
    }
    Lent lent =
        new Lent(
            name,
            terms.access(),
            terms.borrowers(),
            transactions.read(t -> t.users.get(by).handle()),
            now,
            terms.appliedBy().or(findShared(service, name).flatMap(Lent::appliedBy)));
    return shared.put(new Key(service, name), lent) == null ? Sharing.CREATED : Sharing.CHANGED;
  }

  private boolean isKnown(GranteeName name) {
    return name.isGroup()
        ? new InMemoryGroups(transactions).find(name.handle()).isPresent()
        : new InMemoryUsers(transactions).find(name.handle()).isPresent();
  }

  @Override
  public Optional<Lent> findShared(Instance.Id service, ObjectName name) {
    return Optional.ofNullable(shared.get(new Key(service, name)));
  }

  @Override
  public List<Lent> listShared(Instance.Id service, Optional<ObjectName> after, int limit) {
    return shared.entrySet().stream()
        .filter(e -> e.getKey().service().equals(service))
        .map(Map.Entry::getValue)
        .filter(l -> after.isEmpty() || position(l.name()).compareTo(position(after.get())) > 0)
        .sorted(Comparator.comparing(lent -> position(lent.name())))
        .limit(limit)
        .toList();
  }

  private static String position(ObjectName name) {
    return name.kind().wireName() + " " + name.id();
  }

  @Override
  public boolean unshare(Instance.Id service, ObjectName name) {
    return shared.remove(new Key(service, name)) != null;
  }

  @Override
  public boolean holdsObjects(Instance.Id service) {
    return objects.values().stream().anyMatch(o -> isOf(o, service))
        || shared.keySet().stream().anyMatch(key -> key.service().equals(service));
  }

  @Override
  public int change(Instance.Id service) {
    int before = objects.size() + shared.size();
    boolean unused = objects.values().removeIf(o -> isOf(o, service));
    unused = shared.keySet().removeIf(key -> key.service().equals(service));
    return before - objects.size() - shared.size();
  }

  @Override
  public void used(Collection<UsedObject> objects) {
    throw new UnsupportedOperationException();
  }

  /** Lets an object be due until it is settled. */
  public void end(Removal removal) {
    due.add(removal);
  }

  /** What became of the objects that were due, by their ids. */
  public Map<String, ObjectState> settled() {
    return Map.copyOf(settled);
  }

  @Override
  public boolean anyToDelete() {
    return !due.isEmpty();
  }

  @Override
  public List<Removal> takeDue(
      Places places, Collection<Removal> underWay, Collection<Instance.Id> spared) {
    Set<Instance.Id> busy = new HashSet<>(spared);
    Map<Instance.Id, Integer> taken = new HashMap<>();
    Map<User.Id, Integer> ofOwners = new HashMap<>();
    for (Removal one : underWay) {
      busy.add(one.service());
      ofOwners.merge(one.owner(), 1, Integer::sum);
    }
    List<Removal> all =
        due.stream()
            .filter(one -> !busy.contains(one.service()))
            .filter(one -> taken.merge(one.service(), 1, Integer::sum) <= places.ofAService())
            .filter(one -> ofOwners.merge(one.owner(), 1, Integer::sum) <= places.ofAnOwner())
            .limit(places.all() - underWay.size())
            .toList();
    due.removeAll(all);
    return all;
  }

  @Override
  public void giveBack(Collection<Removal> removals) {
    due.addAll(removals);
  }

  @Override
  public List<Removal> takeOverdue(int most) {
    return List.of();
  }

  @Override
  public boolean settle(Removal removal, ObjectState how) {
    return settled.putIfAbsent(removal.name().id(), how) == null;
  }

  @Override
  public int sweep() {
    return 0;
  }
}
