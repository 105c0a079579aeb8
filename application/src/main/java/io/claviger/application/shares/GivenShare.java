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
 * @param changed whether the share is new or different from the grantee's former share
 * @param before the terms of the grantee's former share; empty if the grantee had no share before
 */
public record GivenShare(
    Share share, boolean created, boolean changed, Optional<Share.Terms> before) {
  /** Returns the limits of the former share; empty if it had no limits. */
  public Optional<Limits> limitsBefore() {
    return before.map(Share.Terms::limits).filter(limits -> !limits.isNone());
  }

  /**
   * Returns the former share's limits for all members of the group together; empty if it had no
   * such limits.
   */
  public Optional<Limits> pooledLimitsBefore() {
    return before.map(Share.Terms::pooledLimits).filter(limits -> !limits.isNone());
  }

  /** Returns the terms before and after the change, for the audit trail. */
  public List<AuditEvent.Term> terms() {
    return AuditEvent.Term.of(
        before.map(Share.Terms::texts).orElse(Map.of()), share.terms().texts());
  }
}
