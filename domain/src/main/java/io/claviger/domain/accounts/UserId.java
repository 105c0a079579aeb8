package io.claviger.domain.accounts;

import java.util.UUID;

/**
 * Identifies a user permanently. Whoever takes over a handle later is another user with another id.
 */
public record UserId(UUID value) implements GranteeId {
  /** The built-in user {@code _system}, seeded by the first migration. */
  public static final UserId SYSTEM =
      new UserId(UUID.fromString("01900000-0000-7000-8000-000000000001"));
}
