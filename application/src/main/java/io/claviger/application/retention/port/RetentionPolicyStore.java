package io.claviger.application.retention.port;

import io.claviger.domain.retention.RetentionPolicy;
import java.time.Instant;

/** Stores the retention times that administrators have set for usage and the audit trail. */
public interface RetentionPolicyStore {
  /** Returns the stored policy. Initially, everything is kept forever. */
  StoredPolicy find();

  /** Locks the stored policy exclusively until the transaction ends, and returns it. */
  StoredPolicy lock();

  /** Locks the stored policy against changes until the transaction ends, and returns it. */
  StoredPolicy hold();

  void update(StoredPolicy policy);

  /**
   * A stored policy.
   *
   * @param version a number that begins at 1 and increases with each change
   */
  record StoredPolicy(RetentionPolicy policy, long version, Instant updatedAt) {}
}
