package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.MemberKey;
import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.fakes.Tables.StoredInstance;
import io.claviger.application.fakes.Tables.StoredShare;
import io.claviger.application.fakes.Tables.StoredToken;
import io.claviger.application.fakes.Tables.StoredUserKey;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.keys.SealedValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** Finds the subjects of calls whose rows a transaction has changed. */
final class ChangedRows {
  /** Stands for all subjects. */
  static final UUID EVERYTHING = new UUID(0, 0);

  private final Set<UUID> subjects = new HashSet<>();

  private ChangedRows() {}

  static Set<UUID> between(Tables before, Tables after) {
    ChangedRows found = new ChangedRows();
    found.changed(before.users, after.users, Object::equals, (id, user) -> id.value());
    found.changed(
        before.tokens,
        after.tokens,
        ChangedRows::onlyUsed,
        (hash, token) -> token.token().user().value());
    found.changed(
        before.standards, after.standards, Object::equals, (handle, standard) -> EVERYTHING);
    found.changed(before.providers, after.providers, Object::equals, (handle, p) -> EVERYTHING);
    found.changed(
        before.instances, after.instances, ChangedRows::onlyResealed, (id, row) -> id.value());
    found.inserted(before.instances, after.instances, (id, row) -> row.instance().owner().value());
    found.changed(
        before.instances,
        with(before.instances, after.instances),
        ChangedRows::areForTheSame,
        (id, row) -> row.instance().owner().value());
    found.changed(
        after.instances,
        with(after.instances, before.instances),
        ChangedRows::areForTheSame,
        (id, row) -> row.instance().owner().value());
    found.written(
        before.modelLists,
        after.modelLists,
        (old, now) -> old.listed().equals(now.listed()),
        (of, list) -> of.service().value());
    found.written(before.models, after.models, Object::equals, (id, row) -> User.Id.SYSTEM.value());
    found.changed(before.projects, after.projects, Object::equals, (id, project) -> id.value());
    found.written(
        before.shares, after.shares, Object::equals, (key, share) -> key.shared().value());
    found.inserted(before.shares, after.shares, (key, share) -> key.grantee().value());
    found.changed(
        before.shares,
        with(before.shares, after.shares),
        (old, now) -> old.share().terms().expiresAt().equals(now.share().terms().expiresAt()),
        (key, share) -> key.grantee().value());
    found.written(
        ofGroups(before.shares),
        ofGroups(after.shares),
        Object::equals,
        (key, share) -> key.grantee().value());
    found.written(
        ofGroups(before.projectShares),
        ofGroups(after.projectShares),
        Object::equals,
        (key, share) -> key.grantee().value());
    found.written(
        before.defaults, after.defaults, Object::equals, (user, instance) -> user.value());
    found.written(
        asMap(before.bareNames),
        asMap(after.bareNames),
        Object::equals,
        (key, same) -> key.grantee().value());
    found.written(
        membershipsOf(before),
        membershipsOf(after),
        Object::equals,
        (key, same) -> key.user().value());
    found.written(
        before.projectShares,
        after.projectShares,
        Object::equals,
        (key, share) -> key.shared().value());
    found.written(
        before.userKeys, after.userKeys, ChangedRows::onlyResealed, (at, key) -> at.user().value());
    found.written(
        before.userLimits, after.userLimits, Object::equals, (user, stored) -> user.value());
    found.written(
        before.groupLimits,
        after.groupLimits,
        Object::equals,
        (key, stored) -> found.withMembers(key.group(), after));
    return Set.copyOf(found.subjects);
  }

  /** Adds the members of a group whose limits changed. */
  private UUID withMembers(Group.Id group, Tables after) {
    after.groupMembers.keySet().stream()
        .filter(member -> member.group().equals(group))
        .forEach(member -> subjects.add(member.user().value()));
    return group.value();
  }

  /** A changed role does not count: a manager gets what every member gets. */
  private static Map<MemberKey, MemberKey> membershipsOf(Tables tables) {
    return asMap(tables.groupMembers.keySet());
  }

  private static <I> Map<ShareKey<I>, StoredShare> ofGroups(Map<ShareKey<I>, StoredShare> shares) {
    return shares.entrySet().stream()
        .filter(e -> e.getKey().grantee() instanceof Group.Id)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static <K> Map<K, K> asMap(Set<K> rows) {
    Map<K, K> map = new HashMap<>();
    rows.forEach(row -> map.put(row, row));
    return map;
  }

  /** Adds rows that were inserted. */
  private <K, V> void inserted(Map<K, V> before, Map<K, V> after, BiFunction<K, V, UUID> subject) {
    changed(after, before, (row, old) -> true, subject);
  }

  /** Adds rows that were inserted, deleted or changed. */
  private <K, V> void written(
      Map<K, V> before, Map<K, V> after, BiPredicate<V, V> same, BiFunction<K, V, UUID> subject) {
    changed(before, after, same, subject);
    changed(after, before, same, subject);
  }

  /** Adds rows that were deleted or changed, but not those that were inserted. */
  private <K, V> void changed(
      Map<K, V> before, Map<K, V> after, BiPredicate<V, V> same, BiFunction<K, V, UUID> subject) {
    before.forEach(
        (key, old) -> {
          V now = after.get(key);
          if (now == null || !same.test(old, now)) {
            subjects.add(subject.apply(key, old));
          }
        });
  }

  /** Returns the rows that are there after a change, and those that it deleted as they were. */
  private static <K, V> Map<K, V> with(Map<K, V> before, Map<K, V> after) {
    Map<K, V> all = new HashMap<>(before);
    all.putAll(after);
    return all;
  }

  private static boolean areForTheSame(StoredInstance old, StoredInstance now) {
    return old.instance().owner().equals(now.instance().owner())
        && old.instance().audience() == now.instance().audience();
  }

  /** A changed name does not count, because no call depends on it. */
  private static boolean onlyUsed(StoredToken old, StoredToken now) {
    AccessToken a = old.token();
    AccessToken b = now.token();
    return a.id().equals(b.id())
        && a.user().equals(b.user())
        && a.scope() == b.scope()
        && a.origin() == b.origin()
        && a.restriction().equals(b.restriction())
        && a.limits().equals(b.limits())
        && a.expiresAt().equals(b.expiresAt());
  }

  /** Resealing the same secrets under another encryption key does not count as a change. */
  private static boolean onlyResealed(StoredInstance old, StoredInstance now) {
    return old.instance().equals(now.instance())
        && isResealed(old.apiKey(), now.apiKey())
        && isResealed(old.headers(), now.headers());
  }

  private static boolean onlyResealed(StoredUserKey old, StoredUserKey now) {
    return old.key().equals(now.key())
        && isResealed(Optional.of(old.value()), Optional.of(now.value()));
  }

  /** Whether nothing has changed except the encryption key. */
  private static boolean isResealed(Optional<SealedValue> old, Optional<SealedValue> now) {
    return old.equals(now)
        || (old.isPresent()
            && now.isPresent()
            && !old.get().sealedUnder().equals(now.get().sealedUnder()));
  }
}
