package io.claviger.application.retention;

import io.claviger.application.retention.port.RetentionPolicyStore;
import io.claviger.application.retention.port.RetentionPolicyStore.StoredPolicy;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.retention.RetentionPolicy;

/** Lets administrators say for how long usage and the audit trail are kept. */
public interface RetentionPolicies {
  /**
   * @param bounds for how long the operator lets them be kept
   */
  static RetentionPolicies of(
      RetentionPolicyStore store, RetentionPolicy bounds, AuditedChanges changes) {
    return new RetentionPolicyUseCases(store, bounds, changes);
  }

  /** Shows what is set to administrators; refused as {@code forbidden} to all others. */
  Outcome<BoundedPolicy> find(Actor actor);

  /**
   * Sets for how long usage and the audit trail are kept; administrators only. Waits while months
   * are being removed.
   *
   * @throws io.claviger.domain.InvalidValue when a time is longer than the operator lets it be
   */
  Outcome<BoundedPolicy> save(Actor actor, Precondition precondition, RetentionPolicy policy);

  /**
   * What administrators set.
   *
   * @param bounds for how long the operator lets this node keep things, whatever is set
   */
  record BoundedPolicy(StoredPolicy stored, RetentionPolicy bounds) {
    /** Returns for how long things are kept. */
    public RetentionPolicy kept() {
      return stored.policy().within(bounds);
    }
  }
}
