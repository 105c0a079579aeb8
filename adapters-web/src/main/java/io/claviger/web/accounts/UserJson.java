package io.claviger.web.accounts;

import io.claviger.domain.Email;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** A user as the API shows them. */
record UserJson(
    UUID id,
    String handle,
    String displayName,
    Optional<String> email,
    boolean administrator,
    String kind,
    Optional<String> responsible,
    boolean suspended,
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
        user.kind().name().toLowerCase(Locale.ROOT),
        user.responsible().map(Responsible::name),
        user.suspended(),
        user.version(),
        user.createdAt(),
        user.updatedAt());
  }
}
