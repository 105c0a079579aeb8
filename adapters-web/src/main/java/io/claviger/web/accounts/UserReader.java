package io.claviger.web.accounts;

import io.claviger.application.accounts.Users;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.ResponsibleName;
import io.claviger.domain.accounts.UserKind;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import java.util.List;

/** Reads users that are to be created, and changes to users. */
final class UserReader {
  static final List<String> READ_ONLY = List.of("id", "handle", "kind", "suspended");

  private static final JsonConverter<Handle> NEW_HANDLE =
      JsonConverter.text(Handle::new)
          .then(
              handle -> {
                if (handle.isSystem()) {
                  throw new InvalidValue("handle", "a handle that does not start with _");
                }
                return handle;
              });

  private UserReader() {}

  static Users.NewUser creation(JsonObject fields) {
    Field<Handle> handle = fields.required("handle", NEW_HANDLE, "Give the user a handle.");
    Field<DisplayName> displayName =
        fields.value("display_name", JsonConverter.text(DisplayName::new));
    Field<Email> email = fields.nullable("email", JsonConverter.text(Email::new));
    Field<Boolean> administrator = fields.value("administrator", JsonConverter.FLAG);
    Field<UserKind> kind = fields.value("kind", JsonConverter.text(UserReader::kind));
    Field<ResponsibleName> responsible =
        fields.nullable("responsible", JsonConverter.text(ResponsibleName::of));
    fields.rejectUnread();
    return new Users.NewUser(
        handle.given().orElseThrow(),
        displayName.given(),
        email.given(),
        administrator.or(false),
        kind.or(UserKind.PERSON),
        responsible.given());
  }

  /** Reads a change to a user. The caller must then check for unknown fields. */
  static Users.UserUpdate update(JsonObject fields) {
    return new Users.UserUpdate(
        fields.value("display_name", JsonConverter.text(DisplayName::new)),
        fields.nullable("email", JsonConverter.text(Email::new)),
        fields.value("administrator", JsonConverter.FLAG),
        fields.nullable("responsible", JsonConverter.text(ResponsibleName::of)));
  }

  private static UserKind kind(String name) {
    return switch (name) {
      case "person" -> UserKind.PERSON;
      case "service" -> UserKind.SERVICE;
      default -> throw new InvalidValue("kind", "person or service");
    };
  }
}
