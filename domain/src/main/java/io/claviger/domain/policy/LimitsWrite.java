package io.claviger.domain.policy;

import io.claviger.domain.Field;
import java.util.Set;

/** A write of limits. Absent parts are taken from a base; a null part removes the limit. */
public record LimitsWrite(
    Field<Integer> requestsPerMinute,
    Field<Set<ModelPattern>> models,
    Field<Set<Operation>> operations) {
  public static final LimitsWrite ABSENT =
      new LimitsWrite(Field.absent(), Field.absent(), Field.absent());

  public Limits over(Limits base) {
    return new Limits(
        requestsPerMinute.or(base.requestsPerMinute()),
        models.or(base.models()),
        operations.or(base.operations()));
  }
}
