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
   * Records what a node states about several accounts, and grants the node its next part of each
   * account. Either all statements are recorded, or no statement is recorded.
   *
   * @return an answer for each statement, in the same order
   */
  List<CapacityGrant> exchange(List<AccountStatement> each);

  /**
   * Returns, for each capacity, the limits per minute that providers' answers stated, by model. An
   * unknown model means all models together. Capacities without any learned limit are absent.
   */
  Map<CapacityKey, Map<UsageModel, PaceLimits>> learned(Collection<CapacityKey> of);

  /**
   * Removes capacities that nobody has used for a long time, and capacities of deleted services.
   */
  void removeOld();

  /**
   * An account, which is a limited capacity, or the part of a limited capacity that belongs to one
   * model. Several borrowers share an account.
   *
   * @param model the model that the provider limits; unknown if the provider limits all models
   *     together
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
   * What a node states about an account.
   *
   * @param wanted for each of the node's borrowers, how much the borrower used and how much the
   *     borrower wants
   * @param counts the counts of each borrower's calls since the last statement
   * @param waiting how many calls wait on the node
   * @param longestMillis for how many milliseconds the call that has waited longest has waited
   * @param underWay how many calls are under way
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
   * @param requests calls that were sent
   * @param inputTokens the input tokens of calls that ended
   * @param outputTokens the output tokens of calls that ended
   * @param waited calls that waited and were then sent; each such call is counted at only one of
   *     its accounts
   * @param waitedMillis the sum of the times, in milliseconds, that these calls waited
   * @param refused calls that were refused because the account left nothing for them in time
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
