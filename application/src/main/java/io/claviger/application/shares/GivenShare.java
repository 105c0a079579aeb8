package io.claviger.application.shares;

import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A share after it was given.
 *
 * @param created whether the grantee had no share before
 * @param changed whether the share differs from the one before, or is new
 * @param before the terms that the grantee had before, if there was a share
 */
public record GivenShare(
    Share share, boolean created, boolean changed, Optional<Share.Terms> before) {
  /** Returns the limits that the share had before, if there were any. */
  public Optional<Limits> limitsBefore() {
    return before.map(Share.Terms::limits).filter(limits -> !limits.isNone());
  }

  /** Returns the limits that all members of a group had together before, if there were any. */
  public Optional<Limits> pooledLimitsBefore() {
    return before.map(Share.Terms::pooledLimits).filter(limits -> !limits.isNone());
  }

  /** Returns the terms before and after, for the audit trail. */
  public List<AuditEvent.Term> terms() {
    return AuditEvent.Term.of(
        before.map(Share.Terms::texts).orElse(Map.of()), share.terms().texts());
  }
}
