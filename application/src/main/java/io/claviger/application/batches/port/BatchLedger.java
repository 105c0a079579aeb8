package io.claviger.application.batches.port;

import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.batches.ReservedModel;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The batches whose use is not known yet, with what each of them has reserved. A reservation is no
 * part of what a node has leased, so it does not end with a node. It belongs to the windows in
 * which the batch was accepted. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface BatchLedger {
  /** How long after its end a batch may still be settled. Then all that it reserved is charged. */
  Duration GRACE = Duration.ofDays(2);

  /** How long a settled batch is remembered. */
  Duration KEPT = Duration.ofDays(7);

  /**
   * A batch that is about to be made.
   *
   * @param account who makes it, and on which service
   * @param provider the provider whose prices apply
   * @param charged the accounts of services and users to which it is charged, whether or not they
   *     have budgets
   * @param path the operation that its requests call, below the service
   * @param input the provider's id of the file with the requests; empty if there is none
   * @param models at least one
   * @param longest the longest time until the provider gives the batch up
   */
  record NewBatch(
      UUID id,
      UsageAccount account,
      KeySource source,
      Provider provider,
      List<String> charged,
      String path,
      Optional<String> input,
      List<ReservedModel> models,
      Duration longest) {
    public NewBatch {
      charged = List.copyOf(charged);
      models = List.copyOf(models);
    }
  }

  /**
   * Reserves of all budgets or of none, and opens the batch if it does.
   *
   * @param wanted at most one for each account
   * @return the first budget that leaves too little; empty if everything is reserved
   */
  Optional<ReserveDecision.Exhausted> reserve(NewBatch batch, List<BudgetDemand> wanted);

  /**
   * Notes under which id the provider knows a batch.
   *
   * @param first how long from now the provider may be asked first
   * @return whether it is noted; not if the batch is settled, has another id already, or another
   *     open batch of the service has this one
   */
  boolean bind(UUID batch, String id, Duration first);

  /** Forgets an open batch that the provider has not made, and returns what it reserved. */
  void release(UUID batch);

  /**
   * An open batch.
   *
   * @param service what the service is called now; empty if it is gone
   * @param id the provider's id; empty while it is not known
   * @param isOver whether it can't be settled by its use any more
   * @param checks how often its provider was asked
   */
  record OpenBatch(
      NewBatch batch,
      Optional<Instance.Ref> service,
      Optional<String> id,
      Instant acceptedAt,
      boolean isOver,
      int checks,
      List<ReservedBudget> budgets) {}

  /**
   * The amount that a batch has reserved of one budget.
   *
   * @param isOfService whether the budget belongs to the service or its shares
   * @param amount in the smallest part of the unit
   */
  record ReservedBudget(
      UUID account, BudgetUnit unit, BudgetBound bound, boolean isOfService, long amount) {}

  /** The most batches of one service that a node settles at the same time. */
  int OF_A_SERVICE = 2;

  /** The most batches of one owner's services that a node settles at the same time. */
  int OF_AN_OWNER = 4;

  /**
   * Takes open batches that are due. For the time of the lease no other node gets them. A service
   * and an owner get no more than their shares, so that a slow provider delays nobody else.
   *
   * @param most how many are taken at most
   * @param underWay who made the batches that are under way on this node, once for each
   */
  List<OpenBatch> take(int most, Collection<UsageAccount> underWay, Duration lease);

  /** Makes an open batch due again after some time. */
  void postpone(UUID batch, Duration pause);

  /**
   * Charges an open batch: its budgets and the usage, in one transaction. What was reserved beyond
   * the charges is returned.
   *
   * @param charges by account; budgets that are not named are charged nothing
   * @return whether the batch was open; if not, nothing has changed
   */
  boolean settle(UUID batch, Map<UUID, Long> charges, UsageBatch usage);

  /** Removes batches that were settled some time ago. Returns how many there were. */
  int removeOld();
}
