package io.claviger.domain.prices;

import io.claviger.domain.InvalidValue;
import java.time.LocalDate;

/**
 * The content of a price that is to be stored and has no version yet.
 *
 * @param validFrom the first day (UTC) on which the price is valid
 */
public record PriceContent(LocalDate validFrom, PriceTerms terms) {
  private static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
  private static final LocalDate LAST = LocalDate.of(2199, 12, 31);

  public PriceContent {
    if (validFrom.isBefore(FIRST) || validFrom.isAfter(LAST)) {
      throw new InvalidValue("valid_from", "a day from 2000-01-01 to 2199-12-31");
    }
    if (terms.isEmpty()) {
      throw new InvalidValue("input", "at least one rate, such as the rate of input");
    }
  }

  /** Whether a price has this content, including the first day on which it is valid. */
  public boolean isOf(Price price) {
    return equals(new PriceContent(price.validFrom(), price.terms()));
  }

  public Price as(long version) {
    return new Price(version, validFrom, terms);
  }
}
