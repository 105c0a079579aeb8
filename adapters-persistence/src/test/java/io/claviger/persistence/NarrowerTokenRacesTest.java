package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.OwnToken.NarrowerToken;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Narrowing;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Narrower tokens while their parents end, and their greatest number. */
@SuppressWarnings("NullAway.Init") // set before each test
final class NarrowerTokenRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);

  private User alice;
  private AccessToken first;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    alice = AUser.called("alice").build();
    PORTS.users().insert(alice);
    first = AToken.of(alice).scope(TokenScope.USE).build();
    PORTS.accessTokens().save(first, new TokenHash(new byte[32]));
  }

  @Race.Repeated
  void no_narrower_token_outlives_a_parent_that_is_revoked_meanwhile() {
    List<String> outcomes = oneAgainstMany(() -> end(first), n -> narrow(first));

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(outcomes).isSubsetOf(DONE, "forbidden");
    assertThat(tokens()).isEmpty();
  }

  @Race.Repeated
  void nor_one_two_levels_below() {
    AccessToken child = narrowed(first);
    AccessToken grandchild = narrowed(child);

    List<String> outcomes =
        oneAgainstMany(() -> end(first), n -> narrow(n % 2 == 0 ? child : grandchild));

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(outcomes).isSubsetOf(DONE, "forbidden");
    assertThat(tokens()).isEmpty();
  }

  @Race.Repeated
  void nor_one_whose_user_is_deleted() {
    List<String> outcomes =
        oneAgainstMany(
            () -> {
              PORTS.deleteLocked(alice);
              return DONE;
            },
            n -> narrow(first));

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(tokens()).isEmpty();
  }

  @Test
  void many_at_once_do_not_exceed_the_greatest_number() {
    for (int i = 0; i < Narrowing.MOST_LIVE - 5; i++) {
      assertThat(narrow(first)).isEqualTo(DONE);
    }

    List<String> outcomes = many(n -> narrow(first));

    assertThat(count(outcomes, DONE)).isEqualTo(5);
    assertThat(count(outcomes, "too_many_narrower_tokens")).isEqualTo(11);
  }

  @Test
  void the_database_refuses_one_more_whoever_asks() {
    for (int i = 0; i < Narrowing.MOST_LIVE; i++) {
      assertThat(narrow(first)).isEqualTo(DONE);
    }
    AccessToken one = tokens().getLast();
    assertThat(PORTS.accessTokens().delete(alice.id(), one.id())).isTrue();
    assertThat(narrow(first)).isEqualTo(DONE);

    assertThatThrownBy(() -> PORTS.accessTokens().save(one, new TokenHash(hashOfAnother())))
        .hasStackTraceContaining("at most 100 narrower ones");
  }

  @Test
  void expired_ones_do_not_count_and_are_removed() {
    Instant now = Instant.now();
    for (int i = 0; i < Narrowing.MOST_LIVE; i++) {
      assertThat(code(USE.ownToken.narrow(actor(first), until(now.plusSeconds(60)))))
          .isEqualTo(DONE);
    }
    assertThat(PORTS.accessTokens().lockParent(alice.id(), first.id(), now.plusSeconds(61)))
        .hasValueSatisfying(parent -> assertThat(parent.narrower()).isZero());

    assertThat(PORTS.accessTokens().deleteEnded(Duration.ZERO, 60)).isZero();
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    update access_tokens
                    set created_at = created_at - interval '61 seconds',
                      expires_at = expires_at - interval '61 seconds'
                    where origin = 'narrowed'
                    """)
                .update())
        .isEqualTo(100);
    assertThat(PORTS.accessTokens().deleteEnded(Duration.ZERO, 60)).isEqualTo(60);
    assertThat(PORTS.accessTokens().deleteEnded(Duration.ZERO, 60)).isEqualTo(40);
    assertThat(tokens()).containsExactly(first);
  }

  private static byte[] hashOfAnother() {
    byte[] hash = new byte[32];
    hash[0] = 1;
    return hash;
  }

  private static NarrowerToken until(Instant expiry) {
    return new NarrowerToken(
        new TokenName("short"),
        Optional.empty(),
        Optional.empty(),
        LimitsWrite.ABSENT,
        Field.of(expiry),
        TokenBinding.NONE);
  }

  private Actor actor(AccessToken token) {
    return new Actor(alice.id(), alice.handle(), false, Optional.of(token), "192.0.2.1", "race");
  }

  private Outcome<IssuedToken> narrowOf(AccessToken parent) {
    return USE.ownToken.narrow(
        actor(parent),
        new NarrowerToken(
            new TokenName("as its parent"),
            Optional.empty(),
            Optional.empty(),
            LimitsWrite.ABSENT,
            Field.absent(),
            TokenBinding.NONE));
  }

  private AccessToken narrowed(AccessToken parent) {
    return narrowOf(parent).orThrow().token();
  }

  private String narrow(AccessToken parent) {
    return code(narrowOf(parent));
  }

  private String end(AccessToken token) {
    return code(USE.ownToken.end(actor(token)));
  }

  private List<AccessToken> tokens() {
    return PORTS.accessTokens().listOf(alice.id(), Optional.empty(), 200);
  }
}
