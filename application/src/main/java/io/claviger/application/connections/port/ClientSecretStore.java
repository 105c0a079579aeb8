package io.claviger.application.connections.port;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores secrets that can open a WebSocket once. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface ClientSecretStore {
  /**
   * The maximum number of valid secrets of a user. A service account counts together with the
   * responsible person or group. Simultaneous requests can exceed this number by a few secrets.
   */
  int MOST_OF_USER = 64;

  /** The maximum number of stored secrets, including secrets that have just expired. */
  int MOST = 4_096;

  /**
   * Stores a secret. A secret is deleted together with its token, service or project, and when its
   * token gets a new text.
   */
  Keeping keep(NewSecret secret, Duration valid);

  /** Returns a stored secret. Empty if the secret is unknown, used or expired. */
  Optional<KeptSecret> find(TokenHash secret);

  /**
   * Marks a secret as used. If several callers use the same secret at the same time, only one of
   * them succeeds.
   *
   * @param account the user who opens a WebSocket with the secret, and the service of the WebSocket
   * @return whether this call has used the secret; false if the secret is unknown, used or expired,
   *     or belongs to another account
   */
  boolean take(TokenHash secret, UsageAccount account);

  /** Removes expired secrets. */
  int removeOld();

  /** The result of storing a secret. */
  sealed interface Keeping {
    record Kept(Instant expires) implements Keeping {}

    record Refused(Why why) implements Keeping {}
  }

  /** Why a secret is not stored. */
  enum Why {
    /** The user, or all users together, already have the maximum number of secrets. */
    TOO_MANY,
    /** The token was deleted, or has another text now. */
    TOKEN_ENDED,
    /** The service or project was deleted. */
    SERVICE_ENDED
  }

  /**
   * A new secret.
   *
   * @param token the access token that created the secret
   * @param account the user who created the secret, and the secret's service
   * @param session the sealed session settings, at most 20,000 bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record NewSecret(TokenHash secret, TokenHash token, UsageAccount account, byte[] session) {}

  /**
   * A usable secret.
   *
   * @param token the access token that created the secret
   * @param service the secret's service
   * @param session the sealed session settings
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record KeptSecret(TokenHash token, Instance.Id service, byte[] session) {}
}
