package io.claviger.application.batches.port;

import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.ReservedModel;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.BatchAnswers;
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
 * Stores batches whose usage is not known yet, together with their reservations. A batch's
 * reservation is separate from the budget portions that are leased to nodes. So a batch's
 * reservation remains when a node ends. A reservation belongs to the budget windows in which the
 * batch was accepted. All methods throw {@link io.claviger.application.shared.StoreUnavailable}
 * when the database does not answer.
 */
public interface BatchLedger {
  /**
   * The time after the end of a batch during which the batch can still be settled by its usage.
   * After this time, the whole reservation of the batch is charged.
   */
  Duration GRACE = Duration.ofDays(2);

  /**
   * The maximum time for which a transaction that reserves an amount may be idle. After this time,
   * the database aborts the transaction without storing the reservation.
   */
  Duration LONGEST_IDLE = Duration.ofSeconds(5);

  /** The time for which a settled batch is remembered. */
  Duration KEPT = Duration.ofDays(7);

  /**
   * A batch that is about to be created.
   *
   * @param account the user who creates the batch, and the service through which the user creates
   *     it
   * @param provider the provider whose prices apply
   * @param charged the accounts that are charged for the batch: accounts of services and users,
   *     including accounts without budgets
   * @param path the operation of the batch's requests, as a path below the service's URL
   * @param input the provider's id of the file with the requests; empty if the body has the
   *     requests
   * @param models the models of the batch's requests, at least one
   * @param longest the time after which the provider ends the batch at the latest
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
   * Reserves an amount from every budget and records the batch as open. If any budget has too
   * little left, does nothing.
   *
   * @param wanted the amounts that are to be reserved, at most one per account
   * @return the first budget with too little left; empty if everything was reserved
   */
  Optional<ReserveDecision.Exhausted> reserve(NewBatch batch, List<BudgetDemand> wanted);

  /**
   * Stores the provider's id of a batch. The call can be repeated if the database's answer was
   * lost.
   *
   * @param first the time from now until the provider is first asked for the state of the batch
   * @return whether the id was stored. The id is not stored if the batch is settled or already has
   *     another id, or if another open batch of the service has this id
   */
  boolean bind(UUID batch, String id, Duration first);

  /**
   * Deletes an open batch that the provider did not create. Returns the batch's reservation to the
   * budgets.
   */
  void release(UUID batch);

  /**
   * An open batch.
   *
   * @param service the current reference of the service; empty if the service was deleted
   * @param id the provider's id of the batch; empty if unknown
   * @param isOver whether it is too late to settle the batch by its usage
   * @param checks the number of times that the provider was asked for the batch's state
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
   * The amount that a batch has reserved from a budget.
   *
   * @param isOfService whether the budget belongs to the service or to a share of the service, and
   *     not to a user
   * @param amount the amount in the smallest part of the budget's unit
   */
  record ReservedBudget(
      UUID account, BudgetUnit unit, BudgetBound bound, boolean isOfService, long amount) {}

  /** The maximum number of batches of a service that a node settles at the same time. */
  int OF_A_SERVICE = 2;

  /** The maximum number of batches of an owner's services that a node settles at the same time. */
  int OF_AN_OWNER = 4;

  /** Returns whether any batch is still to be settled, or has results that are not recorded yet. */
  boolean anyOpen();

  /**
   * Takes open batches that are due. During the lease, no other node gets these batches. A node
   * settles at most {@link #OF_A_SERVICE} batches of the same service at the same time, and at most
   * {@link #OF_AN_OWNER} batches of all services of the same owner. So a slow provider delays
   * nobody else.
   *
   * @param most the maximum number of batches to take
   * @param underWay the creator's account for each batch that this node is settling; the same
   *     account can occur several times
   */
  List<OpenBatch> take(int most, Collection<UsageAccount> underWay, Duration lease);

  /**
   * Makes an open batch due again after a pause.
   *
   * @param goesOn whether the provider has just said that it still works on the batch. If the
   *     provider has said this, an end of the batch that lies in the past is moved to the present,
   *     but at most to {@link BatchAnswers#LONGEST} after the batch was accepted
   */
  void postpone(UUID batch, Duration pause, boolean goesOn);

  /**
   * Charges an open batch to its budgets and adds its usage, in one transaction. The unused part of
   * the reservation is returned to the budgets. A minute later, {@link #takeResults} returns the
   * batch, unless {@link #keepResults} was called for it.
   *
   * @param charges a map from accounts to the amounts to charge; all other accounts are charged
   *     nothing
   * @return whether the batch was open; if false, this call changed nothing
   */
  boolean settle(UUID batch, Map<UUID, Long> charges, UsageBatch usage);

  /**
   * Records the files with the results of a settled batch as objects that came with the batch. If
   * the batch still belongs to somebody, the files belong to the same user or project, even if they
   * exceed a quota. If Claviger has ended the batch at the provider, Claviger deletes the files
   * there too. Files that are already recorded do not change. After a call of this method, the
   * provider is not asked for these files any more.
   *
   * @param batch the batch's id in this ledger
   * @param id the provider's id of the batch
   * @param files the provider's ids of all files; empty if there are none
   */
  void keepResults(UUID batch, Instance.Id service, String id, List<String> files);

  /**
   * A settled batch whose files with results are not recorded yet.
   *
   * @param service the current reference of the service
   * @param owner the user who owned the service when the batch was accepted
   * @param batch the provider's id of the batch
   * @param checks the number of times that the provider was asked for the files
   */
  record SettledBatch(
      UUID id,
      Instance.Id serviceId,
      Instance.Ref service,
      User.Id owner,
      String batch,
      int checks) {}

  /**
   * Takes settled batches whose files with results still have to be recorded, at most one for each
   * owner of services. During the lease, no other node gets these batches.
   *
   * @param most the maximum number of batches to take
   * @param underWay the owners of the services whose files this node is already requesting
   */
  List<SettledBatch> takeResults(int most, Collection<User.Id> underWay, Duration lease);

  /** Makes a batch due again in {@link #takeResults} after a pause. */
  void postponeResults(UUID batch, Duration pause);

  /**
   * Removes batches that were settled more than {@link #KEPT} ago. If a batch's next check was
   * planned while the database's clock was ahead, makes this check due. Returns the number of
   * removed batches.
   */
  int removeOld();
}
