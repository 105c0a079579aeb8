package io.claviger.domain.accounts;

import java.util.UUID;

/** Identifies who can get a share: a user or a group. Ids of different kinds are never equal. */
public interface GranteeId {
  UUID value();
}
