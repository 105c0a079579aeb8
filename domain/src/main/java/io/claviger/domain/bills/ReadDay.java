package io.claviger.domain.bills;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * What a provider stated about one day (UTC).
 *
 * @param usage what was used, if the provider says so
 * @param costs what it costs, if the provider says so
 * @param lentKey the provider's id of the key that the service lent, if its owner stated it when
 *     the day was read; without it, calls with other keys can't be told apart
 */
public record ReadDay(
    LocalDate day,
    Instant readAt,
    List<BilledUsage> usage,
    List<BilledCost> costs,
    Optional<String> lentKey) {
  /** Providers correct a day this long. */
  public static final int CHANGES_FOR_DAYS = 5;

  public ReadDay {
    usage = List.copyOf(usage);
    costs = List.copyOf(costs);
  }

  /** Whether it was read so late that the provider changes it no more. */
  public boolean isFinal() {
    return !day.plusDays(CHANGES_FOR_DAYS).isAfter(readOn());
  }

  /** Whether it was read when it was not over. */
  public boolean isPreliminary() {
    return !day.isBefore(readOn());
  }

  private LocalDate readOn() {
    return LocalDate.ofInstant(readAt, ZoneOffset.UTC);
  }
}
