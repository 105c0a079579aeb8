package io.claviger.application.budgetreports;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.budgetreports.port.BudgetStateStore;
import io.claviger.application.budgets.BudgetReservations;
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
 * Shows how much is left of budgets and when the budgets reset. Gives and ends raises of budgets. A
 * raise adds an amount to a budget until a certain time.
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

  /**
   * @param reservations the reservations, which open the missing current windows of groups' budgets
   *     before these budgets are shown or raised
   */
  static BudgetReports of(Stores stores, BudgetReservations reservations, AuditedChanges changes) {
    return new BudgetReportUseCases(stores, reservations, changes);
  }

  /**
   * Selects budgets.
   *
   * @param service a service; if present, only budgets of this service are selected; the service's
   *     owners get the budgets of all callers
   * @param user a user; if present, only budgets that count this user's calls are selected
   * @param group a group; if present, only budgets of this group are selected
   */
  record BudgetFilter(
      Optional<Instance.Ref> service, Optional<Handle> user, Optional<Handle> group) {
    public static final BudgetFilter NONE =
        new BudgetFilter(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Lists the budgets that limit the calls of the user in the filter. If the filter names no user,
   * lists the budgets that limit the caller's own calls. Budgets that the caller may not see are
   * left out. If the filter names a service, the service's owners get the budgets of all callers of
   * the service. If the filter names a group, the list has the budget of all members together.
   * Managers and administrators also get the budgets of up to 1,000 members. Budgets of tokens, the
   * user and groups come first. The budgets of services follow in the order of the services'
   * references. The page limit counts services, not budgets.
   *
   * <p>The answer is {@code not_found} if the caller can't see the service in the filter, or if the
   * group in the filter does not exist.
   */
  Outcome<Page<BudgetReport, Instance.Ref>> list(
      Actor actor, BudgetFilter filter, PageRequest<Instance.Ref> page);

  /**
   * Lists the budgets of the presented token with their remaining amounts. If the token is
   * restricted to a service, also lists the budgets of this service.
   */
  List<BudgetReport> ofToken(Actor actor);

  /**
   * Finds a budget by its id. If the caller sees no such budget, the answer is {@code not_found}.
   */
  Outcome<BudgetReport> find(Actor actor, String budget);

  /**
   * A raise that is to be given to a budget.
   *
   * @param amount the amount in the unit of the budget
   * @param onlyOnce whether the raise is refused with the conflict {@code already_raised} if a
   *     raise of the same amount and with the same end is in force
   */
  record NewRaise(BigDecimal amount, Instant until, boolean onlyOnce) {
    public NewRaise(BigDecimal amount, Instant until) {
      this(amount, until, false);
    }
  }

  /**
   * Adds an amount to a budget until a given time. Everybody who may write the budget may raise it.
   * The owners of the service or token may write its budgets. Administrators may write the budgets
   * of users and groups.
   *
   * <p>The answer is {@code not_found} if the caller sees no such budget, and {@code forbidden} if
   * the caller may not raise the budget. If the amount or the time is out of bounds, the raise is
   * refused as invalid. If the maximum number of raises is in force, the answer is the conflict
   * {@code too_many_raises}.
   *
   * @param budget the id of the budget
   */
  Outcome<GivenRaise> raise(Actor actor, String budget, NewRaise raise);

  /** Ends a raise. Everybody who may raise the budget may end its raises. */
  Outcome<UUID> endRaise(Actor actor, String budget, UUID raise);

  /** A raise that has been given to a budget. */
  record GivenRaise(BudgetRaise raise, BudgetUnit unit) {}
}
