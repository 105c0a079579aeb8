package io.claviger.domain.definitions;

import io.claviger.domain.accounts.UserId;
import java.time.Instant;

/**
 * A template, {@code owner/handle}.
 *
 * @param isPublic every user sees it; those of {@code _system} are seen by all without it
 */
public record Definition(
    DefinitionId id,
    UserId owner,
    DefinitionRef ref,
    DefinitionFields fields,
    boolean isPublic,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  public boolean isSystemLevel() {
    return owner.equals(UserId.SYSTEM);
  }

  /**
   * Whether its owner's authority stands behind it for this user: their own, or one of {@code
   * _system}.
   */
  public boolean isTrustedBy(UserId user) {
    return isSystemLevel() || owner.equals(user);
  }

  public Definition with(DefinitionFields newFields, boolean nowPublic, Instant now) {
    return new Definition(id, owner, ref, newFields, nowPublic, version + 1, createdAt, now);
  }
}
