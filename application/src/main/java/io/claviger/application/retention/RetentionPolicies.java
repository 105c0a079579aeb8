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
   * @param bounds the longest times that the operator allows for keeping usage and audit events
   */
  static RetentionPolicies of(
      RetentionPolicyStore store, RetentionPolicy bounds, AuditedChanges changes) {
    return new RetentionPolicyUseCases(store, bounds, changes);
  }

  /**
   * Shows administrators the times that they have set; refused as {@code forbidden} for all other
   * actors.
   */
  Outcome<BoundedPolicy> find(Actor actor);

  /**
   * Sets how long usage and the audit trail are kept; only administrators may do this. This method
   * waits while months are being removed.
   *
   * @throws io.claviger.domain.InvalidValue when a time is longer than the operator allows
   */
  Outcome<BoundedPolicy> save(Actor actor, Precondition precondition, RetentionPolicy policy);

  /**
   * What administrators set.
   *
   * @param bounds the longest times that the operator allows this node to keep usage and audit
   *     events; these times take precedence over {@code stored}
   */
  record BoundedPolicy(StoredPolicy stored, RetentionPolicy bounds) {
    /**
     * Returns how long usage and audit events are really kept: as long as administrators have set,
     * but not longer than the bounds allow.
     */
    public RetentionPolicy kept() {
      return stored.policy().within(bounds);
    }
  }
}
