package io.claviger.domain.definitions;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * A template for services, named {@code owner/handle}.
 *
 * @param isPublic whether every user sees it; all users see the definitions of {@code _system} in
 *     any case
 * @param appliedBy the name of the file from which it was applied
 */
public record Definition(
    DefinitionId id,
    UserId owner,
    DefinitionRef ref,
    DefinitionFields fields,
    boolean isPublic,
    long version,
    Instant createdAt,
    Instant updatedAt,
    Optional<AppliedBy> appliedBy) {

  public boolean isSystemLevel() {
    return owner.equals(UserId.SYSTEM);
  }

  /** Whether this user can trust it: it is their own or belongs to {@code _system}. */
  public boolean isTrustedBy(UserId user) {
    return isSystemLevel() || owner.equals(user);
  }

  public Definition with(DefinitionFields newFields, boolean nowPublic, Instant now) {
    return new Definition(
        id, owner, ref, newFields, nowPublic, version + 1, createdAt, now, appliedBy);
  }

  /** The same, applied by a file of this name, or by none. */
  public Definition with(Optional<AppliedBy> file) {
    return new Definition(id, owner, ref, fields, isPublic, version, createdAt, updatedAt, file);
  }
}
