package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.MemberKey;
import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.groups.GroupSource;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimGroup;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@link SyncedGroupStore} in memory. */
public final class InMemorySyncedGroups implements SyncedGroupStore {
  private final InMemoryTransactions transactions;
  private final Ids ids;

  public InMemorySyncedGroups(InMemoryTransactions transactions, Ids ids) {
    this.transactions = transactions;
    this.ids = ids;
  }

  @Override
  public List<String> replaceMemberships(
      User.Id user, Issuer issuer, List<String> values, Instant now) {
    return transactions.change(
        t -> {
          t.requireUser(user);
          Set<String> wanted = new TreeSet<>(values);
          Map<String, Group.Id> known = groupsOf(t, issuer);
          Set<Handle> taken =
              t.groups.values().stream().map(Group::handle).collect(Collectors.toSet());
          for (String value : wanted) {
            if (!known.containsKey(value) && known.size() < MOST) {
              freeHandle(value, taken)
                  .ifPresent(handle -> known.put(value, insert(t, issuer, value, handle, now)));
            }
          }
          known.keySet().retainAll(wanted);
          joinExactly(t, user, new HashSet<>(known.values()), now);
          wanted.removeAll(known.keySet());
          return List.copyOf(wanted);
        });
  }

  /** The values of the groups that a user is in. */
  public List<String> of(User.Id user) {
    return transactions.read(
        t ->
            t.groupsOf(user).stream()
                .flatMap(id -> t.groups.get(id).source().stream())
                .map(GroupSource::claimValue)
                .toList());
  }

  private static Map<String, Group.Id> groupsOf(Tables t, Issuer issuer) {
    Map<String, Group.Id> found = new HashMap<>();
    for (Group group : t.groups.values()) {
      group
          .source()
          .filter(source -> source.issuer().equals(issuer.value()))
          .ifPresent(source -> found.put(source.claimValue(), group.id()));
    }
    return found;
  }

  private static Optional<Handle> freeHandle(String value, Set<Handle> taken) {
    return HandleNormalizer.exact(value).filter(taken::add);
  }

  private Group.Id insert(Tables t, Issuer issuer, String value, Handle handle, Instant now) {
    Group.Id id = new Group.Id(ids.next());
    DisplayName name = new DisplayName(value.substring(0, Math.min(value.length(), 200)));
    FieldValues fields = FieldValues.NONE.with(CommonFields.DISPLAY_NAME, name);
    Optional<GroupSource> source = Optional.of(new GroupSource(issuer.value(), value));
    t.groups.put(id, new Group(id, handle, fields, source, 1, now, now));
    return id;
  }

  private static boolean isKeptByScim(Tables t, User.Id user, Group.Id group) {
    return Optional.ofNullable(t.scimGroups.get(group))
        .filter(kept -> !kept.deleted())
        .map(ScimGroup::issuer)
        .filter(
            issuer ->
                t.scimTokens.values().stream().anyMatch(token -> token.issuer().equals(issuer)))
        .flatMap(
            issuer ->
                Optional.ofNullable(t.scimUsers.get(user))
                    .filter(person -> !person.deleted() && person.issuer().equals(issuer)))
        .isPresent();
  }

  private static void joinExactly(Tables t, User.Id user, Set<Group.Id> groups, Instant now) {
    t.groupMembers
        .keySet()
        .removeIf(
            key ->
                key.user().equals(user)
                    && !groups.contains(key.group())
                    && !isKeptByScim(t, user, key.group())
                    && Objects.requireNonNull(t.groups.get(key.group())).source().isPresent());
    User member = Objects.requireNonNull(t.users.get(user));
    for (Group.Id group : groups) {
      t.groupMembers.putIfAbsent(
          new MemberKey(group, user),
          new GroupMember(user, member.handle(), GroupRole.MEMBER, now));
    }
  }
}
