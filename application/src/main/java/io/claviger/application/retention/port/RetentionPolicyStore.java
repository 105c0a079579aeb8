package io.claviger.application.retention.port;

import io.claviger.domain.retention.RetentionPolicy;
import java.time.Instant;

/** Stores the administrators' retention times for usage and the audit trail. */
public interface RetentionPolicyStore {
  /** Returns the stored policy. Initially, the policy keeps everything forever. */
  StoredPolicy find();

  /** Returns the stored policy, locked exclusively. */
  StoredPolicy lock();

  /** Returns the stored policy, locked against changes until the transaction ends. */
  StoredPolicy hold();

  void update(StoredPolicy policy);

  /**
   * A stored policy.
   *
   * @param version a number that begins at 1 and increases with each change
   */
  record StoredPolicy(RetentionPolicy policy, long version, Instant updatedAt) {}
}
