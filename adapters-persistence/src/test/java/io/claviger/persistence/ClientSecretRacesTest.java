package io.claviger.persistence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.connections.ClientSecrets;
import io.claviger.application.connections.ClientSecrets.MadeSecret;
import io.claviger.application.connections.ClientSecrets.Making;
import io.claviger.application.connections.ClientSecrets.NotMade;
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
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets for WebSockets that 16 threads make and use at once. */
@SuppressWarnings("NullAway.Init") // set before each test
final class ClientSecretRacesTest {
  private static final int THREADS = 16;
  private static final SecretChange KEEP = new SecretChange.Keep();
  private static final TokenHash TOKEN = hash(0);
  private static final Instant END = Instant.parse("2100-01-01T00:00:00Z");
  private static final Making TOKEN_ENDED = new NotMade(ClientSecretStore.Why.TOKEN_ENDED);
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
    return making(token, by) instanceof MadeSecret made ? Optional.of(made) : Optional.empty();
  }

  private Making making(TokenHash token, UsageAccount by) {
    return secrets.make(token, by, "{}".getBytes(UTF_8), ClientSecrets.LONGEST);
  }

  private static TokenHash hash(int number) {
    return new TokenHash(ByteBuffer.allocate(32).putInt(number).array());
  }

  private void replaceText(TokenHash text) {
    boolean unused =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  PORTS.accessTokens().replaceText(token.id(), text, END);
                  return true;
                });
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
    assertThat(making(TOKEN, account)).isEqualTo(TOKEN_ENDED);
  }

  @Test
  void secrets_are_gone_with_the_text_of_the_token_that_made_them() {
    MadeSecret made = make().orElseThrow();

    replaceText(hash(1));

    assertThat(secrets.find(made.secret())).isEmpty();
    assertThat(making(TOKEN, account)).isEqualTo(TOKEN_ENDED);
    MadeSecret next = make(hash(1), account).orElseThrow();
    assertThat(secrets.find(next.secret()).map(UsableSecret::token)).contains(hash(1));
  }

  /** Half of the threads make secrets with the text that the other half replaces. */
  @Race.Repeated
  void a_secret_that_is_made_holds_off_no_new_text_and_ends_with_the_text() {
    AtomicInteger texts = new AtomicInteger();
    AtomicReference<TokenHash> present = new AtomicReference<>(TOKEN);
    Map<TokenHash, MadeSecret> last = new ConcurrentHashMap<>();

    List<Boolean> asExpected =
        Race.of(
            THREADS,
            n -> {
              if (n % 2 == 0) {
                TokenHash text = hash(texts.incrementAndGet());
                replaceText(text);
                present.set(text);
                return true;
              }
              TokenHash text = present.get();
              Making making = making(text, account);
              if (making instanceof MadeSecret made) {
                last.put(text, made);
                return true;
              }
              return making.equals(TOKEN_ENDED);
            },
            6);

    assertThat(asExpected).containsOnly(true);
    assertThat(last.entrySet())
        .filteredOn(made -> secrets.find(made.getValue().secret()).isPresent())
        .allSatisfy(made -> assertThat(PORTS.accessTokens().find(made.getKey())).isPresent());
  }

  /** A service that ends is not mistaken for a token that ends. */
  @Test
  void a_secret_for_a_service_that_has_ended_is_refused_as_such() {
    PORTS.instances().delete(account.instance());

    assertThat(making(TOKEN, account)).isEqualTo(new NotMade(ClientSecretStore.Why.SERVICE_ENDED));
  }
}
