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
 * @param created whether there was none before
 * @param changed whether it differs from what was there before
 * @param before the terms that the grantee had before, if there was a share
 */
public record GivenShare(
    Share share, boolean created, boolean changed, Optional<Share.Terms> before) {
  /** The limits that the share had before, if there were any. */
  public Optional<Limits> limitsBefore() {
    return before.map(Share.Terms::limits).filter(limits -> !limits.isNone());
  }

  /** The limits that all members of a group had together before, if there were any. */
  public Optional<Limits> pooledLimitsBefore() {
    return before.map(Share.Terms::pooledLimits).filter(limits -> !limits.isNone());
  }

  /** The terms for the audit trail, before and after. */
  public List<AuditEvent.Term> terms() {
    return AuditEvent.Term.of(
        before.map(Share.Terms::texts).orElse(Map.of()), share.terms().texts());
  }
}
