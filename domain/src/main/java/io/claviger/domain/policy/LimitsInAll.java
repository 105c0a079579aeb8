package io.claviger.domain.policy;

import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budgets;
import java.util.Optional;

/**
 * The pace limits for all callers of a service together. If a component is empty, there is no limit
 * of its kind.
 *
 * @param requestsPerMinute the maximum number of requests in any 60 seconds, 1 to 1,000,000
 */
public record LimitsInAll(Optional<Integer> requestsPerMinute, PaceTerms pace) {
  public static final LimitsInAll NONE = new LimitsInAll(Optional.empty(), PaceTerms.NONE);

  public LimitsInAll {
    if (requestsPerMinute.filter(n -> n < 1 || n > Limits.MOST_REQUESTS).isPresent()) {
      throw new InvalidValue(
          "limits_in_all/requests_per_minute", "1 to 1,000,000, or null for no limit");
    }
  }

  /**
   * A write of these limits. A limit that is absent in the write keeps its value, and a limit that
   * is null is removed.
   */
  public record Write(Field<Integer> requestsPerMinute, PaceTerms.Write pace) {
    public static final Write ABSENT = new Write(Field.absent(), PaceTerms.Write.ABSENT);

    public static Write of(LimitsInAll limits) {
      return new Write(Field.ofNullable(limits.requestsPerMinute), PaceTerms.Write.of(limits.pace));
    }

    public LimitsInAll over(LimitsInAll base) {
      return new LimitsInAll(requestsPerMinute.or(base.requestsPerMinute), pace.over(base.pace));
    }
  }

  /** Returns the limits of the account in which all calls of a service are counted together. */
  public Limits and(Budgets budgets) {
    return new Limits(requestsPerMinute, Optional.empty(), Optional.empty())
        .with(pace)
        .with(budgets);
  }
}
