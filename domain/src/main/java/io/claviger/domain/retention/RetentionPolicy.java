package io.claviger.domain.retention;

import io.claviger.domain.InvalidValue;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The time for which usage and the audit trail are kept.
 *
 * @param usage the number of months for which usage is kept; empty if usage is kept for ever
 * @param audit the number of months for which the audit trail is kept; empty if the audit trail is
 *     kept for ever
 */
public record RetentionPolicy(Optional<RetentionMonths> usage, Optional<RetentionMonths> audit) {
  /** The policy that keeps everything for ever. */
  public static final RetentionPolicy FOR_EVER =
      new RetentionPolicy(Optional.empty(), Optional.empty());

  public boolean keepsEverything() {
    return usage.isEmpty() && audit.isEmpty();
  }

  /** Returns the limited retention times as texts, keyed by their field names in the API. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    usage.ifPresent(months -> texts.put("usage_months", String.valueOf(months.count())));
    audit.ifPresent(months -> texts.put("audit_months", String.valueOf(months.count())));
    return texts;
  }

  /**
   * Returns a policy that has, in each field, the shorter of two times: that of this policy, and
   * that of the other policy.
   */
  public RetentionPolicy within(RetentionPolicy bounds) {
    return new RetentionPolicy(shorter(usage, bounds.usage), shorter(audit, bounds.audit));
  }

  private static Optional<RetentionMonths> shorter(
      Optional<RetentionMonths> one, Optional<RetentionMonths> other) {
    return Stream.of(one, other)
        .flatMap(Optional::stream)
        .min(Comparator.comparingInt(RetentionMonths::count));
  }

  /**
   * Checks that this policy keeps nothing longer than the other policy allows.
   *
   * @throws InvalidValue when this policy keeps something longer
   */
  public void demandWithin(RetentionPolicy bounds) {
    demand("usage_months", usage, bounds.usage);
    demand("audit_months", audit, bounds.audit);
  }

  private static void demand(
      String field, Optional<RetentionMonths> months, Optional<RetentionMonths> most) {
    most.ifPresent(
        bound -> {
          if (months.filter(asked -> asked.count() > bound.count()).isPresent()) {
            throw new InvalidValue(field, "at most " + bound.count() + ", as the operator set it");
          }
        });
  }
}
