package io.claviger.web.accounts;

import io.claviger.application.accounts.Users;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;

/** Reads the bodies that create users. */
final class UserReader {
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
    FieldWrites writes = fields.fields(User.FIELDS);
    Field<UserKind> kind = fields.value("kind", JsonConverter.text(UserReader::kind));
    fields.rejectUnread();
    return new Users.NewUser(handle.given().orElseThrow(), kind.or(UserKind.PERSON), writes);
  }

  private static UserKind kind(String name) {
    return switch (name) {
      case "person" -> UserKind.PERSON;
      case "service" -> UserKind.SERVICE;
      default -> throw new InvalidValue("kind", "person or service");
    };
  }
}
