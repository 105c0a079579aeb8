package io.claviger.application.accounts;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Email;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.FieldWrites;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpdateUserTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");

  @Test
  void users_change_their_display_name() {
    User after = updated(update(alice, "alice", AccountCommands.displayName("Alice A.")));

    assertThat(after.displayName().value()).isEqualTo("Alice A.");
    assertThat(w.claviger.users().find(alice.handle())).contains(after);
  }

  @Test
  void users_change_their_address() {
    assertThat(updated(update(alice, "alice", email(Field.of(new Email("a@example.org"))))).email())
        .contains(new Email("a@example.org"));
  }

  @Test
  void null_takes_the_address_away() {
    Outcome<User> unused = update(alice, "alice", email(Field.of(new Email("a@example.org"))));

    assertThat(updated(update(alice, "alice", email(Field.ofNull()))).email()).isEmpty();
  }

  @Test
  void absent_fields_keep_what_is_there() {
    Outcome<User> unused = update(alice, "alice", email(Field.of(new Email("a@example.org"))));

    assertThat(updated(update(alice, "alice", AccountCommands.displayName("A"))).email())
        .isPresent();
  }

  @Test
  void an_administrator_changes_anybody() {
    assertThat(
            updated(update(root, "alice", AccountCommands.displayName("A"))).displayName().value())
        .isEqualTo("A");
  }

  @Test
  void an_administrator_says_who_is_administrator() {
    assertThat(updated(update(root, "alice", AccountCommands.administrator(true))).administrator())
        .isTrue();
  }

  @Test
  void nobody_makes_themselves_administrator() {
    assertThat(because(update(alice, "alice", AccountCommands.administrator(true))))
        .isEqualTo("forbidden");
  }

  @Test
  void what_one_is_may_be_sent_back() {
    Outcome<User> outcome = update(alice, "alice", AccountCommands.administrator(false));

    assertThat(updated(outcome)).isEqualTo(alice);
  }

  @Test
  void another_user_is_not_there() {
    assertThat(because(update(alice, "root", AccountCommands.displayName("A"))))
        .isEqualTo("not_found");
  }

  @Test
  void the_built_in_user_cannot_be_changed() {
    assertThat(because(update(root, "_system", AccountCommands.displayName("S"))))
        .isEqualTo("forbidden");
  }

  @Test
  void the_last_administrator_cannot_be_demoted() {
    assertThat(because(update(root, "root", AccountCommands.administrator(false))))
        .isEqualTo("last_administrator");
  }

  @Test
  void the_last_administrator_who_is_not_suspended_cannot_be_demoted() {
    User second = w.administrator("second");
    w.claviger.users().update(second.withSuspension(Optional.of(Instant.EPOCH), Instant.EPOCH));

    assertThat(because(update(root, "root", AccountCommands.administrator(false))))
        .isEqualTo("last_administrator");
    assertThat(
            updated(update(root, "second", AccountCommands.administrator(false))).administrator())
        .isFalse();
  }

  @Test
  void of_two_administrators_one_can_be_demoted() {
    User second = w.administrator("second");

    assertThat(
            updated(update(second, "root", AccountCommands.administrator(false))).administrator())
        .isFalse();
  }

  @Test
  void a_change_counts_the_version_up() {
    assertThat(updated(update(alice, "alice", AccountCommands.displayName("A"))).version())
        .isEqualTo(2);
  }

  @Test
  void a_change_is_dated() {
    w.claviger.clock().advance(Duration.ofHours(1));

    assertThat(updated(update(alice, "alice", AccountCommands.displayName("A"))).updatedAt())
        .isEqualTo(w.claviger.clock().instant());
  }

  @Test
  void what_changes_nothing_counts_nothing_up_and_is_not_on_record() {
    User after = updated(update(alice, "alice", AccountCommands.displayName("alice")));

    assertThat(after).isEqualTo(alice);
    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    Outcome<User> outcome =
        w.users.update(
            w.as(alice), alice.handle(), Precondition.version(2), AccountCommands.displayName("A"));

    assertThat(because(outcome)).isEqualTo("precondition_failed");
  }

  @Test
  void a_token_of_scope_use_changes_nothing() {
    Outcome<User> outcome =
        w.users.update(
            w.using(alice), alice.handle(), Precondition.NONE, AccountCommands.displayName("A"));

    assertThat(because(outcome)).isEqualTo("forbidden");
  }

  @Test
  void a_change_is_on_record_with_its_values_but_for_the_address() {
    Outcome<User> unused =
        update(
            root,
            "alice",
            AccountCommands.displayName("Wonder")
                .with(User.EMAIL, Field.of(new Email("wonder@example.org")))
                .with(User.ADMINISTRATOR, Field.of(true)));

    assertThat(w.recorded())
        .containsExactly("user.update done alice [display_name, email, administrator]");
    assertThat(w.events().toString()).contains("Wonder").doesNotContain("example.org");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<User> unused = update(alice, "alice", AccountCommands.administrator(true));

    assertThat(w.recorded()).containsExactly("user.update refused alice [forbidden]");
  }

  private static FieldWrites email(Field<Email> email) {
    return FieldWrites.NONE.with(User.EMAIL, email);
  }

  private Outcome<User> update(User actor, String handle, FieldWrites command) {
    return w.users.update(w.as(actor), new Handle(handle), Precondition.NONE, command);
  }

  private static User updated(Outcome<User> outcome) {
    return outcome.orThrow();
  }
}
