package io.claviger.persistence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.connections.ClientSecrets;
import io.claviger.application.connections.ClientSecrets.MadeSecret;
import io.claviger.application.connections.ClientSecrets.UsableSecret;
import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.application.fakes.InMemoryLinkCipher;
import io.claviger.application.fakes.SeededRandomBytes;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.testkit.Race;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets for WebSockets that 16 threads make and use at once. */
@SuppressWarnings("NullAway.Init") // set before each test
final class ClientSecretRacesTest {
  private static final int THREADS = 16;
  private static final SecretChange KEEP = new SecretChange.Keep();
  private static final TokenHash TOKEN = new TokenHash(new byte[32]);
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private final ClientSecrets secrets =
      new ClientSecrets(PORTS.clientSecrets(), new InMemoryLinkCipher(), new SeededRandomBytes(7));
  private User alice;
  private AccessToken token;
  private UsageAccount account;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    alice = AUser.called("alice").build();
    PORTS.users().insert(alice);
    token = AToken.of(alice).build();
    PORTS.accessTokens().save(token, TOKEN);
    Instance service = AnInstance.of(alice, "chat").build();
    PORTS.instances().insert(service, KEEP, KEEP);
    account =
        new UsageAccount(
            alice.id(), alice.handle(), service.id(), service.ref(), alice.id(), Optional.empty());
  }

  private Optional<MadeSecret> make() {
    return make(TOKEN, account);
  }

  private Optional<MadeSecret> make(TokenHash token, UsageAccount by) {
    return secrets.make(token, by, "{}".getBytes(UTF_8), ClientSecrets.LONGEST);
  }

  @Race.Repeated
  void one_connection_is_opened_with_a_secret() {
    MadeSecret made = make().orElseThrow();

    List<Boolean> opened = Race.of(THREADS, n -> secrets.take(made.secret(), account), 1);

    assertThat(opened).containsOnlyOnce(true);
    assertThat(secrets.find(made.secret())).isEmpty();
  }

  @Race.Repeated
  void nobody_has_more_than_their_places_and_all_of_them_are_given() {
    List<Boolean> given = Race.of(THREADS, n -> make().isPresent(), 6);

    assertThat(given.stream().filter(made -> made)).hasSize(ClientSecretStore.MOST_OF_USER);
  }

  /** Each thread that has found room may add one. */
  @Race.Repeated
  void accounts_of_the_same_person_have_hardly_more_together() {
    List<TokenHash> tokens = new ArrayList<>();
    List<UsageAccount> accounts = new ArrayList<>();
    for (int n = 0; n < THREADS; n++) {
      User worker = AUser.called("worker-" + n).serviceAccountOf(alice).build();
      byte[] hash = new byte[32];
      hash[0] = (byte) (n + 1);
      PORTS.users().insert(worker);
      PORTS.accessTokens().save(AToken.of(worker).build(), new TokenHash(hash));
      tokens.add(new TokenHash(hash));
      accounts.add(
          new UsageAccount(
              worker.id(),
              worker.handle(),
              account.instance(),
              account.ref(),
              alice.id(),
              Optional.empty()));
    }

    List<Boolean> given =
        Race.of(THREADS, n -> make(tokens.get(n), accounts.get(n)).isPresent(), 6);

    assertThat(given.stream().filter(made -> made))
        .hasSizeBetween(
            ClientSecretStore.MOST_OF_USER, ClientSecretStore.MOST_OF_USER + THREADS - 1);
  }

  @Test
  void secrets_are_gone_with_the_token_that_made_them() {
    MadeSecret made = make().orElseThrow();
    assertThat(secrets.find(made.secret()).map(UsableSecret::token)).contains(TOKEN);

    PORTS.accessTokens().delete(token.user(), token.id());

    assertThat(secrets.find(made.secret())).isEmpty();
    assertThat(secrets.take(made.secret(), account)).isFalse();
    assertThat(make()).isEmpty();
  }
}
