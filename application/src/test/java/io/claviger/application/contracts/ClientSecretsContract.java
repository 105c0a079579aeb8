package io.claviger.application.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.application.connections.port.ClientSecretStore.Keeping;
import io.claviger.application.connections.port.ClientSecretStore.KeptSecret;
import io.claviger.application.connections.port.ClientSecretStore.NewSecret;
import io.claviger.application.connections.port.ClientSecretStore.Why;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ClientSecretStore} promises. */
public abstract class ClientSecretsContract extends CalledServiceContract {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @BeforeEach
  void createTokens() {
    ports.accessTokens().save(AToken.of(alice).build(), token(alice));
    ports.accessTokens().save(AToken.of(bob).build(), token(bob));
  }

  private static TokenHash hash(int number, char kind) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) number;
    bytes[1] = (byte) kind;
    return new TokenHash(bytes);
  }

  private static TokenHash token(User user) {
    return hash(1, user.handle().value().charAt(0));
  }

  private Optional<Instant> keep(int number, User user, boolean through, Duration valid) {
    byte[] session = ("session " + number).getBytes(UTF_8);
    NewSecret secret =
        new NewSecret(hash(number, 's'), token(user), account(user, through), session);
    return switch (ports.clientSecrets().keep(secret, valid)) {
      case Keeping.Kept kept -> Optional.of(kept.expires());
      case Keeping.Refused refused -> {
        assertThat(refused.why()).isEqualTo(Why.TOO_MANY);
        yield Optional.empty();
      }
    };
  }

  private boolean take(int number, User user, boolean through) {
    return ports.clientSecrets().take(hash(number, 's'), account(user, through));
  }

  @Test
  void a_secret_is_used_once_and_for_what_it_was_made() {
    assertThat(keep(1, bob, false, MINUTE)).isPresent();
    assertThat(keep(2, bob, true, MINUTE)).isPresent();

    KeptSecret kept = ports.clientSecrets().find(hash(1, 's')).orElseThrow();
    assertThat(kept.token()).isEqualTo(hash(1, 'b'));
    assertThat(kept.service()).isEqualTo(service.id());
    assertThat(kept.session()).asString(UTF_8).isEqualTo("session 1");
    assertThat(ports.clientSecrets().find(hash(9, 's'))).isEmpty();
    assertThat(take(1, alice, false)).isFalse();
    assertThat(take(1, bob, true)).isFalse();
    assertThat(take(2, bob, false)).isFalse();
    Instance other = stored(AnInstance.of(alice, "other").build());
    assertThat(ports.clientSecrets().take(hash(1, 's'), AUsage.of(bob, other).account())).isFalse();
    assertThat(take(1, bob, false)).isTrue();
    assertThat(take(1, bob, false)).isFalse();
    assertThat(ports.clientSecrets().find(hash(1, 's'))).isEmpty();
    assertThat(take(2, bob, true)).isTrue();
  }

  @Test
  void what_has_expired_can_not_be_used_and_leaves_its_place() {
    for (int i = 0; i < ClientSecretStore.MOST_OF_USER; i++) {
      assertThat(keep(i, bob, false, Duration.ZERO)).isPresent();
    }
    int last = ClientSecretStore.MOST_OF_USER - 1; // the others have left their places
    assertThat(ports.clientSecrets().find(hash(last, 's'))).isEmpty();
    assertThat(take(last, bob, false)).isFalse();
    assertThat(keep(100, bob, false, MINUTE)).isPresent();
    assertThat(ports.clientSecrets().removeOld()).isZero();
    assertThat(take(100, bob, false)).isTrue();
  }

  @Test
  void a_user_has_a_bounded_number() {
    for (int i = 0; i < ClientSecretStore.MOST_OF_USER; i++) {
      assertThat(keep(i, bob, false, MINUTE)).isPresent();
    }
    assertThat(keep(100, bob, false, MINUTE)).isEmpty();
    assertThat(keep(101, alice, false, MINUTE)).isPresent();
    assertThat(take(7, bob, false)).isTrue();
    assertThat(keep(102, bob, false, MINUTE)).isPresent();
  }

  /**
   * If each account counted alone, few people with many accounts could take the places of
   * everybody.
   */
  @Test
  void service_accounts_count_together_with_the_person_responsible() {
    User build = AUser.called("worker").serviceAccountOf(bob).build();
    User deploy = AUser.called("deploy").serviceAccountOf(bob).build();
    for (User account : List.of(build, deploy)) {
      ports.users().insert(account);
      ports.accessTokens().save(AToken.of(account).build(), token(account));
    }
    for (int i = 0; i < ClientSecretStore.MOST_OF_USER; i++) {
      assertThat(keep(i, i % 2 == 0 ? bob : build, false, MINUTE)).isPresent();
    }
    assertThat(keep(100, bob, false, MINUTE)).isEmpty();
    assertThat(keep(101, build, false, MINUTE)).isEmpty();
    assertThat(keep(102, deploy, false, MINUTE)).isEmpty();
    assertThat(keep(103, alice, false, MINUTE)).isPresent();
    assertThat(take(1, build, false)).isTrue();
    assertThat(keep(104, deploy, false, MINUTE)).isPresent();
  }
}
