package io.claviger.application.fakes;

import io.claviger.application.rejectedkeys.port.RejectedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.rejectedkeys.port.StoredKey;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** {@link RejectedKeyStore} in memory. */
public final class InMemoryRejectedKeys implements RejectedKeyStore {
  private final InMemoryTransactions transactions;
  private final Map<StoredKey, Row> rows = new ConcurrentHashMap<>();

  private record Row(Instant since, Instant last, int status) {}

  InMemoryRejectedKeys(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void reject(Collection<KeyRejection> rejections) {
    for (KeyRejection each : rejections) {
      if (isStored(each.key())) {
        Row row = new Row(each.at(), each.at(), each.status());
        Row unused =
            rows.merge(
                each.key(), row, (old, more) -> new Row(old.since(), more.last(), more.status()));
      }
    }
  }

  @Override
  public void accept(Collection<StoredKey> keys) {
    keys.forEach(rows::remove);
  }

  @Override
  public List<StoredKey> all(int most) {
    return rows.keySet().stream().limit(most).toList();
  }

  @Override
  public List<RejectedKey> of(
      User.Id user, boolean administrator, Optional<Instance.Ref> service, Instant now, int most) {
    return rows.keySet().stream()
        .filter(this::isStored)
        .flatMap(key -> seen(key, user, administrator, now).stream())
        .filter(key -> service.isEmpty() || service.get().equals(key.ref()))
        .sorted(Comparator.comparing(RejectedKey::ref).thenComparing(RejectedKey::own))
        .limit(most)
        .toList();
  }

  private Optional<RejectedKey> seen(
      StoredKey key, User.Id user, boolean administrator, Instant now) {
    return transactions.read(
        t -> {
          Instance instance = t.requireInstance(key.service()).instance();
          Optional<Role> role = InMemoryInstances.role(t, instance, user, now);
          boolean mine =
              instance.owner().equals(user)
                  || role.equals(Optional.of(Role.OWNER))
                  || (administrator && instance.owner().equals(User.Id.SYSTEM));
          if (key.holder().isPresent() ? !key.holder().get().equals(user) : !mine) {
            return Optional.empty();
          }
          Row row = rows.get(key);
          return Optional.of(
              new RejectedKey(
                  instance.id(),
                  instance.ref(),
                  instance.owner(),
                  role.filter(held -> !instance.owner().equals(user) && key.holder().isEmpty()),
                  key.holder().isPresent(),
                  row.since(),
                  row.last(),
                  row.status()));
        });
  }

  @Override
  public Map<Instance.Id, Instant> rejectedSince(Collection<Instance.Id> services) {
    return rows.entrySet().stream()
        .filter(e -> e.getKey().holder().isEmpty() && services.contains(e.getKey().service()))
        .filter(e -> isStored(e.getKey()))
        .collect(Collectors.toMap(e -> e.getKey().service(), e -> e.getValue().since()));
  }

  @Override
  public List<AgedKey> ages(
      Optional<Instant> setBefore, boolean rejected, Optional<TimeCursor> after, int limit) {
    return transactions.read(
        t ->
            t.instances.values().stream()
                .map(stored -> stored.instance())
                .filter(i -> i.apiKeySetAt().isPresent())
                .filter(i -> rejected || !i.credential().kind().isConfirmed())
                .map(this::aged)
                .filter(key -> setBefore.isEmpty() || key.setAt().isBefore(setBefore.get()))
                .filter(key -> !rejected || key.status().isPresent())
                .sorted(
                    Comparator.comparing(AgedKey::setAt)
                        .thenComparing(key -> key.service().toString()))
                .filter(
                    key ->
                        after.isEmpty()
                            || key.setAt().isAfter(after.get().at())
                            || (key.setAt().equals(after.get().at())
                                && key.service().toString().compareTo(after.get().id().toString())
                                    > 0))
                .limit(limit)
                .toList());
  }

  private AgedKey aged(Instance instance) {
    Instant setAt = instance.apiKeySetAt().orElseThrow();
    Optional<Row> row =
        Optional.ofNullable(rows.get(new StoredKey(instance.id(), Optional.empty(), setAt)));
    return new AgedKey(
        instance.id(), instance.ref(), setAt, row.map(Row::since), row.map(Row::status));
  }

  @Override
  public OwnKeyCounts ownKeys(Optional<Instant> setBefore) {
    return transactions.read(
        t -> {
          List<Instant> set =
              t.userKeys.values().stream().map(stored -> stored.key().setAt()).toList();
          return new OwnKeyCounts(
              set.size(),
              set.stream().filter(at -> setBefore.filter(at::isBefore).isPresent()).count(),
              rows.keySet().stream().filter(key -> key.holder().isPresent()).count());
        });
  }

  @Override
  public int removeReplaced() {
    int before = rows.size();
    rows.keySet().removeIf(key -> !isStored(key));
    return before - rows.size();
  }

  private boolean isStored(StoredKey key) {
    return transactions.read(
        t ->
            key.holder().isPresent()
                ? t.userKeys.values().stream()
                    .map(Tables.StoredUserKey::key)
                    .anyMatch(
                        stored ->
                            stored.instance().equals(key.service())
                                && stored.user().equals(key.holder().get())
                                && stored.setAt().equals(key.setAt()))
                : Optional.ofNullable(t.instances.get(key.service()))
                    .flatMap(stored -> stored.instance().apiKeySetAt())
                    .equals(Optional.of(key.setAt())));
  }
}
