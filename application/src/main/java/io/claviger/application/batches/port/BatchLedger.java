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
 * Stores the batches whose use is not known yet, and the reservation of each batch. A reservation
 * is not part of the portions of budgets that nodes lease, so it does not end with a node. A
 * reservation belongs to those windows of budgets in which the batch was accepted. All methods
 * throw {@link io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface BatchLedger {
  /**
   * The time after the end of a batch in which the batch can still be settled by its usage.
   * Afterwards, the batch is charged everything that it reserved.
   */
  Duration GRACE = Duration.ofDays(2);

  /**
   * How long the database waits for a transaction that reserves an amount to end. Afterwards, the
   * database ends the transaction without storing the reservation.
   */
  Duration LONGEST_IDLE = Duration.ofSeconds(5);

  /** How long a settled batch is remembered. */
  Duration KEPT = Duration.ofDays(7);

  /**
   * A batch that is about to be made.
   *
   * @param account the user who creates the batch, and the service on which they create it
   * @param provider the provider whose prices apply
   * @param charged the accounts of services and users to which the batch is charged, even if they
   *     have no budgets
   * @param path the operation that the batch's requests call, as a path below the service's URL
   * @param input the provider's id of the file with the requests; empty if the requests are in the
   *     body
   * @param models at least one
   * @param longest the longest time after which the provider gives up on the batch
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
   * Reserves an amount from each budget and records the batch as open; if one budget does not have
   * enough, does nothing.
   *
   * @param wanted the amounts to reserve, at most one for each account
   * @return the first budget that leaves too little; empty if everything was reserved
   */
  Optional<ReserveDecision.Exhausted> reserve(NewBatch batch, List<BudgetDemand> wanted);

  /**
   * Stores the provider's id of a batch. The call may be repeated if the answer was lost.
   *
   * @param first the time from now until the provider is first asked for the state of the batch
   * @return whether the id was stored; false if the batch is settled or already has another id, or
   *     if another open batch of the service has this id
   */
  boolean bind(UUID batch, String id, Duration first);

  /**
   * Deletes an open batch that the provider has not created, and returns its reservation to the
   * budgets.
   */
  void release(UUID batch);

  /**
   * An open batch.
   *
   * @param service the present reference of the service; empty if the service was deleted
   * @param id the provider's id of the batch; empty while it is not known
   * @param isOver whether it is too late to settle the batch by its usage
   * @param checks how often the provider was asked for the batch's state
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
   * The amount that a batch has reserved in one budget.
   *
   * @param isOfService whether the budget belongs to the service or to one of its shares
   * @param amount in the smallest part of the unit
   */
  record ReservedBudget(
      UUID account, BudgetUnit unit, BudgetBound bound, boolean isOfService, long amount) {}

  /** The greatest number of batches of one service that a node settles at the same time. */
  int OF_A_SERVICE = 2;

  /**
   * The greatest number of batches of one owner's services that a node settles at the same time.
   */
  int OF_AN_OWNER = 4;

  /**
   * Takes open batches that are due. Until the lease ends, no other node gets these batches. So
   * that a slow provider delays nobody else, at most {@link #OF_A_SERVICE} batches of one service
   * are settled at the same time, and at most {@link #OF_AN_OWNER} batches of one owner's services.
   *
   * @param most the greatest number of batches that are taken
   * @param underWay the accounts that created the batches that this node is settling, one entry for
   *     each batch
   */
  List<OpenBatch> take(int most, Collection<UsageAccount> underWay, Duration lease);

  /** Makes an open batch due again after a pause. */
  void postpone(UUID batch, Duration pause);

  /**
   * Charges an open batch to its budgets and adds its usage, in one transaction. The part of the
   * reservation that exceeds the charges is returned to the budgets.
   *
   * @param charges the charge of each account; other accounts are charged nothing
   * @return whether the batch was open; if it was not, this call changed nothing
   */
  boolean settle(UUID batch, Map<UUID, Long> charges, UsageBatch usage);

  /**
   * Removes batches that were settled more than {@link #KEPT} ago. Returns how many were removed.
   */
  int removeOld();
}
