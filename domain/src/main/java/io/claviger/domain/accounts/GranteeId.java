package io.claviger.domain.accounts;

import java.util.UUID;

/**
 * Identifies who can be given a share: a user or a group. Two ids of different kinds are never
 * equal.
 */
public interface GranteeId {
  UUID value();
}
