package io.claviger.application.fakes;

import io.claviger.application.budgetreports.port.BudgetStateStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetState;
import io.claviger.domain.budgets.BudgetWindow;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;

/** {@link BudgetStateStore} in memory. Every window lasts a day, from midnight in UTC. */
public final class InMemoryBudgetStates implements BudgetStateStore {
  private final InstantSource clock;
  private final Map<BudgetAccount, Long> settled = new HashMap<>();
  private final Map<BudgetAccount, Long> dearest = new HashMap<>();
  private final Map<BudgetAccount, List<BudgetRaise>> raises = new HashMap<>();

  public InMemoryBudgetStates(InstantSource clock) {
    this.clock = clock;
  }

  /** Charges an account. */
  public synchronized void charge(BudgetAccount account, long amount) {
    settled.merge(account, amount, Long::sum);
  }

  /** Notes the most that a call can cost. */
  public synchronized void noteDearestCall(BudgetAccount account, long amount) {
    dearest.merge(account, amount, Math::max);
  }

  @Override
  public synchronized Map<BudgetAccount, BudgetState> states(Collection<BudgetAccount> accounts) {
    return accounts.stream().distinct().collect(Collectors.toMap(account -> account, this::state));
  }

  private BudgetState state(BudgetAccount account) {
    Instant midnight = now().truncatedTo(ChronoUnit.DAYS);
    boolean total = account.key().window() == BudgetWindow.TOTAL;
    return new BudgetState(
        settled.getOrDefault(account, 0L),
        0,
        dearest.containsKey(account) ? OptionalLong.of(dearest.get(account)) : OptionalLong.empty(),
        total ? Instant.EPOCH : midnight,
        total ? Optional.empty() : Optional.of(midnight.plus(1, ChronoUnit.DAYS)),
        settled.containsKey(account) ? Optional.of(midnight) : Optional.empty(),
        inForce(account),
        settled.containsKey(account));
  }

  private List<BudgetRaise> inForce(BudgetAccount account) {
    return raises.getOrDefault(account, List.of()).stream()
        .filter(raise -> raise.until().isAfter(now()))
        .sorted(Comparator.comparing(BudgetRaise::until))
        .toList();
  }

  @Override
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public synchronized RaiseOutcome insert(
      BudgetAccount account,
      BudgetRaise raise,
      User.Id actor,
      Optional<GranteeId> grantee,
      long most,
      boolean onlyOnce) {
    RaiseOutcome decided = RaiseOutcome.of(inForce(account), raise, most, onlyOnce);
    if (decided == RaiseOutcome.STORED) {
      boolean unused = raises.computeIfAbsent(account, a -> new ArrayList<>()).add(raise);
    }
    return decided;
  }

  @Override
  public synchronized boolean end(BudgetAccount account, UUID raise) {
    return raises
        .getOrDefault(account, new ArrayList<>())
        .removeIf(one -> one.id().equals(raise) && one.until().isAfter(now()));
  }
}
