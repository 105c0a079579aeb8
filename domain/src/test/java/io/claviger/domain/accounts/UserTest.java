package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UserTest {
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  @Test
  void a_change_takes_the_new_values_counts_the_version_and_keeps_id_handle_and_creation() {
    User before =
        new User(
            new User.Id(new UUID(1, 2)),
            new Handle("alice"),
            new DisplayName("Alice"),
            Optional.empty(),
            false,
            3,
            THEN,
            THEN);
    Optional<Email> email = Optional.of(new Email("a@b"));

    FieldValues values =
        before
            .fields()
            .with(CommonFields.DISPLAY_NAME, new DisplayName("Al"))
            .withOptional(User.EMAIL, email)
            .with(User.ADMINISTRATOR, true);
    assertThat(before.with(values, NOW))
        .isEqualTo(
            new User(
                before.id(), before.handle(), new DisplayName("Al"), email, true, 4, THEN, NOW));
  }

  @Test
  void a_kind_is_read_from_its_name() {
    for (UserKind kind : UserKind.values()) {
      assertThat(UserKind.of(kind.wireName())).isEqualTo(kind);
    }
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> UserKind.of("Person"));
  }
}
