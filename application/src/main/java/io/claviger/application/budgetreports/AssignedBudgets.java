package io.claviger.application.budgetreports;

import io.claviger.application.accounts.UserAccess;
import io.claviger.application.budgetreports.BudgetReports.Stores;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetViewer;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.policy.UserLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Finds the budgets that administrators have set for users and groups, as far as the actor may see
 * these budgets.
 */
final class AssignedBudgets {
  /**
   * The maximum number of group members whose budgets are listed. To get the budgets of a further
   * member, the caller has to name the member.
   */
  private static final int MOST_MEMBERS = 1_000;

  private final Stores stores;
  private final Actor actor;
  private final boolean administers;

  AssignedBudgets(Stores stores, Actor actor) {
    this.stores = stores;
    this.actor = actor;
    this.administers = actor.administrator() && actor.mayManage();
  }

  /**
   * Returns the budgets that limit a user: the user's own budgets and the budgets of the user's
   * groups.
   */
  List<SeenBudget> of(User user) {
    boolean self = user.id().equals(actor.id());
    boolean responsible =
        !self && actor.mayManage() && new UserAccess(stores.users()).sees(actor, user);
    UserLimits set = stores.limits().holdingFor(user.id());
    List<SeenBudget> found = new ArrayList<>();
    add(
        found,
        BudgetHolder.user(user.id().value()),
        set.own().budgets(),
        new BudgetViewer(administers, self, false, responsible));
    for (UserLimits.OfGroup group : set.groups()) {
      Optional<GroupRole> role = role(group);
      boolean manages = manages(role);
      add(
          found,
          BudgetHolder.memberOf(group.group(), user.id().value()),
          group.each().budgets(),
          new BudgetViewer(administers, self, false, responsible || manages));
      add(
          found,
          BudgetHolder.group(group.group()),
          group.pooled().budgets(),
          new BudgetViewer(administers, false, role.isPresent(), manages));
    }
    return found;
  }

  private Optional<GroupRole> role(UserLimits.OfGroup group) {
    return administers
        ? Optional.empty()
        : stores
            .groups()
            .findMember(new Group.Id(group.group()), actor.id())
            .map(GroupMember::role);
  }

  private boolean manages(Optional<GroupRole> role) {
    return actor.mayManage() && role.equals(Optional.of(GroupRole.MANAGER));
  }

  /**
   * Returns the budgets of a group: the budget of all members together, and the budgets of those
   * members whose usage the actor may see.
   *
   * @param wanted the member whose calls the returned budgets count; if empty, the budgets are not
   *     restricted to a member
   */
  List<SeenBudget> of(GroupStore.VisibleGroup group, Optional<Handle> wanted) {
    UUID id = group.group().id().value();
    boolean manages = manages(group.role());
    List<SeenBudget> found = new ArrayList<>();
    if (wanted.isEmpty()) {
      add(
          found,
          BudgetHolder.group(id),
          stores.limits().find(group.group().id(), true).limits().budgets(),
          new BudgetViewer(administers, false, group.role().isPresent(), manages));
    }
    Budgets each = stores.limits().find(group.group().id(), false).limits().budgets();
    if (!each.all().isEmpty()) {
      for (GroupMember member : members(group, wanted, administers || manages)) {
        add(
            found,
            BudgetHolder.memberOf(id, member.user().value()),
            each,
            new BudgetViewer(administers, member.user().equals(actor.id()), false, manages));
      }
    }
    return found;
  }

  private List<GroupMember> members(
      GroupStore.VisibleGroup group, Optional<Handle> wanted, boolean ofAll) {
    return ofAll && wanted.isEmpty()
        ? stores.groups().listMembers(group.group().id(), Optional.empty(), MOST_MEMBERS)
        : stores
            .users()
            .find(wanted.orElse(actor.handle()))
            .flatMap(user -> stores.groups().findMember(group.group().id(), user.id()))
            .stream()
            .toList();
  }

  private static void add(
      List<SeenBudget> found, BudgetHolder holder, Budgets budgets, BudgetViewer viewer) {
    if (viewer.sees(holder.kind())) {
      budgets
          .all()
          .forEach(budget -> found.add(new SeenBudget(holder, budget, OptionalLong.empty())));
    }
  }
}
