package io.claviger.application.retention.port;

import io.claviger.domain.retention.RetentionPolicy;
import java.time.Instant;

/** Stores how long administrators want usage and the audit trail to be kept. */
public interface RetentionPolicyStore {
  /** Returns the stored policy. At first, the policy keeps everything for ever. */
  StoredPolicy find();

  /** Returns the stored policy, and locks it for changing. */
  StoredPolicy lock();

  /** Returns the stored policy, and prevents changes of it until the transaction ends. */
  StoredPolicy hold();

  void update(StoredPolicy policy);

  /**
   * A stored policy.
   *
   * @param version a number that starts at 1 and increases with each change
   */
  record StoredPolicy(RetentionPolicy policy, long version, Instant updatedAt) {}
}
