package io.claviger.application.budgetreports;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.budgetreports.port.ChargeHistory;
import io.claviger.application.budgets.port.HolderDirectory;
import io.claviger.application.budgets.port.HolderNames;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetReplay;
import io.claviger.domain.budgets.BudgetReplay.Quarter;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Replays past charges against a budget before the budget is set. */
public final class BudgetTrials {
  /** The length of the period whose charges are replayed. The period ends at the present time. */
  public static final Duration REACH = Duration.ofDays(30);

  /**
   * The maximum number of callers whose calls are replayed. The callers with the most calls are
   * chosen.
   */
  public static final int MOST_CALLERS = 100;

  private static final Fault TOO_LARGE =
      new Fault(
          "/user",
          "report_too_large",
          "The query takes too long. Try the budget on the calls of only one user.");

  private final InstanceStore instances;
  private final UserStore users;
  private final ChargeHistory history;
  private final HolderDirectory directory;
  private final InstantSource clock;

  public BudgetTrials(
      InstanceStore instances,
      UserStore users,
      ChargeHistory history,
      HolderDirectory directory,
      InstantSource clock) {
    this.instances = instances;
    this.users = users;
    this.history = history;
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * The calls that a budget would have refused.
   *
   * @param calls the number of replayed calls
   * @param refused the number of replayed calls that the budget would have refused
   * @param callers the callers, sorted by their number of refused calls in descending order
   */
  public record Trial(long calls, long refused, List<CallerTrial> callers) {}

  /**
   * A caller's calls that the budget would have refused. The handle of a deleted caller is empty.
   */
  public record CallerTrial(Optional<Handle> user, BudgetReplay replay) {}

  /**
   * Replays a service's charges of the last {@link #REACH}, as if every caller had had this budget.
   * Times are rounded to a quarter of an hour. Only users who may write the limits of the service
   * may try a budget. The answer is {@code not_found} if the actor can't see the service, and
   * {@code forbidden} if the actor may not write the limits of the service.
   *
   * @param user a caller; if present, only this caller's calls are replayed
   */
  public Outcome<Trial> replay(
      Actor actor, Instance.Ref service, Optional<Handle> user, Budget budget) {
    return Outcome.of(
        () -> {
          Instant now = clock.instant();
          InstanceStore.VisibleInstance seen =
              InstanceStore.VisibleInstance.shownTo(
                  actor, instances.find(service, actor.sight(), now), now);
          if (!Owners.owns(actor, seen, now)) {
            throw RefusedException.forbidden(
                "Only those who may write the limits of this service may try budgets on it.");
          }
          Optional<User.Id> caller = user.flatMap(users::find).map(User::id);
          return user.isPresent() && caller.isEmpty()
              ? new Trial(0, 0, List.of())
              : trial(budget, charges(seen.instance().id(), caller, now.minus(REACH)));
        });
  }

  private Map<User.Id, List<Quarter>> charges(
      Instance.Id service, Optional<User.Id> caller, Instant since) {
    try {
      return history.of(service, caller, since, MOST_CALLERS);
    } catch (QueryTimeout e) {
      throw RefusedException.invalid(TOO_LARGE);
    }
  }

  private Trial trial(Budget budget, Map<User.Id, List<Quarter>> charged) {
    Map<BudgetHolder, HolderNames> names =
        directory.names(
            charged.keySet().stream().map(User.Id::value).map(BudgetHolder::user).toList());
    List<CallerTrial> callers =
        charged.entrySet().stream()
            .map(
                one ->
                    new CallerTrial(
                        name(names, one.getKey().value()), BudgetReplay.of(budget, one.getValue())))
            .sorted(
                Comparator.comparingLong((CallerTrial one) -> one.replay().refused())
                    .thenComparingLong(one -> one.replay().calls())
                    .reversed())
            .toList();
    return new Trial(
        callers.stream().mapToLong(one -> one.replay().calls()).sum(),
        callers.stream().mapToLong(one -> one.replay().refused()).sum(),
        callers);
  }

  private static Optional<Handle> name(Map<BudgetHolder, HolderNames> names, UUID user) {
    return names.getOrDefault(BudgetHolder.user(user), HolderNames.NONE).user();
  }
}
