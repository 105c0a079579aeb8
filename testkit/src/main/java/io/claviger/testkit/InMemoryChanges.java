package io.claviger.testkit;

import io.claviger.application.gateway.out.Changes;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** {@link Changes} in memory: each point is a transaction that changed something. */
public final class InMemoryChanges implements Changes {
  private final InMemoryTransactions transactions;

  public InMemoryChanges(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Since since(OptionalLong point) {
    List<Set<UUID>> all = transactions.changes();
    if (point.isEmpty() || point.getAsLong() > all.size()) {
      return new Since(all.size(), Set.of(), true);
    }
    Set<UUID> subjects = new HashSet<>();
    all.subList((int) point.getAsLong(), all.size()).forEach(subjects::addAll);
    boolean everything = subjects.remove(Differences.EVERYTHING);
    return new Since(all.size(), subjects, everything);
  }
}
