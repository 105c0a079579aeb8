package io.claviger.application.retention;

import io.claviger.application.retention.port.RetentionPolicyStore;
import io.claviger.application.retention.port.RetentionPolicyStore.StoredPolicy;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.retention.RetentionPolicy;

/** Lets administrators set how long usage and the audit trail are kept. */
public interface RetentionPolicies {
  /**
   * @param bounds the operator's maximum retention times for usage and audit events
   */
  static RetentionPolicies of(
      RetentionPolicyStore store, RetentionPolicy bounds, AuditedChanges changes) {
    return new RetentionPolicyUseCases(store, bounds, changes);
  }

  /**
   * Shows which retention times administrators have set. Only administrators may call this method.
   * Anybody else is refused with {@code forbidden}.
   */
  Outcome<BoundedPolicy> find(Actor actor);

  /**
   * Sets how long usage and the audit trail are kept. Only administrators may call this method.
   * While months are being removed, this method waits.
   *
   * @throws io.claviger.domain.InvalidValue if one of the times is longer than the operator's
   *     maximum
   */
  Outcome<BoundedPolicy> save(Actor actor, Precondition precondition, RetentionPolicy policy);

  /**
   * The retention times that administrators have set, with the operator's bounds.
   *
   * @param bounds the operator's maximum retention times for usage and audit events on this node
   */
  record BoundedPolicy(StoredPolicy stored, RetentionPolicy bounds) {
    /**
     * Returns the effective retention times: the times that administrators have set, but at most
     * the bounds.
     */
    public RetentionPolicy kept() {
      return stored.policy().within(bounds);
    }
  }
}
