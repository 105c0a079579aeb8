package io.claviger.domain.bills;

import io.claviger.domain.ModelName;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.UsageModel;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

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

  private static final ModelName OTHER = new ModelName(UsageModel.OTHER.name());

  public ReadDay {
    usage = List.copyOf(usage);
    costs = List.copyOf(costs);
  }

  /**
   * Returns the same day with at most {@value CountedModel#MOST} models apart, as Claviger counts
   * them. What is stated for further ones is stated for {@code other}.
   */
  ReadDay withFewModels() {
    Set<String> few = new HashSet<>();
    UnaryOperator<Optional<ModelName>> reduce =
        model ->
            model.map(
                name ->
                    few.contains(name.value())
                            || (few.size() < CountedModel.MOST && few.add(name.value()))
                        ? name
                        : OTHER);
    List<BilledUsage> ofFew =
        usage.stream().map(each -> each.of(reduce.apply(each.model()))).toList();
    List<BilledCost> costOfFew =
        costs.stream().map(each -> each.of(reduce.apply(each.model()))).toList();
    return new ReadDay(day, readAt, ofFew, costOfFew, lentKey);
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
