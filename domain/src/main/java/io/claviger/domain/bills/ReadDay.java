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
 * The figures that a provider stated for one day (UTC).
 *
 * @param usage the usage; empty if the provider states no usage
 * @param costs the costs; empty if the provider states no costs
 * @param lentKey the provider's id of the key that the service lent, as the owner had stated it
 *     when the day was read. If empty, the lent key can't be distinguished from other keys
 */
public record ReadDay(
    LocalDate day,
    Instant readAt,
    List<BilledUsage> usage,
    List<BilledCost> costs,
    Optional<String> lentKey) {
  /** The number of days after which providers no longer correct a day's figures. */
  public static final int CHANGES_FOR_DAYS = 5;

  /**
   * The maximum size, in bytes, of the stored figures of an owner's other services for one day. If
   * these figures are larger, Claviger stores no figures of a further service of this owner for
   * that day. A provider chooses how much it states, and an owner can have many services.
   */
  public static final long MOST_BYTES_OF_OWNER = 64L << 20;

  private static final ModelName OTHER = new ModelName(UsageModel.OTHER.name());

  public ReadDay {
    usage = List.copyOf(usage);
    costs = List.copyOf(costs);
  }

  /**
   * Returns a copy in which at most {@link CountedModel#MOST} models are counted separately, as in
   * Claviger's own counts. The figures of all other models are added up under {@code other}.
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

  /** Whether the day's figures were read so late that the provider no longer changes them. */
  public boolean isFinal() {
    return !day.plusDays(CHANGES_FOR_DAYS).isAfter(readOn());
  }

  /** Whether the day's figures were read before the day was over. */
  public boolean isPreliminary() {
    return !day.isBefore(readOn());
  }

  private LocalDate readOn() {
    return LocalDate.ofInstant(readAt, ZoneOffset.UTC);
  }
}
