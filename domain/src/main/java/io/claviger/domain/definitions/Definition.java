package io.claviger.domain.definitions;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A template for services, named {@code owner/handle}.
 *
 * @param isPublic whether every user sees the definition. All users see the definitions of {@code
 *     _system} in any case
 * @param version a number that increases with each stored change
 * @param appliedBy the name of the file from which the definition was applied; empty if it was not
 *     applied from a file
 */
public record Definition(
    Id id,
    User.Id owner,
    Ref ref,
    DefinitionFields fields,
    boolean isPublic,
    long version,
    Instant createdAt,
    Instant updatedAt,
    Optional<AppliedBy> appliedBy) {

  /** Returns the values of all writable fields. */
  public FieldValues values() {
    return fields
        .values()
        .with(DefinitionFields.PUBLIC, isPublic)
        .withOptional(CommonFields.APPLIED_BY, appliedBy);
  }

  public boolean isSystemLevel() {
    return owner.equals(User.Id.SYSTEM);
  }

  /**
   * Whether the given user can trust the definition because it is the user's own or belongs to
   * {@code _system}.
   */
  public boolean isTrustedBy(User.Id user) {
    return isSystemLevel() || owner.equals(user);
  }

  public Definition with(DefinitionFields newFields, boolean nowPublic, Instant now) {
    return new Definition(
        id, owner, ref, newFields, nowPublic, version + 1, createdAt, now, appliedBy);
  }

  /**
   * Returns a copy with the given name of the file that applied the definition; an empty name means
   * that no file applied it.
   */
  public Definition with(Optional<AppliedBy> file) {
    return new Definition(id, owner, ref, fields, isPublic, version, createdAt, updatedAt, file);
  }

  /**
   * Identifies a definition permanently. A later definition with the same name has a different id.
   */
  public record Id(UUID value) {}

  /** Returns the name {@code owner/handle} of the definition. */
  public record Ref(Handle owner, Handle handle) {
    public Ref {
      handle.demandUnreserved();
    }

    public static Ref of(String text) {
      return Handle.ofOwned(text, "definition", Ref::new);
    }

    @Override
    public String toString() {
      return owner + "/" + handle;
    }
  }
}
