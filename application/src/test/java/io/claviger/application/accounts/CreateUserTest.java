package io.claviger.application.accounts;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AToken;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.ResponsibleName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CreateUserTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");

  @Test
  void an_administrator_creates_a_user_who_is_found_under_the_handle() {
    User bob = created(create(root, "bob"));

    assertThat(w.claviger.users().find(new Handle("bob"))).contains(bob);
  }

  @Test
  void a_user_is_called_by_their_handle_unless_a_name_is_given() {
    assertThat(created(create(root, "bob")).displayName().value()).isEqualTo("bob");
  }

  @Test
  void the_name_and_address_given_are_kept() {
    Users.NewUser command =
        new Users.NewUser(
            new Handle("bob"),
            UserKind.PERSON,
            FieldWrites.NONE
                .with(CommonFields.DISPLAY_NAME, Field.of(new DisplayName("Bob B.")))
                .with(User.EMAIL, Field.of(new Email("bob@example.org")))
                .with(User.ADMINISTRATOR, Field.of(true)));

    User bob = created(w.users.create(w.as(root), command));

    assertThat(bob.displayName().value()).isEqualTo("Bob B.");
    assertThat(bob.email()).contains(new Email("bob@example.org"));
    assertThat(bob.administrator()).isTrue();
  }

  /** Nobody is a manager of a group that follows the identity provider. */
  @Test
  void a_group_that_never_has_managers_answers_for_no_service_account() {
    w.claviger.groups().insert(AGroup.synced("staff", "staff"));
    w.claviger.groups().insert(AGroup.called("team"));

    assertThat(because(w.users.create(w.as(root), robotOf("@staff"))))
        .isEqualTo("/responsible not_allowed");
    User robot = created(w.users.create(w.as(root), robotOf("@team")));
    assertThat(
            because(
                w.users.update(
                    w.as(root),
                    robot.handle(),
                    Precondition.NONE,
                    FieldWrites.NONE.with(
                        User.RESPONSIBLE, Field.of(ResponsibleName.of("@staff"))))))
        .isEqualTo("/responsible not_allowed");
  }

  private static Users.NewUser robotOf(String responsible) {
    return new Users.NewUser(
        new Handle("robot"),
        UserKind.SERVICE,
        FieldWrites.NONE.with(User.RESPONSIBLE, Field.of(ResponsibleName.of(responsible))));
  }

  @Test
  void a_new_user_is_of_version_1_and_made_now() {
    User bob = created(create(root, "bob"));

    assertThat(bob.version()).isEqualTo(1);
    assertThat(bob.createdAt()).isEqualTo(w.claviger.clock().instant());
  }

  @Test
  void the_first_access_token_lets_the_new_user_in() {
    Users.CreatedUser bob = create(root, "bob").orThrow();

    AccessTokens.Authentication outcome =
        w.accessTokens.authenticate(bob.accessToken(), Wiring.ADDRESS, "r");

    assertThat(outcome).isInstanceOf(AccessTokens.Authentication.Authenticated.class);
  }

  @Test
  void the_first_access_token_manages() {
    User bob = created(create(root, "bob"));

    assertThat(w.claviger.accessTokens().listOf(bob.id(), Optional.empty(), 9))
        .singleElement()
        .matches(t -> t.scope() == TokenScope.MANAGE)
        .matches(t -> t.origin() == AccessToken.Origin.FIRST);
  }

  @Test
  void the_first_access_token_lasts_no_longer_than_the_one_it_is_made_with() {
    Instant later = w.claviger.clock().instant().plusSeconds(60);
    Outcome<Users.CreatedUser> outcome =
        w.users.create(
            w.with(root, AToken.of(root).expiresAt(later).build()), AccountCommands.user("zoe"));

    User zoe = outcome.orThrow().user();
    assertThat(w.claviger.accessTokens().listOf(zoe.id(), Optional.empty(), 9))
        .singleElement()
        .matches(t -> t.expiresAt().equals(Optional.of(later)));
  }

  @Test
  void a_handle_is_taken_once() {
    assertThat(because(create(root, "alice"))).isEqualTo("handle_taken");
  }

  @Test
  void the_handle_of_the_built_in_user_is_taken() {
    assertThat(because(create(root, "_system"))).isEqualTo("handle_taken");
  }

  /** A start of Claviger makes the user root an administrator, or creates this user again. */
  @Test
  void the_handle_of_the_administrator_whom_claviger_creates_is_taken_even_if_it_was_deleted() {
    User dean = w.administrator("dean");
    w.claviger.users().delete(root.id());

    assertThat(because(create(dean, "root"))).isEqualTo("handle_taken");
    assertThat(
            because(
                w.users.create(
                    w.as(dean),
                    new Users.NewUser(
                        Handle.ROOT,
                        UserKind.SERVICE,
                        FieldWrites.NONE.with(
                            User.RESPONSIBLE, Field.of(ResponsibleName.of("alice")))))))
        .isEqualTo("handle_taken");
    assertThat(w.claviger.users().find(Handle.ROOT)).isEmpty();
  }

  @Test
  void who_is_no_administrator_creates_nobody() {
    assertThat(because(create(alice, "bob"))).isEqualTo("forbidden");
    assertThat(w.claviger.users().find(new Handle("bob"))).isEmpty();
  }

  @Test
  void an_administrators_token_of_scope_use_creates_nobody() {
    Outcome<Users.CreatedUser> outcome = w.users.create(w.using(root), AccountCommands.user("bob"));

    assertThat(because(outcome)).isEqualTo("forbidden");
  }

  @Test
  void a_creation_is_on_record_with_who_asked_for_it() {
    Outcome<Users.CreatedUser> unused = create(root, "bob");

    assertThat(w.recorded())
        .containsExactly(
            "user.create done bob [handle, display_name, email, administrator, access_token]");
    assertThat(w.events().get(0).actor()).contains(root.id());
  }

  @Test
  void the_record_holds_nothing_of_the_token() {
    Users.CreatedUser bob = create(root, "bob").orThrow();

    assertThat(w.claviger.auditEvents().toString()).doesNotContain(bob.accessToken().reveal());
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<Users.CreatedUser> unused = create(alice, "bob");

    assertThat(w.recorded()).containsExactly("user.create refused bob [forbidden]");
  }

  @Test
  void a_taken_handle_is_on_record() {
    Outcome<Users.CreatedUser> unused = create(root, "alice");

    assertThat(w.recorded()).containsExactly("user.create refused alice [handle_taken]");
  }

  private Outcome<Users.CreatedUser> create(User author, String handle) {
    return w.users.create(w.as(author), AccountCommands.user(handle));
  }

  private static User created(Outcome<Users.CreatedUser> outcome) {
    return outcome.orThrow().user();
  }
}
