package io.claviger.application.connections;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.application.connections.port.ClientSecretStore.Keeping;
import io.claviger.application.connections.port.ClientSecretStore.NewSecret;
import io.claviger.application.requests.port.LinkCipher;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.ClientSecret;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Creates and redeems secrets for browsers. A secret opens a single WebSocket, so that web pages
 * need no access token. The WebSocket has the rights of the access token that created the secret,
 * and ends together with this token. The user who creates the secret chooses the session settings
 * of the WebSocket. The session settings are stored encrypted. The methods block while the database
 * is queried.
 */
public final class ClientSecrets {
  /** The maximum validity of a secret. */
  public static final Duration LONGEST = Duration.ofMinutes(10);

  /** The maximum size of the session settings in bytes. */
  public static final int LARGEST_SESSION = 16 << 10;

  private static final String MARK = "client secret\n";

  private final ClientSecretStore store;
  private final LinkCipher cipher;
  private final RandomBytes random;

  public ClientSecrets(ClientSecretStore store, LinkCipher cipher, RandomBytes random) {
    this.store = store;
    this.cipher = cipher;
    this.random = random;
  }

  /** The result of making a secret. */
  public sealed interface Making {}

  /** A new secret. A secret is shown only once. */
  public record MadeSecret(ClientSecret secret, Instant expires) implements Making {}

  /** No secret was made. */
  public record NotMade(ClientSecretStore.Why why) implements Making {}

  /**
   * A usable secret.
   *
   * @param token the access token that created the secret
   * @param service the secret's service
   * @param session the session settings
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  public record UsableSecret(TokenHash token, Instance.Id service, byte[] session) {}

  /**
   * Makes a secret.
   *
   * @param token the access token that creates the secret
   * @param account the user who creates the secret, and the secret's service
   * @param session the session settings, of at most {@link #LARGEST_SESSION} bytes
   * @param valid the time for which the secret is valid, at most {@link #LONGEST}
   */
  public Making make(TokenHash token, UsageAccount account, byte[] session, Duration valid) {
    if (session.length > LARGEST_SESSION || valid.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the validity or the session settings of a secret exceed their maximum");
    }
    // A secret's text needs 43 usable bytes, and about one byte in 32 is skipped. So 96 bytes
    // practically always suffice.
    ClientSecret secret = ClientSecret.of(random.next(96));
    TokenHash hash = secret.hash();
    byte[] begin = begin(hash);
    byte[] content = Arrays.copyOf(begin, begin.length + session.length);
    System.arraycopy(session, 0, content, begin.length, session.length);
    return switch (store.keep(
        new NewSecret(hash, token, account, cipher.encrypt(content)), valid)) {
      case Keeping.Kept kept -> new MadeSecret(secret, kept.expires());
      case Keeping.Refused refused -> new NotMade(refused.why());
    };
  }

  /**
   * Returns the beginning of a secret's sealed text. The beginning binds the sealed text to the
   * secret, so that the text can't be used for another secret.
   */
  private static byte[] begin(TokenHash hash) {
    return (MARK + HexFormat.of().formatHex(hash.bytes()) + "\n").getBytes(UTF_8);
  }

  /**
   * Returns a secret with its service and session settings. Empty if the secret is unknown, used or
   * expired.
   */
  public Optional<UsableSecret> find(ClientSecret secret) {
    return store
        .find(secret.hash())
        .flatMap(
            kept ->
                session(secret, kept.session())
                    .map(session -> new UsableSecret(kept.token(), kept.service(), session)));
  }

  private Optional<byte[]> session(ClientSecret secret, byte[] sealed) {
    byte[] begin = begin(secret.hash());
    return cipher
        .decrypt(sealed)
        .filter(
            content ->
                content.length >= begin.length
                    && Arrays.equals(content, 0, begin.length, begin, 0, begin.length))
        .map(content -> Arrays.copyOfRange(content, begin.length, content.length));
  }

  /**
   * Marks a secret as used.
   *
   * @param account the user who opens a WebSocket with the secret, and the service of the WebSocket
   * @return false if the secret is no longer usable, or if it belongs to another account
   */
  public boolean take(ClientSecret secret, UsageAccount account) {
    return store.take(secret.hash(), account);
  }
}
