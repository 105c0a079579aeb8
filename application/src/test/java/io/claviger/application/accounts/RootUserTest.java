package io.claviger.application.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootUserTest {
  private static final TokenText ENVIRONMENTS =
      TokenText.presented("any-shape-of-at-least-32-characters");

  private final Wiring w = new Wiring(Optional.of(ENVIRONMENTS));
  private final Users users = w.users;

  @Test
  void the_first_start_makes_an_administrator_and_a_token() {
    TokenText text = users.createRootAtFirstStart().orElseThrow();

    assertThat(actor(text).administrator()).isTrue();
    assertThat(actor(text).handle()).isEqualTo(new Handle("root"));
  }

  @Test
  void the_second_start_makes_no_token() {
    Optional<TokenText> unused = users.createRootAtFirstStart();

    assertThat(users.createRootAtFirstStart()).isEmpty();
  }

  @Test
  void where_there_are_users_nobody_is_made() {
    User unused = w.user("alice");

    assertThat(users.createRootAtFirstStart()).isEmpty();
    assertThat(w.claviger.users().find(new Handle("root"))).isEmpty();
  }

  @Test
  void the_first_start_is_on_record() {
    Optional<TokenText> unused = users.createRootAtFirstStart();

    assertThat(w.recorded())
        .containsExactly("user.create done root []", "token.create done root []");
  }

  @Test
  void the_record_tells_a_node_from_the_operator() {
    Optional<TokenText> first = users.createRootAtFirstStart();
    assertThat(w.claviger.auditEvents())
        .isNotEmpty()
        .allMatch(event -> event.address().equals(AuditEvent.UPKEEP));

    TokenText second = users.replaceRootToken();
    assertThat(w.claviger.auditEvents())
        .filteredOn(event -> event.address().equals(AuditEvent.COMMAND_LINE))
        .extracting(AuditEvent::action)
        .containsExactly(AuditAction.TOKEN_CREATE);
    assertThat(Optional.of(second)).isNotEqualTo(first);
  }

  @Test
  void the_environments_token_may_have_any_shape() {
    users.establishRoot(ENVIRONMENTS);

    assertThat(actor(ENVIRONMENTS).administrator()).isTrue();
  }

  @Test
  void the_environments_token_comes_again_at_every_start() {
    users.establishRoot(ENVIRONMENTS);
    users.establishRoot(ENVIRONMENTS);

    assertThat(tokens()).hasSize(1);
  }

  @Test
  void the_environments_token_is_on_record_once() {
    users.establishRoot(ENVIRONMENTS);
    users.establishRoot(ENVIRONMENTS);

    assertThat(w.recorded())
        .containsExactly("user.create done root []", "token.create done root []");
  }

  @Test
  void a_token_of_another_environment_is_rejected() {
    TokenText yesterdays = TokenText.presented("yesterdays-token-of-32-characters!");
    users.establishRoot(yesterdays);

    assertThat(w.accessTokens.authenticate(yesterdays, Wiring.ADDRESS, "r"))
        .isEqualTo(new AccessTokens.Authentication.Rejected(Optional.empty()));
  }

  @Test
  void a_well_formed_token_of_another_environment_is_rejected() {
    TokenText yesterdays = TokenText.of(new byte[64]);
    users.establishRoot(yesterdays);

    assertThat(w.accessTokens.authenticate(yesterdays, Wiring.ADDRESS, "r"))
        .isEqualTo(new AccessTokens.Authentication.Rejected(Optional.empty()));
  }

  /** Nodes have different environments while the operator replaces the token. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "any-shape-of-at-least-32-characters",
        "the-other-node-has-this-token-of-its-own",
        "clv_of-the-wrong-shape-and-of-another-node"
      })
  void a_leaked_token_of_any_nodes_environment_ends_on_every_node(String text) {
    endsWhenReported(TokenText.presented(text));
  }

  @Test
  void a_leaked_token_of_the_environment_ends_whatever_its_length() {
    endsWhenReported(TokenText.presented("a".repeat(TokenText.LONGEST)));
  }

  private void endsWhenReported(TokenText leaked) {
    users.establishRoot(leaked);

    w.accessTokens.endLeaked(leaked, Wiring.ADDRESS, "r");

    assertThat(tokens()).isEmpty();
    assertThat(w.recorded()).last().asString().startsWith("token.leaked done root");
  }

  @Test
  void a_root_who_was_demoted_is_administrator_again() {
    User demoted = w.user("root");

    users.establishRoot(ENVIRONMENTS);

    assertThat(actor(ENVIRONMENTS).id()).isEqualTo(demoted.id());
    assertThat(actor(ENVIRONMENTS).administrator()).isTrue();
  }

  /** Earlier builds let administrators create such an account. */
  @Test
  void a_service_account_called_root_becomes_no_administrator() {
    w.claviger.users().insert(AUser.called("root").serviceAccountOf(w.user("alice")).build());

    for (Runnable asked :
        List.<Runnable>of(() -> users.establishRoot(ENVIRONMENTS), users::replaceRootToken)) {
      assertThatThrownBy(asked::run)
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused ->
                  assertThat(refused.refusal())
                      .isInstanceOfSatisfying(
                          Refusal.Conflict.class,
                          why -> assertThat(why.detail()).contains("is a service account")));
    }
  }

  @Test
  void making_root_administrator_is_on_record() {
    User unused = w.user("root");

    TokenText unusedToo = users.replaceRootToken();

    assertThat(w.recorded())
        .containsExactly("user.update done root []", "token.create done root []");
  }

  @Test
  void the_commands_token_lets_root_in() {
    assertThat(actor(users.replaceRootToken()).administrator()).isTrue();
  }

  @Test
  void the_commands_token_replaces_the_one_before() {
    TokenText before = users.replaceRootToken();
    TokenText after = users.replaceRootToken();

    assertThat(w.accessTokens.authenticate(before, Wiring.ADDRESS, "r"))
        .isEqualTo(new AccessTokens.Authentication.Rejected(Optional.empty()));
    assertThat(actor(after).administrator()).isTrue();
  }

  @Test
  void the_commands_token_replaces_no_other() {
    TokenText first = users.createRootAtFirstStart().orElseThrow();
    users.establishRoot(ENVIRONMENTS);
    User user = w.claviger.users().find(new Handle("root")).orElseThrow();
    TokenText own = w.stored(AToken.of(user).build());

    TokenText unused = users.replaceRootToken();

    assertThat(List.of(first, ENVIRONMENTS, own)).allMatch(t -> actor(t).administrator());
  }

  @Test
  void the_end_of_the_commands_token_before_is_on_record() {
    TokenText unused = users.replaceRootToken();
    w.forget();

    TokenText unusedToo = users.replaceRootToken();

    assertThat(w.recorded())
        .containsExactly("token.delete done root []", "token.create done root []");
  }

  @Test
  void no_token_is_ever_on_record_itself() {
    String first = users.createRootAtFirstStart().orElseThrow().reveal();
    users.establishRoot(ENVIRONMENTS);
    String commands = users.replaceRootToken().reveal();

    assertThat(w.events().toString()).doesNotContain(first, commands, ENVIRONMENTS.reveal());
  }

  private List<AccessToken> tokens() {
    User user = w.claviger.users().find(new Handle("root")).orElseThrow();
    return w.claviger.accessTokens().listOf(user.id(), Optional.empty(), 9);
  }

  private Actor actor(TokenText text) {
    AccessTokens.Authentication outcome = w.accessTokens.authenticate(text, Wiring.ADDRESS, "r");
    assertThat(outcome).isInstanceOf(AccessTokens.Authentication.Authenticated.class);
    return ((AccessTokens.Authentication.Authenticated) outcome).actor();
  }
}
