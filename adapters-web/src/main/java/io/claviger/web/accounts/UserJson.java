package io.claviger.web.accounts;

import io.claviger.domain.Email;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A user as the API shows them. */
record UserJson(
    UUID id,
    String handle,
    String displayName,
    Optional<String> email,
    boolean administrator,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  static UserJson of(User user) {
    return new UserJson(
        user.id().value(),
        user.handle().value(),
        user.displayName().value(),
        user.email().map(Email::value),
        user.administrator(),
        user.version(),
        user.createdAt(),
        user.updatedAt());
  }
}
