package io.claviger.application.fakes;

import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.domain.budgets.BudgetAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Accounts of one window that never ends, from which nodes that never fall silent lease. */
public final class InMemoryLedger implements BudgetLedger {
  /** What one node has of one account. */
  private record Part(long sequence, long spent, long held) {}

  private final Map<BudgetAccount, Map<UUID, Part>> accounts = new HashMap<>();

  @Override
  public synchronized List<Answer> exchange(UUID node, List<Exchange> each) {
    return each.stream().map(one -> exchange(node, one)).toList();
  }

  private Answer exchange(UUID node, Exchange one) {
    Map<UUID, Part> parts = accounts.computeIfAbsent(one.account(), account -> new HashMap<>());
    Part before = parts.get(node);
    if (before == null || before.sequence() < one.sequence()) {
      parts.put(node, new Part(one.sequence(), one.spent(), one.held()));
      long left = one.demand().budget() - used(parts);
      long granted = Math.min(one.demand().needed() + one.demand().extra(), Math.max(0, left));
      if (granted >= one.demand().smallest()) {
        parts.put(node, new Part(one.sequence(), one.spent(), one.held() + granted));
      }
    }
    return new Answer(
        true,
        Instant.EPOCH,
        Optional.empty(),
        Duration.ofHours(1),
        parts.get(node).held(),
        Math.max(0, one.demand().budget() - used(parts)),
        parts.values().stream().mapToLong(Part::spent).sum());
  }

  private static long used(Map<UUID, Part> parts) {
    return parts.values().stream().mapToLong(part -> part.spent() + part.held()).sum();
  }

  /** What nodes say that an account was charged. */
  public synchronized long spent(BudgetAccount account) {
    return accounts.getOrDefault(account, Map.of()).values().stream()
        .mapToLong(Part::spent)
        .sum();
  }

  @Override
  public int writeOff() {
    return 0;
  }

  @Override
  public int removeOld() {
    return 0;
  }
}
