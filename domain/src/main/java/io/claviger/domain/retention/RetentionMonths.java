package io.claviger.domain.retention;

import io.claviger.domain.InvalidValue;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * The number of whole months (UTC) before the current month that are kept.
 *
 * @param count the number of months, from 1 to {@link #MOST}
 */
public record RetentionMonths(int count) {
  public static final int MOST = 1200;

  /**
   * @throws InvalidValue when the count is out of bounds
   */
  public RetentionMonths {
    if (count < 1 || count > MOST) {
      throw new InvalidValue("months", "from 1 to " + MOST);
    }
  }

  /** Returns the first day whose data are kept. */
  public LocalDate firstKept(Instant now) {
    return YearMonth.from(now.atOffset(ZoneOffset.UTC)).minusMonths(count).atDay(1);
  }
}
