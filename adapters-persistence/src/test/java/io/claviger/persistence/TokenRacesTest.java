package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccountCommands;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.testkit.Race;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** A revoked token creates no other token, even when both requests are made at once. */
@SuppressWarnings("NullAway.Init") // set before each test
final class TokenRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);

  private User administrator;
  private User alice;
  private Actor aliceWithToken;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    administrator = AUser.called("root").administrator().build();
    alice = AUser.called("alice").build();
    PORTS.users().insert(administrator);
    PORTS.users().insert(alice);
    AccessToken token = AToken.of(alice).build();
    PORTS.accessTokens().save(token, new TokenHash(new byte[32]));
    aliceWithToken =
        new Actor(alice.id(), alice.handle(), false, Optional.of(token), "192.0.2.1", "race");
  }

  @Race.Repeated
  void after_a_recovery_its_token_is_the_only_one() {
    List<String> outcomes =
        oneAgainstMany(
            () -> issue(RacingUseCases.as(administrator), "recovered", true),
            n -> issue(aliceWithToken, "token-" + n, false));

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(outcomes).isSubsetOf(DONE, "forbidden");
    assertThat(PORTS.accessTokens().listOf(alice.id(), Optional.empty(), 100))
        .extracting(token -> token.name().value())
        .containsExactly("recovered");
  }

  @Race.Repeated
  void a_token_that_is_revoked_meanwhile_creates_none_afterwards() {
    List<String> outcomes =
        oneAgainstMany(
            () -> revoke(aliceWithToken.token().orElseThrow()),
            n -> issue(aliceWithToken, "token-" + n, false));

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(outcomes).isSubsetOf(DONE, "forbidden");
    assertThat(issue(aliceWithToken, "late", false)).isEqualTo("forbidden");
    assertThat(PORTS.accessTokens().listOf(alice.id(), Optional.empty(), 100))
        .hasSize(ConcurrentAttempts.count(outcomes, DONE) - 1);
  }

  private String revoke(AccessToken token) {
    return code(USE.accessTokens.revoke(RacingUseCases.as(alice), alice.handle(), token.id()));
  }

  private String issue(Actor actor, String name, boolean recovery) {
    return code(
        USE.accessTokens.issue(
            actor,
            alice.handle(),
            recovery ? AccountCommands.recovery(name) : AccountCommands.token(name)));
  }
}
