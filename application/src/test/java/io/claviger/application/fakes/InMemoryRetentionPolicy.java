package io.claviger.application.fakes;

import io.claviger.application.retention.port.RetentionPolicyStore;

/** {@link RetentionPolicyStore} in memory. */
public final class InMemoryRetentionPolicy implements RetentionPolicyStore {
  private final InMemoryTransactions transactions;

  public InMemoryRetentionPolicy(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public StoredPolicy find() {
    return transactions.read(t -> t.retention);
  }

  @Override
  public StoredPolicy lock() {
    return find();
  }

  @Override
  public StoredPolicy hold() {
    return find();
  }

  @Override
  public void update(StoredPolicy policy) {
    transactions.run(t -> t.retention = policy);
  }
}
