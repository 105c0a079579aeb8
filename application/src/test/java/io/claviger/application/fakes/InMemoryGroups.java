package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.MemberKey;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link GroupStore} in memory. */
public final class InMemoryGroups implements GroupStore {
  private final InMemoryTransactions transactions;

  public InMemoryGroups(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<VisibleGroup> find(Handle handle, User.Id viewer) {
    return transactions.read(t -> named(t, handle).map(g -> seen(t, g, viewer)));
  }

  @Override
  public Optional<VisibleGroup> lock(Handle handle, User.Id viewer) {
    return find(handle, viewer);
  }

  @Override
  public Optional<Group> hold(Handle handle) {
    return find(handle);
  }

  @Override
  public Optional<Group> find(Handle handle) {
    return transactions.read(t -> named(t, handle));
  }

  @Override
  public List<VisibleGroup> list(
      User.Id viewer, Optional<SearchText> text, Optional<Handle> after, int limit) {
    return transactions.read(
        t ->
            t.groups.values().stream()
                .filter(
                    g ->
                        text.isEmpty()
                            || text.get().isIn(g.handle().value())
                            || text.get().isIn(g.displayName().value()))
                .filter(g -> after.isEmpty() || g.handle().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(Group::handle))
                .limit(limit)
                .map(g -> seen(t, g, viewer))
                .toList());
  }

  @Override
  public void insert(Group group) {
    transactions.run(
        t -> {
          Tables.requireUsualName(group.handle());
          boolean taken =
              t.groups.values().stream()
                  .anyMatch(
                      g ->
                          g.handle().equals(group.handle())
                              || (g.source().isPresent() && g.source().equals(group.source())));
          if (taken || t.groups.containsKey(group.id())) {
            throw Tables.taken("the handle");
          }
          t.groups.put(group.id(), group);
        });
  }

  @Override
  public void update(Group group) {
    transactions.run(
        t -> {
          requireGroup(t, group.id());
          t.groups.put(group.id(), group);
        });
  }

  @Override
  public void delete(Group.Id id) {
    transactions.run(
        t -> {
          requireGroup(t, id);
          if (t.users.values().stream().anyMatch(account -> isResponsible(id, account))) {
            throw new StillReferenced(
                new IllegalStateException("the group is responsible for a service account"));
          }
          t.cascades.deleteGroup(id);
        });
  }

  @Override
  public boolean hasLimits(Group.Id group) {
    return transactions.read(
        t ->
            t.groupLimits.entrySet().stream()
                .anyMatch(
                    e -> e.getKey().group().equals(group) && !e.getValue().limits().isNone()));
  }

  @Override
  public Optional<GroupMember> findMember(Group.Id group, User.Id user) {
    return transactions.read(
        t -> Optional.ofNullable(t.groupMembers.get(new MemberKey(group, user))));
  }

  @Override
  public boolean hasOtherManager(Group.Id group, User.Id user) {
    return transactions.read(
        t ->
            t.groupMembers.entrySet().stream()
                .filter(e -> e.getKey().group().equals(group))
                .map(Map.Entry::getValue)
                .anyMatch(m -> m.role() == GroupRole.MANAGER && !m.user().equals(user)));
  }

  @Override
  public boolean holdMember(Group.Id group, User.Id user) {
    return findMember(group, user).isPresent();
  }

  @Override
  public List<GroupMember> listMembers(Group.Id group, Optional<Handle> after, int limit) {
    return transactions.read(
        t ->
            t.groupMembers.entrySet().stream()
                .filter(e -> e.getKey().group().equals(group))
                .map(e -> e.getValue())
                .filter(m -> after.isEmpty() || m.handle().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(GroupMember::handle))
                .limit(limit)
                .toList());
  }

  @Override
  public void putMember(Group.Id group, GroupMember member) {
    transactions.run(
        t -> {
          requireGroup(t, group);
          t.requireUser(member.user());
          if (member.user().equals(User.Id.SYSTEM)) {
            throw new IllegalStateException("_system is in no group");
          }
          t.groupMembers.merge(
              new MemberKey(group, member.user()),
              member,
              (old, now) ->
                  new GroupMember(
                      old.user(), old.handle(), now.role(), old.createdAt(), now.appliedBy()));
        });
  }

  @Override
  public boolean removeMember(Group.Id group, User.Id user) {
    return transactions.change(t -> t.groupMembers.remove(new MemberKey(group, user)) != null);
  }

  private static void requireGroup(Tables tables, Group.Id id) {
    if (!tables.groups.containsKey(id)) {
      throw Tables.gone("the group");
    }
  }

  private static boolean isResponsible(Group.Id group, User account) {
    return account.responsible().orElse(null) instanceof Responsible.GroupManagers managers
        && managers.group().equals(group.value());
  }

  private static Optional<Group> named(Tables tables, Handle handle) {
    return tables.groups.values().stream().filter(g -> g.handle().equals(handle)).findFirst();
  }

  private static VisibleGroup seen(Tables tables, Group group, User.Id viewer) {
    long members =
        tables.groupMembers.keySet().stream().filter(k -> k.group().equals(group.id())).count();
    return new VisibleGroup(
        group,
        Math.toIntExact(members),
        Optional.ofNullable(tables.groupMembers.get(new MemberKey(group.id(), viewer)))
            .map(GroupMember::role));
  }
}
