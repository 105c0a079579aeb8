package io.claviger.domain.bills;

import io.claviger.domain.Amounts;
import io.claviger.domain.InvalidValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A provider's invoice for a month of a service, as the service's owner entered it.
 *
 * @param version a number that increases with each change
 */
public record Invoice(
    YearMonth month, Content content, long version, Instant createdAt, Instant updatedAt) {
  private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");

  /** The first accepted month. No provider of language models sent a bill before that month. */
  private static final YearMonth FIRST = YearMonth.of(2020, 1);

  private static final YearMonth LAST = YearMonth.of(2199, 12);

  /**
   * Reads a month, such as {@code 2026-11}.
   *
   * @throws InvalidValue when the text is not a month of the years 2020 to 2199
   */
  public static YearMonth month(String text) {
    if (!MONTH.matcher(text).matches()) {
      throw invalid();
    }
    try {
      return demandBillable(YearMonth.parse(text));
    } catch (DateTimeException e) {
      throw invalid();
    }
  }

  /**
   * Returns a month for which a provider can have sent a bill.
   *
   * @throws InvalidValue when the month is not in the years 2020 to 2199
   */
  public static YearMonth demandBillable(YearMonth month) {
    if (month.isBefore(FIRST) || month.isAfter(LAST)) {
      throw invalid();
    }
    return month;
  }

  private static InvalidValue invalid() {
    return new InvalidValue("month", "a month from 2020 on, such as 2026-01");
  }

  /**
   * The amounts of an invoice, in billionths of its currency.
   *
   * @param total the whole amount of the invoice, in billionths of {@code currency}
   * @param currency three capital letters, such as {@code USD}
   * @param models for each model's name, the part of the total that was billed for the model; empty
   *     if these parts are not known
   */
  public record Content(long total, String currency, SortedMap<String, Long> models) {
    public static final int MOST_MODELS = 200;

    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    public Content {
      models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
      BillText.demandNotNegative(total);
      BillText.demand(models.keySet(), "models");
      if (!CURRENCY.matcher(currency).matches()) {
        throw new InvalidValue("currency", "three capital letters, such as USD");
      }
      if (models.size() > MOST_MODELS) {
        throw new InvalidValue("models", "at most 200 models");
      }
      long sum = models.values().stream().reduce(0L, Amounts::sum);
      if (!models.isEmpty() && sum != total) {
        throw new InvalidValue("models", "amounts that add up to the total");
      }
      models.values().forEach(amount -> BillText.demandNotNegative(amount));
    }

    /**
     * Whether the invoice is in dollars, so that it can be compared with usage and prices, which
     * are in dollars.
     */
    public boolean isInDollars() {
      return currency.equals("USD");
    }
  }
}
