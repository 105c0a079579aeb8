package io.claviger.application.capacity.port;

import io.claviger.domain.fairness.CapacityGrant;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.CapacityStatement;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.usage.UsageModel;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Divides the providers' limits among nodes. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface CapacityExchange {
  /**
   * Records a node's statements about several accounts, and grants the node its next part of each
   * account. Either all statements are recorded or none.
   *
   * @return an answer to each statement, in the same order
   */
  List<CapacityGrant> exchange(List<AccountStatement> each);

  /**
   * Returns the limits per minute that providers' answers stated, keyed by capacity and then by
   * model. For the limits of all models together, the model is unknown. Capacities without such a
   * limit are missing in the result.
   */
  Map<CapacityKey, Map<UsageModel, PaceLimits>> learned(Collection<CapacityKey> of);

  /**
   * Removes capacities that nobody has used for a long time, and capacities of deleted services.
   */
  void removeOld();

  /**
   * An account: a limited capacity, or the part of a limited capacity for a single model. Several
   * borrowers share an account.
   *
   * @param model the limited model; unknown if the provider limits all models together
   */
  record Account(CapacityKey capacity, UsageModel model) implements Comparable<Account> {
    private static final Comparator<Account> ORDER =
        Comparator.<Account, String>comparing(account -> account.capacity.value())
            .thenComparing(Account::model);

    @Override
    public int compareTo(Account other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * A node's statement about an account.
   *
   * @param wanted the used amounts and the wanted amounts of each of the node's borrowers
   * @param counts the counts of each borrower's calls since the last statement
   * @param waiting the number of calls that wait on the node
   * @param longestMillis the waiting time of the call that has waited longest, in milliseconds
   * @param underWay the number of running calls
   */
  record AccountStatement(
      Account account,
      CapacityStatement wanted,
      Map<UUID, CallCounts> counts,
      int waiting,
      long longestMillis,
      int underWay) {}

  /**
   * The counts of a borrower's calls.
   *
   * @param requests the number of sent calls
   * @param inputTokens the input tokens of ended calls
   * @param outputTokens the output tokens of ended calls
   * @param waited a count of the calls that waited and were then sent; each call is counted at only
   *     one of its accounts
   * @param waitedMillis the sum of the waits of these calls, in milliseconds
   * @param refused the number of calls that were refused because the account left no room for them
   *     in time
   */
  record CallCounts(
      long requests,
      long inputTokens,
      long outputTokens,
      long waited,
      long waitedMillis,
      long refused) {
    public CallCounts plus(CallCounts more) {
      return new CallCounts(
          requests + more.requests,
          inputTokens + more.inputTokens,
          outputTokens + more.outputTokens,
          waited + more.waited,
          waitedMillis + more.waitedMillis,
          refused + more.refused);
    }
  }
}
