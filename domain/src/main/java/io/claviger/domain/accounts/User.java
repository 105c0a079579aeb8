package io.claviger.domain.accounts;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWords;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm.Flag;
import io.claviger.domain.fields.ScalarForm.Text;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A person or program.
 *
 * @param fields the values of the fields that are listed in {@link #STORED}
 * @param responsible who is responsible for a service account; empty if the user is a person, and
 *     always present if the user is a service account
 * @param suspendedAt the time since which the user is suspended, so that the user's access tokens
 *     are refused; empty if the user is not suspended
 * @param version a number that increases with each stored change
 */
public record User(
    Id id,
    Handle handle,
    FieldValues fields,
    UserKind kind,
    Optional<Responsible> responsible,
    Optional<Instant> suspendedAt,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  public static final ScalarField<Email> EMAIL =
      ScalarField.optional(
          "email", new Text<>(Email::new, Email::value), FieldWords.line("E-mail address", ""));
  public static final ScalarField<Boolean> ADMINISTRATOR =
      ScalarField.withDefault(
          "administrator", new Flag(), false, FieldWords.line("Administrator", "A person only"));
  public static final ScalarField<ResponsibleName> RESPONSIBLE =
      ScalarField.optional(
          "responsible",
          new Text<>(ResponsibleName::of, ResponsibleName::toString),
          FieldWords.line(
              "Responsible",
              "For a service account: a person's handle, or @ and the handle of a group, whose"
                  + " managers are responsible"));

  /** The fields that are each stored in a database column with the same name. */
  public static final List<ScalarField<?>> STORED =
      List.of(CommonFields.DISPLAY_NAME, EMAIL, ADMINISTRATOR);

  /** The fields that can be written. */
  public static final List<ScalarField<?>> FIELDS =
      List.of(CommonFields.DISPLAY_NAME, EMAIL, ADMINISTRATOR, RESPONSIBLE);

  /** The fields in {@link #FIELDS} that users of a given kind can have. */
  public static List<ScalarField<?>> fieldsOf(UserKind kind) {
    ScalarField<?> left = kind == UserKind.SERVICE ? ADMINISTRATOR : RESPONSIBLE;
    return FIELDS.stream().filter(field -> field != left).toList();
  }

  public User {
    fields.requireComplete(STORED);
    if (responsible.isPresent() != (kind == UserKind.SERVICE)) {
      throw new IllegalArgumentException(
          "exactly the service accounts must have somebody responsible");
    }
    if (fields.require(ADMINISTRATOR) && kind == UserKind.SERVICE) {
      throw new IllegalArgumentException("a service account can't be an administrator");
    }
  }

  /** Creates a person who is not suspended. */
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
        FieldValues.NONE
            .with(CommonFields.DISPLAY_NAME, displayName)
            .withOptional(EMAIL, email)
            .with(ADMINISTRATOR, administrator),
        UserKind.PERSON,
        Optional.empty(),
        Optional.empty(),
        version,
        createdAt,
        updatedAt);
  }

  /** Returns the default values of the fields in {@link #STORED} for a new user. */
  public static FieldValues defaults(Handle handle) {
    return FieldValues.defaults(STORED)
        .with(CommonFields.DISPLAY_NAME, new DisplayName(handle.value()));
  }

  public DisplayName displayName() {
    return fields.require(CommonFields.DISPLAY_NAME);
  }

  public Optional<Email> email() {
    return fields.get(EMAIL);
  }

  public boolean administrator() {
    return fields.require(ADMINISTRATOR);
  }

  public FieldValues values() {
    return fields.withOptional(
        RESPONSIBLE, responsible.map(whoever -> ResponsibleName.of(whoever.name())));
  }

  /**
   * Returns the values of the fields as texts for the audit trail, keyed by the fields' names in
   * the API. E-mail addresses are left out: they have to be deleted with the user, and nothing in
   * the audit trail can be deleted.
   */
  public Map<String, String> texts() {
    return values().texts(FIELDS.stream().filter(field -> field != EMAIL).toList());
  }

  public boolean isServiceAccount() {
    return kind == UserKind.SERVICE;
  }

  public boolean suspended() {
    return suspendedAt.isPresent();
  }

  /** Returns a copy with other values and the next version. */
  public User with(FieldValues others, Instant now) {
    return new User(
        id, handle, others, kind, responsible, suspendedAt, version + 1, createdAt, now);
  }

  /** Returns a copy with the given value of {@link #ADMINISTRATOR} and the next version. */
  public User withAdministrator(boolean nowAdministrator, Instant now) {
    return with(fields.with(ADMINISTRATOR, nowAdministrator), now);
  }

  /**
   * Returns a copy for which the given user or group is responsible. The version stays the same,
   * unlike in {@link #with}.
   */
  public User withResponsible(Responsible other) {
    return new User(
        id, handle, fields, kind, Optional.of(other), suspendedAt, version, createdAt, updatedAt);
  }

  /**
   * Returns a copy with the next version and the given time of suspension. If the time is empty,
   * the user is not suspended.
   */
  public User withSuspension(Optional<Instant> since, Instant now) {
    return new User(id, handle, fields, kind, responsible, since, version + 1, createdAt, now);
  }

  /** Identifies a user permanently. A later user with the same handle has a different id. */
  public record Id(UUID value) implements GranteeId {
    /** The built-in user {@code _system}, which the first migration inserts. */
    public static final Id SYSTEM = new Id(UUID.fromString("01900000-0000-7000-8000-000000000001"));

    /**
     * This method is written by hand for speed: deep in the stack of a call, the JVM would not
     * inline the generated method.
     */
    @Override
    public boolean equals(Object other) {
      return other instanceof Id id && value.equals(id.value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }
}
