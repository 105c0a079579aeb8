package io.claviger.domain.accounts;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A person or program.
 *
 * @param responsible who is responsible for a service account; empty exactly for persons
 * @param suspendedAt since when the user's access tokens are refused; empty when they are not
 */
public record User(
    Id id,
    Handle handle,
    DisplayName displayName,
    Optional<Email> email,
    boolean administrator,
    UserKind kind,
    Optional<Responsible> responsible,
    Optional<Instant> suspendedAt,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  public User {
    if (responsible.isPresent() != (kind == UserKind.SERVICE)) {
      throw new IllegalArgumentException("exactly service accounts have somebody responsible");
    }
    if (administrator && kind == UserKind.SERVICE) {
      throw new IllegalArgumentException("a service account is no administrator");
    }
  }

  /** A person who is not suspended. */
  public User(
      Id id,
      Handle handle,
      DisplayName displayName,
      Optional<Email> email,
      boolean administrator,
      long version,
      Instant createdAt,
      Instant updatedAt) {
    this(
        id,
        handle,
        displayName,
        email,
        administrator,
        UserKind.PERSON,
        Optional.empty(),
        Optional.empty(),
        version,
        createdAt,
        updatedAt);
  }

  public boolean isServiceAccount() {
    return kind == UserKind.SERVICE;
  }

  public boolean suspended() {
    return suspendedAt.isPresent();
  }

  /** This user with the fields changed that the user and administrators may write. */
  public User with(
      DisplayName newName, Optional<Email> newEmail, boolean nowAdministrator, Instant now) {
    return new User(
        id,
        handle,
        newName,
        newEmail,
        nowAdministrator,
        kind,
        responsible,
        suspendedAt,
        version + 1,
        createdAt,
        now);
  }

  /**
   * This service account with somebody else responsible. The version stays, because {@link #with}
   * counts the change.
   */
  public User withResponsible(Responsible other) {
    return new User(
        id,
        handle,
        displayName,
        email,
        administrator,
        kind,
        Optional.of(other),
        suspendedAt,
        version,
        createdAt,
        updatedAt);
  }

  /** Returns a copy with another suspension time (empty: not suspended) and the next version. */
  public User withSuspension(Optional<Instant> since, Instant now) {
    return new User(
        id,
        handle,
        displayName,
        email,
        administrator,
        kind,
        responsible,
        since,
        version + 1,
        createdAt,
        now);
  }

  /**
   * Identifies a user permanently. Whoever takes over a handle later is another user with another
   * id.
   */
  public record Id(UUID value) implements GranteeId {
    /** The built-in user {@code _system}, seeded by the first migration. */
    public static final Id SYSTEM = new Id(UUID.fromString("01900000-0000-7000-8000-000000000001"));
  }
}
