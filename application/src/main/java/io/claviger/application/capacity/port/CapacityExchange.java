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
 * Where nodes share what providers allow. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface CapacityExchange {
  /**
   * Settles what a node states of several accounts, and grants it its next part of each. Either all
   * of the statements count or none.
   *
   * @return an answer for each statement, in the same order
   */
  List<CapacityGrant> exchange(List<AccountStatement> each);

  /**
   * Returns the limits for each minute that answers stated, by model. An unknown model means all
   * models together. Capacities without any learned limit are absent.
   */
  Map<CapacityKey, Map<UsageModel, PaceLimits>> learned(Collection<CapacityKey> of);

  /** Removes what nobody used for long, and what belonged to services that are gone. */
  void removeOld();

  /**
   * What several borrowers share.
   *
   * @param model the model that the provider limits; unknown where it limits all models together
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
   * What a node states of an account.
   *
   * @param wanted what the node's borrowers used and want
   * @param counts what happened to each borrower's calls since the last statement
   * @param waiting how many calls wait on the node
   * @param longestMillis how long the first of them has waited
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
   * What happened to a borrower's calls.
   *
   * @param requests calls that went out
   * @param inputTokens of calls that ended
   * @param outputTokens of calls that ended
   * @param waited calls that waited and went out then, counted at one of their accounts
   * @param waitedMillis for how long these waited, together
   * @param refused calls that were refused because nothing was left in time
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
