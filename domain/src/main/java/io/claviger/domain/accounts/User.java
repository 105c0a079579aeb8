package io.claviger.domain.accounts;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import java.time.Instant;
import java.util.Optional;

/** A person or program. */
public record User(
    UserId id,
    Handle handle,
    DisplayName displayName,
    Optional<Email> email,
    boolean administrator,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** This user with the fields changed that the user and administrators may write. */
  public User with(
      DisplayName newName, Optional<Email> newEmail, boolean nowAdministrator, Instant now) {
    return new User(id, handle, newName, newEmail, nowAdministrator, version + 1, createdAt, now);
  }
}
