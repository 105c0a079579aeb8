package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.MemberKey;
import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.groups.GroupSource;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimGroup;
import io.claviger.domain.scim.ScimSight;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@link ScimGroupStore} in memory. */
public final class InMemoryScimGroups implements ScimGroupStore {
  private final InMemoryTransactions transactions;

  public InMemoryScimGroups(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Entry> find(Group.Id group) {
    return first(entry -> entry.group().id().equals(group));
  }

  @Override
  public Optional<Entry> lock(Group.Id group) {
    return find(group);
  }

  @Override
  public Optional<Entry> findByExternalId(Issuer issuer, String externalId) {
    return first(
        entry ->
            entry
                .record()
                .filter(one -> one.issuer().equals(issuer))
                .flatMap(ScimGroup::externalId)
                .filter(externalId::equals)
                .isPresent());
  }

  @Override
  public Optional<Entry> findByClaimValue(Issuer issuer, String claimValue) {
    GroupSource sought = new GroupSource(issuer.value(), claimValue);
    return first(entry -> entry.group().source().filter(sought::equals).isPresent());
  }

  private Optional<Entry> first(Predicate<Entry> which) {
    return transactions.read(t -> entries(t).filter(which).findFirst());
  }

  private static Stream<Entry> entries(Tables t) {
    return t.groups.values().stream()
        .map(group -> new Entry(group, Optional.ofNullable(t.scimGroups.get(group.id()))));
  }

  private List<Entry> seen(Issuer issuer, Optional<String> name) {
    return transactions.read(
        t ->
            entries(t)
                .filter(entry -> ScimSight.sees(issuer, entry.group(), entry.record()))
                .filter(
                    entry ->
                        name.isEmpty()
                            || entry.group().displayName().value().equalsIgnoreCase(name.get()))
                .sorted(Comparator.comparing(entry -> entry.group().id().value().toString()))
                .toList());
  }

  @Override
  public List<Entry> list(Issuer issuer, Optional<String> displayName, int skipped, int limit) {
    return seen(issuer, displayName).stream().skip(skipped).limit(limit).toList();
  }

  @Override
  public int count(Issuer issuer, Optional<String> displayName) {
    return seen(issuer, displayName).size();
  }

  @Override
  public int countKept(Issuer issuer, int enough) {
    return transactions.read(
        t ->
            (int)
                t.groups.values().stream()
                    .flatMap(group -> group.source().stream())
                    .filter(source -> source.issuer().equals(issuer.value()))
                    .limit(enough)
                    .count());
  }

  @Override
  public void save(ScimGroup group) {
    transactions.run(
        t -> {
          boolean taken =
              t.scimGroups.values().stream()
                  .filter(one -> !one.group().equals(group.group()))
                  .anyMatch(
                      one ->
                          one.issuer().equals(group.issuer())
                              && one.externalId().isPresent()
                              && one.externalId().equals(group.externalId()));
          if (taken) {
            throw Tables.taken("the externalId");
          }
          t.scimGroups.put(group.group(), group);
        });
  }

  @Override
  public void setClaimValue(Group.Id id, String claimValue) {
    transactions.run(
        t -> {
          Group group = Objects.requireNonNull(t.groups.get(id));
          GroupSource former = group.source().orElseThrow(() -> Tables.gone("the synced group"));
          GroupSource source = new GroupSource(former.issuer(), claimValue);
          if (t.groups.values().stream()
              .anyMatch(other -> other.source().filter(source::equals).isPresent())) {
            throw Tables.taken("the claim value");
          }
          t.groups.put(
              id,
              new Group(
                  id,
                  group.handle(),
                  group.fields(),
                  Optional.of(source),
                  group.version(),
                  group.createdAt(),
                  group.updatedAt()));
        });
  }

  @Override
  public List<User> members(Group.Id group) {
    return transactions.read(
        t ->
            t.groupMembers.keySet().stream()
                .filter(key -> key.group().equals(group))
                .map(key -> Objects.requireNonNull(t.users.get(key.user())))
                .sorted(Comparator.comparing(user -> user.id().value().toString()))
                .toList());
  }

  @Override
  public List<User> membersAmong(Group.Id group, Collection<User.Id> users) {
    return members(group).stream().filter(user -> users.contains(user.id())).toList();
  }

  @Override
  public int countMembers(Group.Id group) {
    return members(group).size();
  }

  @Override
  public void add(Group.Id group, Collection<User.Id> users, Instant now) {
    transactions.run(
        t ->
            users.forEach(
                id -> {
                  User user = Objects.requireNonNull(t.users.get(id));
                  t.groupMembers.putIfAbsent(
                      new MemberKey(group, id),
                      new GroupMember(id, user.handle(), GroupRole.MEMBER, now));
                }));
  }

  @Override
  public void remove(Group.Id group, Collection<User.Id> users) {
    transactions.run(t -> users.forEach(id -> t.groupMembers.remove(new MemberKey(group, id))));
  }
}
