package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.StoredUserKey;
import io.claviger.application.fakes.Tables.UserKeyAt;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** {@link UserKeyStore} in memory. */
public final class InMemoryUserKeys implements UserKeyStore {
  private final InMemoryTransactions transactions;

  public InMemoryUserKeys(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<UserKey> find(Instance.Id instance, User.Id user) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.userKeys.get(new UserKeyAt(instance, user)))
                .map(StoredUserKey::key));
  }

  @Override
  public List<NamedUserKey> of(
      User.Id user, Optional<UUID> only, Optional<Instance.Ref> after, int limit) {
    return transactions.read(
        t ->
            t.userKeys.values().stream()
                .map(StoredUserKey::key)
                .filter(key -> key.user().equals(user))
                .filter(key -> only.isEmpty() || only.get().equals(key.instance().value()))
                .map(
                    key ->
                        new NamedUserKey(key, t.requireInstance(key.instance()).instance().ref()))
                .filter(key -> after.isEmpty() || key.instance().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(NamedUserKey::instance))
                .limit(limit)
                .toList());
  }

  @Override
  public boolean save(UserKey key, SealedValue value) {
    return transactions.change(
        t -> {
          Object unused = t.requireInstance(key.instance());
          t.requireUser(key.user());
          t.requireLive(value);
          UserKeyAt at = new UserKeyAt(key.instance(), key.user());
          StoredUserKey old = t.userKeys.put(at, new StoredUserKey(key, value));
          if (old != null && !old.key().setAt().equals(key.setAt())) {
            forgetModels(t, at::equals);
          }
          return old == null;
        });
  }

  @Override
  public boolean delete(Instance.Id instance, User.Id user) {
    return delete(at -> at.equals(new UserKeyAt(instance, user))) > 0;
  }

  @Override
  public int deleteAllFor(Instance.Id instance) {
    return delete(at -> at.instance().equals(instance));
  }

  @Override
  public int deleteAllOf(User.Id user) {
    return delete(at -> at.user().equals(user));
  }

  private int delete(Predicate<UserKeyAt> which) {
    return transactions.change(
        t -> {
          int before = t.userKeys.size();
          t.userKeys.keySet().removeIf(which);
          forgetModels(t, which);
          return before - t.userKeys.size();
        });
  }

  private static void forgetModels(Tables tables, Predicate<UserKeyAt> of) {
    tables
        .modelLists
        .keySet()
        .removeIf(
            list -> list.user().filter(u -> of.test(new UserKeyAt(list.service(), u))).isPresent());
  }
}
