package io.claviger.application.accounts;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Preconditions;
import io.claviger.application.Wiring;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.build.ADefinition;
import io.claviger.testkit.build.AShare;
import io.claviger.testkit.build.AToken;
import io.claviger.testkit.build.AnInstance;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeleteUserTest {
  private static final DeleteUser.Outcome DELETED = new DeleteUser.Outcome.Deleted();

  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");

  @Test
  void users_delete_themselves() {
    assertThat(delete(alice, "alice")).isEqualTo(DELETED);
    assertThat(w.claviger.users().find(alice.handle())).isEmpty();
  }

  @Test
  void an_administrator_deletes_anybody() {
    assertThat(delete(root, "alice")).isEqualTo(DELETED);
  }

  @Test
  void another_user_is_not_there() {
    assertThat(because(delete(alice, "bob"))).isEqualTo("not_found");
  }

  @Test
  void the_built_in_user_stays() {
    assertThat(because(delete(root, "_system"))).isEqualTo("forbidden");
  }

  @Test
  void the_last_administrator_stays() {
    assertThat(because(delete(root, "root"))).isEqualTo("last_administrator");
  }

  @Test
  void of_two_administrators_one_can_go() {
    User unused = w.administrator("second");

    assertThat(delete(root, "root")).isEqualTo(DELETED);
  }

  @Test
  void their_tokens_go_with_them() {
    TokenText text = w.stored(AToken.of(alice).build());

    DeleteUser.Outcome unused = delete(root, "alice");

    assertThat(w.accounts.authenticate().authenticate(text, Wiring.ADDRESS, "r"))
        .isInstanceOf(Authenticate.Outcome.Rejected.class);
  }

  @Test
  void their_services_go_with_them() {
    Instance service = w.stored(AnInstance.of(alice, "s").build());

    DeleteUser.Outcome unused = delete(root, "alice");

    assertThat(w.claviger.instances().find(service.ref(), root.id())).isEmpty();
  }

  @Test
  void their_definitions_go_with_them() {
    Definition definition = ADefinition.of(alice, "d").isPublic().build();
    w.claviger.definitions().insert(definition);

    DeleteUser.Outcome unused = delete(root, "alice");

    assertThat(w.claviger.definitions().find(definition.ref(), root.id())).isEmpty();
  }

  @Test
  void what_was_made_from_their_definitions_stays() {
    Definition definition = ADefinition.of(alice, "d").isPublic().build();
    w.claviger.definitions().insert(definition);
    Instance made = w.stored(AnInstance.of(bob, "s").from(definition).build());

    DeleteUser.Outcome unused = delete(root, "alice");

    assertThat(w.now(made.ref()).settings().fields()).isEqualTo(made.settings().fields());
  }

  @Test
  void the_shares_they_hold_and_those_given_by_them_end() {
    User carol = w.user("carol");
    Instance service = w.stored(AnInstance.of(bob, "s").build());
    Share own = w.stored(service, AShare.with(alice).role(Role.OWNER).givenBy(bob).build());
    Share passedOn = w.stored(service, AShare.with(carol).givenVia(alice).build());

    DeleteUser.Outcome unused = delete(root, "alice");

    assertThat(w.claviger.shares().of(service.id(), Optional.empty(), 9))
        .doesNotContain(own, passedOn)
        .isEmpty();
  }

  @Test
  void a_handle_given_anew_inherits_nothing() {
    Instance service = w.stored(AnInstance.of(bob, "s").build());
    Share unusedShare = w.stored(service, AShare.with(alice).givenBy(bob).build());
    DeleteUser.Outcome unused = delete(root, "alice");
    User another = w.user("alice");

    assertThat(w.claviger.shares().find(service.id(), another.id())).isEmpty();
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    assertThat(
            because(
                w.accounts
                    .deleteUser()
                    .delete(w.as(alice), alice.handle(), Preconditions.version(7), false)))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_token_of_scope_use_deletes_nobody() {
    assertThat(
            because(
                w.accounts
                    .deleteUser()
                    .delete(w.using(alice), alice.handle(), Precondition.NONE, false)))
        .isEqualTo("forbidden");
  }

  @Test
  void a_deletion_is_on_record() {
    DeleteUser.Outcome unused = delete(root, "alice");

    assertThat(w.recorded()).containsExactly("user.delete done alice []");
  }

  @Test
  void a_refusal_is_on_record() {
    DeleteUser.Outcome unused = delete(root, "root");

    assertThat(w.recorded()).containsExactly("user.delete refused root [last_administrator]");
  }

  private DeleteUser.Outcome delete(User by, String handle) {
    return w.accounts.deleteUser().delete(w.as(by), new Handle(handle), Precondition.NONE, false);
  }
}
