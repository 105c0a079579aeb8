package io.claviger.domain.sharing;

import io.claviger.domain.Field;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.policy.LimitsWrite;
import java.time.Instant;

/** A change to a share's terms. A term that the write does not contain keeps its value. */
public record TermsWrite(
    Field<Role> role,
    Field<Boolean> mayReshare,
    Field<Instant> expiresAt,
    LimitsWrite limits,
    LimitsWrite pooledLimits,
    Field<Weight> weight,
    Field<Boolean> toEverybody) {

  public Share.Terms over(Share.Terms base) {
    return new Share.Terms(
        role.or(base.role()),
        mayReshare.or(base.mayReshare()),
        expiresAt.or(base.expiresAt()),
        limits.over(base.limits()),
        pooledLimits.over(base.pooledLimits()),
        weight.or(base.weight()),
        toEverybody.or(base.toEverybody()));
  }
}
