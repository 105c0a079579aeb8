package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.port.AccessTokenStore.Presented;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.Seeds;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RememberedTokensTest {
  private static final Instant NOW = Seeds.SEEDED_AT;

  private final InMemoryPorts claviger = new InMemoryPorts();
  private final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE - 7);
  private final AuthorizationCache cache =
      new AuthorizationCache(claviger.callContexts(), claviger.changes(), nanos);
  private final RememberedTokens remembered =
      new RememberedTokens(claviger.accessTokens(), cache, nanos);
  private final User alice = AUser.called("alice").build();
  private final AccessToken token = AToken.of(alice).build();
  private final TokenHash hash = hash(1);

  @BeforeEach
  void fill() {
    claviger.users().insert(alice);
    claviger.accessTokens().save(token, hash);
    nanos.advance(Duration.ofMillis(1));
    cache.refresh();
  }

  @Test
  void a_token_that_is_used_seldom_is_looked_up_each_time() {
    for (int n = 0; n < 500; n++) {
      assertThat(find()).map(Presented::token).contains(token);
      nanos.advance(Duration.ofMillis(10));
    }
    cache.refresh();
    assertThat(find()).isPresent();

    assertThat(claviger.accessTokens().delete(alice.id(), token.id())).isTrue();

    assertThat(find()).isEmpty();
    assertThat(cache.weight()).isZero();
  }

  @Test
  void a_token_that_is_used_often_is_remembered_until_the_next_reading_of_changes() {
    useOften();

    assertThat(claviger.accessTokens().delete(alice.id(), token.id())).isTrue();

    assertThat(find()).map(Presented::token).contains(token);
    cache.refresh();
    assertThat(find()).isEmpty();
  }

  @Test
  void a_token_is_remembered_for_fifty_milliseconds_without_a_reading_of_changes() {
    useOften();
    assertThat(claviger.accessTokens().delete(alice.id(), token.id())).isTrue();

    nanos.advance(Duration.ofMillis(50));
    assertThat(find()).isPresent();
    nanos.advance(Duration.ofNanos(1));

    assertThat(find()).isEmpty();
  }

  @Test
  void after_a_change_of_this_node_nothing_is_remembered() {
    useOften();
    assertThat(claviger.accessTokens().delete(alice.id(), token.id())).isTrue();

    nanos.advance(Duration.ofMillis(1));
    cache.changedHere();

    assertThat(find()).isEmpty();
  }

  @Test
  void when_requests_become_seldom_the_database_is_asked_again() {
    useOften();
    assertThat(claviger.accessTokens().delete(alice.id(), token.id())).isTrue();
    nanos.advance(Duration.ofSeconds(2));
    cache.refresh();
    claviger.accessTokens().save(token, hash);

    assertThat(find()).isPresent();
    assertThat(cache.weight()).isZero();
  }

  @Test
  void tokens_that_do_not_exist_are_not_remembered() {
    useOften();
    long weight = cache.weight();

    for (byte n = 2; n < 100; n++) {
      assertThat(remembered.find(hash(n), NOW)).isEmpty();
    }

    assertThat(cache.weight()).isEqualTo(weight);
    claviger.accessTokens().save(AToken.of(alice).build(), hash(99));
    assertThat(remembered.find(hash(99), NOW)).isPresent();
  }

  private void useOften() {
    for (int n = 0; n < 100; n++) {
      assertThat(find()).isPresent();
    }
    assertThat(cache.weight()).isPositive();
  }

  private Optional<Presented> find() {
    return remembered.find(hash, NOW);
  }

  private static TokenHash hash(int each) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) each);
    return new TokenHash(bytes);
  }
}
