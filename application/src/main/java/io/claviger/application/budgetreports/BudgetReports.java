package io.claviger.application.budgetreports;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.budgetreports.port.BudgetStateStore;
import io.claviger.application.budgets.port.HolderDirectory;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.instances.Instance;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Shows people how much is left of their budgets, and when these budgets reset. Gives and ends
 * raises. A raise adds an amount to a budget until a certain time.
 */
public interface BudgetReports {
  /** The ports of this feature. */
  record Stores(
      CallContexts contexts,
      InstanceStore instances,
      InstanceShareStore shares,
      UserStore users,
      AccessTokenStore tokens,
      GroupStore groups,
      AssignedLimitsStore limits,
      BudgetStateStore states,
      HolderDirectory directory) {}

  static BudgetReports of(Stores stores, AuditedChanges changes) {
    return new BudgetReportUseCases(stores, changes);
  }

  /**
   * Selects budgets.
   *
   * @param service only budgets of this service; its owners get the budgets of all its callers
   * @param user only budgets that count the use of this user
   * @param group only budgets of this group
   */
  record BudgetFilter(
      Optional<Instance.Ref> service, Optional<Handle> user, Optional<Handle> group) {
    public static final BudgetFilter NONE =
        new BudgetFilter(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Lists the budgets that limit the calls of the user in the filter. If the filter names no user,
   * lists the budgets that limit the caller's own calls. Budgets that the caller may not see are
   * left out. If the filter names a service, its owners get the budgets of everybody who calls the
   * service. If the filter names a group, the list has the budget of all members together; managers
   * and administrators also get the budget of each member, at most 1,000. Budgets of tokens, of the
   * user and of groups come first, and are followed by the budgets of services in the order of the
   * services' references. The limit of a page counts services, not budgets.
   *
   * <p>The answer is {@code not_found} if the filter names a service that the caller can't see, or
   * a group that does not exist.
   */
  Outcome<Page<BudgetReport, Instance.Ref>> list(
      Actor actor, BudgetFilter filter, PageRequest<Instance.Ref> page);

  /**
   * Lists the budgets of the presented token and, if the token is restricted to one service, the
   * budgets of that service, each with the amount that is left.
   */
  List<BudgetReport> ofToken(Actor actor);

  /**
   * Finds a budget by its id. The answer is {@code not_found} if the caller sees no such budget.
   */
  Outcome<BudgetReport> find(Actor actor, String budget);

  /**
   * A raise that is to be given.
   *
   * @param amount the amount in the unit of the budget
   */
  record NewRaise(BigDecimal amount, Instant until) {}

  /**
   * Adds an amount to a budget until a given time. Everybody who may write the budget may raise it:
   * the owners of the service or token, and administrators for the budgets of users and groups.
   *
   * <p>The answer is {@code not_found} if the caller sees no such budget, and {@code forbidden} if
   * the caller may not raise it. If the amount or the time is out of bounds, the raise is refused
   * as invalid. If the greatest allowed number of raises is in force, the answer is the conflict
   * {@code too_many_raises}.
   *
   * @param budget the id of the budget
   */
  Outcome<GivenRaise> raise(Actor actor, String budget, NewRaise raise);

  /** Ends a raise. Everybody who may raise the budget may also end its raises. */
  Outcome<UUID> endRaise(Actor actor, String budget, UUID raise);

  /** A raise after it was given. */
  record GivenRaise(BudgetRaise raise, BudgetUnit unit) {}
}
