package io.claviger.application.fakes;

import io.claviger.application.gateway.port.ChangeFeed;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** {@link ChangeFeed} in memory. Each point is a transaction that changed something. */
public final class InMemoryChangeFeed implements ChangeFeed {
  private final InMemoryTransactions transactions;

  public InMemoryChangeFeed(InMemoryTransactions transactions) {
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
    boolean everything = subjects.remove(ChangedRows.EVERYTHING);
    return new Since(all.size(), subjects, everything);
  }
}
