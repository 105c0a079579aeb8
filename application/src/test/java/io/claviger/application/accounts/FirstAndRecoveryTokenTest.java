package io.claviger.application.accounts;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.TokenRate;
import io.claviger.domain.projects.Project;
import io.claviger.testkit.RecordCopy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstAndRecoveryTokenTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");

  @Test
  void an_administrator_makes_a_users_first_token() {
    assertThat(issued(issue(root, "alice", AccountCommands.PLAIN_TOKEN)).token().origin())
        .isEqualTo(AccessToken.Origin.FIRST);
  }

  @Test
  void the_first_token_is_the_users_own() {
    assertThat(issued(issue(root, "alice", AccountCommands.PLAIN_TOKEN)).token().user())
        .isEqualTo(alice.id());
  }

  @Test
  void an_administrator_makes_no_second_one() {
    TokenText unused = w.stored(AToken.of(alice).build());

    assertThat(because(issue(root, "alice", AccountCommands.PLAIN_TOKEN))).isEqualTo("forbidden");
  }

  @Test
  void an_administrator_makes_no_first_token_where_there_ever_was_one() {
    for (User actor : List.of(root, alice)) {
      AccessToken token = AToken.of(alice).build();
      TokenText unused = w.stored(token);
      assertThat(w.accessTokens.revoke(w.as(actor), alice.handle(), token.id()))
          .isInstanceOf(Outcome.Done.class);

      assertThat(because(issue(root, "alice", AccountCommands.PLAIN_TOKEN))).isEqualTo("forbidden");
    }
    assertThat(issued(issue(root, "alice", AccountCommands.recovery())).token().origin())
        .isEqualTo(AccessToken.Origin.RECOVERY);
  }

  @Test
  void a_token_that_expired_was_one() {
    Instant past = w.claviger.clock().instant().minusSeconds(1);
    TokenText unused = w.stored(AToken.of(alice).expiresAt(past).build());

    assertThat(because(issue(root, "alice", AccountCommands.PLAIN_TOKEN))).isEqualTo("forbidden");
  }

  @Test
  void first_and_recovery_tokens_inherit_limits_and_rates_of_the_token_they_are_issued_with() {
    Limits five = new Limits(Optional.of(5), Optional.empty(), Optional.empty());
    AccessToken own = AToken.of(root).limits(five).build();
    TokenRate rate = new TokenRate(own.id().value(), 5);

    for (boolean recovery : List.of(false, true)) {
      AccessTokens.NewToken within =
          RecordCopy.with(AccountCommands.limitedTo(five), "recovery", recovery);
      Outcome<AccessTokens.IssuedToken> outcome =
          w.accessTokens.issue(w.with(root, own), alice.handle(), within);
      assertThat(issued(outcome).token().inherited().rates()).containsExactly(rate);
    }
  }

  @Test
  void a_recovery_token_revokes_all_others() {
    TokenText one = w.stored(AToken.of(alice).build());
    TokenText other = w.stored(AToken.of(alice).build());

    AccessTokens.IssuedToken recovery = issued(issue(root, "alice", AccountCommands.recovery()));

    assertThat(accepted(one)).isFalse();
    assertThat(accepted(other)).isFalse();
    assertThat(accepted(recovery.text())).isTrue();
  }

  @Test
  void a_recovery_token_leaves_other_users_alone() {
    User bob = w.user("bob");
    TokenText bobs = w.stored(AToken.of(bob).build());

    Outcome<AccessTokens.IssuedToken> unused = issue(root, "alice", AccountCommands.recovery());

    assertThat(accepted(bobs)).isTrue();
  }

  @Test
  void a_recovery_token_deletes_the_keys_that_its_user_stored_and_no_others() {
    User bob = w.user("bob");
    StoredKeys keys = new StoredKeys(w);
    Instance one = w.stored(AnInstance.of(alice, "one").build());
    Instance other = w.stored(AnInstance.systemLevel("other").build());
    for (Instance service : List.of(one, other)) {
      keys.ofUser(service, alice, Wiring.CANARY);
      keys.ofUser(service, bob, Wiring.CANARY);
    }

    Outcome<AccessTokens.IssuedToken> unused = issue(root, "alice", AccountCommands.recovery());

    assertThat(keys.has(one, alice) || keys.has(other, alice)).isFalse();
    assertThat(keys.has(one, bob) && keys.has(other, bob)).isTrue();
  }

  @Test
  void a_first_token_and_ones_own_delete_no_key() {
    StoredKeys keys = new StoredKeys(w);
    Instance service = w.stored(AnInstance.of(alice, "one").build());
    keys.ofUser(service, alice, Wiring.CANARY);

    Outcome<AccessTokens.IssuedToken> first = issue(root, "alice", AccountCommands.PLAIN_TOKEN);
    Outcome<AccessTokens.IssuedToken> own = issue(alice, "alice", AccountCommands.PLAIN_TOKEN);

    assertThat(issued(first)).isNotEqualTo(issued(own));
    assertThat(keys.has(service, alice)).isTrue();
  }

  @Test
  void a_recovery_token_that_is_refused_revokes_nothing() {
    TokenText one = w.stored(AToken.of(alice).build());
    StoredKeys keys = new StoredKeys(w);
    Instance service = w.stored(AnInstance.of(alice, "one").build());
    keys.ofUser(service, alice, Wiring.CANARY);
    AccessTokens.NewToken impossible =
        new AccessTokens.NewToken(
            new TokenName("recovery"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Instance.Ref.of("alice/nothing")),
            Optional.empty(),
            Limits.NONE,
            true);

    Outcome<AccessTokens.IssuedToken> outcome = issue(root, "alice", impossible);

    assertThat(because(outcome)).isEqualTo("/service unknown_reference");
    assertThat(accepted(one)).isTrue();
    assertThat(keys.has(service, alice)).isTrue();
  }

  @Test
  void a_recovery_is_on_record_with_who_issued_it() {
    Outcome<AccessTokens.IssuedToken> unused = issue(root, "alice", AccountCommands.recovery());

    assertThat(w.recorded()).containsExactly("token.create done alice [recovery]");
    assertThat(w.events().get(0).actorHandle()).contains(root.handle());
  }

  @Test
  void a_recovery_token_may_be_restricted_to_what_its_user_sees() {
    Project project = w.stored(AProject.of(alice, "p").build());
    AccessTokens.NewToken restricted =
        new AccessTokens.NewToken(
            new TokenName("recovery"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(project.ref()),
            Limits.NONE,
            true);

    assertThat(issued(issue(root, "alice", restricted)).token().restriction())
        .contains(new TokenRestriction.ToProject(project.id().value(), "alice/p"));
  }

  @Test
  void no_recovery_or_first_token_lasts_longer_than_the_token_it_is_issued_with() {
    Instant later = w.claviger.clock().instant().plusSeconds(60);
    Actor bounded = w.with(root, AToken.of(root).expiresAt(later).build());

    for (AccessTokens.NewToken command :
        List.of(AccountCommands.PLAIN_TOKEN, AccountCommands.recovery())) {
      assertThat(because(w.accessTokens.issue(bounded, alice.handle(), command)))
          .isEqualTo("/expires_at not_allowed");
    }
    assertThat(w.accessTokens.issue(bounded, alice.handle(), AccountCommands.tokenUntil(later)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void nobody_but_an_administrator_recovers() {
    User bob = w.user("bob");

    assertThat(because(issue(bob, "alice", AccountCommands.recovery()))).isEqualTo("not_found");
  }

  @Test
  void the_built_in_user_gets_no_token() {
    assertThat(because(issue(root, "_system", AccountCommands.PLAIN_TOKEN))).isEqualTo("forbidden");
  }

  private boolean accepted(TokenText text) {
    return w.accessTokens.authenticate(text, Wiring.ADDRESS, "r")
        instanceof AccessTokens.Authentication.Authenticated;
  }

  private Outcome<AccessTokens.IssuedToken> issue(
      User actor, String whose, AccessTokens.NewToken command) {
    return w.accessTokens.issue(w.as(actor), new Handle(whose), command);
  }

  private static AccessTokens.IssuedToken issued(Outcome<AccessTokens.IssuedToken> outcome) {
    return outcome.orThrow();
  }
}
