package io.claviger.domain.definitions;

import io.claviger.domain.accounts.UserId;
import java.time.Instant;

/**
 * A template for services, named {@code owner/handle}.
 *
 * @param isPublic whether every user sees it; all users see the definitions of {@code _system} in
 *     any case
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

  /** Whether this user can trust it: it is their own or belongs to {@code _system}. */
  public boolean isTrustedBy(UserId user) {
    return isSystemLevel() || owner.equals(user);
  }

  public Definition with(DefinitionFields newFields, boolean nowPublic, Instant now) {
    return new Definition(id, owner, ref, newFields, nowPublic, version + 1, createdAt, now);
  }
}
