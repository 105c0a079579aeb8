package io.claviger.domain.policy;

import io.claviger.domain.Field;
import io.claviger.domain.budgets.Budgets;
import java.util.Optional;
import java.util.Set;

/** A write of limits. Absent parts keep their base values; a null part removes the limit. */
public record LimitsWrite(
    Field<Integer> requestsPerMinute,
    Field<Set<ModelPattern>> models,
    Field<Set<Operation>> operations,
    Field<Integer> maxOutputTokens,
    Field<Budgets> budgets) {
  public static final LimitsWrite ABSENT =
      new LimitsWrite(Field.absent(), Field.absent(), Field.absent());

  /** A write that leaves the output maximum and the budgets as they are. */
  public LimitsWrite(
      Field<Integer> requestsPerMinute,
      Field<Set<ModelPattern>> models,
      Field<Set<Operation>> operations) {
    this(requestsPerMinute, models, operations, Field.absent(), Field.absent());
  }

  /** A write that replaces all parts by these limits. */
  public static LimitsWrite of(Limits limits) {
    return new LimitsWrite(
        field(limits.requestsPerMinute()),
        field(limits.models()),
        field(limits.operations()),
        field(limits.maxOutputTokens()),
        Field.of(limits.budgets()));
  }

  public Limits over(Limits base) {
    return new Limits(
        requestsPerMinute.or(base.requestsPerMinute()),
        models.or(base.models()),
        operations.or(base.operations()),
        maxOutputTokens.or(base.maxOutputTokens()),
        budgets.or(Optional.of(base.budgets())).orElse(Budgets.NONE));
  }

  private static <T> Field<T> field(Optional<T> value) {
    return value.map(Field::of).orElseGet(Field::ofNull);
  }
}
