package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.UUID;

/**
 * The terms on which a borrower's calls of a service take turns with other borrowers' calls.
 *
 * @param capacity the account whose limits these calls share
 * @param service the service
 * @param owner the owning user of the service
 * @param stated the provider's limits as the service's owner states them
 * @param maxWait the longest time for which a call waits for its turn, 0 to {@link #MOST_WAIT};
 *     zero if calls don't wait
 * @param waitsAfterRefusal whether a call that the provider refuses because of the account's pace
 *     waits for another turn; if false, the caller gets the refusal
 * @param borrower the person who borrows the service. The borrower is the caller or, in calls
 *     through a project, the project's owner. For a service account, the borrower is the user or
 *     group who is responsible for the account
 * @param weight 1 to {@value CapacityStatement#MOST_WEIGHT}
 */
public record CapacityTerms(
    CapacityKey capacity,
    UUID service,
    UUID owner,
    ProviderLimits stated,
    Duration maxWait,
    boolean waitsAfterRefusal,
    UUID borrower,
    int weight) {
  /** The longest wait that an owner may set. */
  public static final Duration MOST_WAIT = Duration.ofMinutes(2);

  /** The longest time that calls of a new service wait. */
  public static final Duration USUAL_WAIT = Duration.ofSeconds(10);

  /** The weight of a share for which no weight is stated. */
  public static final int USUAL_WEIGHT = 10;

  public CapacityTerms {
    if (maxWait.isNegative() || maxWait.compareTo(MOST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "the time for which calls wait must be " + MOST_WAIT + " at most");
    }
    if (weight < 1 || weight > CapacityStatement.MOST_WEIGHT) {
      throw new IllegalArgumentException("a weight must be 1 to " + CapacityStatement.MOST_WEIGHT);
    }
  }

  /** Returns the terms for the calls of a borrower. */
  public static CapacityTerms of(
      CapacityPolicy policy, UUID service, UUID owner, Borrower borrower) {
    return new CapacityTerms(
        policy
            .group()
            .map(group -> CapacityKey.ofGroup(owner, group.value()))
            .orElseGet(() -> CapacityKey.ofService(service)),
        service,
        owner,
        policy.stated(),
        policy.maxWait().duration(),
        policy.onTooManyRequests() == OnTooManyRequests.WAIT,
        borrower.id(),
        borrower.weight().value());
  }
}
