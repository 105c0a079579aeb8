package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An amount that is added to a budget until a certain time.
 *
 * @param amount the amount in the smallest part of the budget's unit
 */
public record BudgetRaise(UUID id, long amount, Instant until, Instant createdAt) {
  /** The greatest number of raises that one budget can have at a time. */
  public static final int MOST = 10;

  /**
   * The largest sum of the raises that one budget can have at a time. Because the raises are
   * limited, a budget's amount including its raises can be stored even if the budget later gets the
   * largest possible amount.
   */
  public static final long MOST_IN_ALL = Long.MAX_VALUE - BudgetUnit.USD.most();

  /** The longest time that a raise may last. */
  public static final Duration LONGEST = Duration.ofDays(366);

  /**
   * Checks the end of a raise.
   *
   * @throws InvalidValue unless the end is in the future and within {@link #LONGEST}
   */
  public static Instant until(Instant until, Instant now) {
    if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
      throw new InvalidValue("until", "a time in the future, within 366 days");
    }
    return until;
  }

  /**
   * Checks the end of a raise, and returns when the raise ends. A raise that a co-owner gives ends
   * when the share to which it belongs expires, at the latest.
   *
   * @param shareExpires when this share expires; empty if it does not expire, or if the raise is
   *     not given by a co-owner
   * @throws InvalidValue unless both ends are in the future, and the wanted end is within {@link
   *     #LONGEST}
   */
  public static Instant until(Instant wanted, Instant now, Optional<Instant> shareExpires) {
    Instant until = until(wanted, now);
    return shareExpires.filter(until::isAfter).map(end -> until(end, now)).orElse(until);
  }
}
