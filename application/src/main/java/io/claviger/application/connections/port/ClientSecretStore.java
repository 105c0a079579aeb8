package io.claviger.application.connections.port;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores secrets, each of which can open one WebSocket. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface ClientSecretStore {
  /**
   * The greatest number of secrets of one user that can be valid at a time. Service accounts count
   * together with the person or group responsible for them. If several of these users make secrets
   * at the same moment, there may be a few more secrets.
   */
  int MOST_OF_USER = 64;

  /** The greatest number of stored secrets, including those that have just expired. */
  int MOST = 4_096;

  /**
   * Stores a secret, which is deleted with its token, service or project.
   *
   * @return when the secret expires; empty if the user, or all users together, have too many
   *     secrets
   */
  Optional<Instant> keep(NewSecret secret, Duration valid);

  /** Returns a stored secret; empty if the secret is unknown, used or expired. */
  Optional<KeptSecret> find(TokenHash secret);

  /**
   * Marks a secret as used. If several callers try this at the same time, only one succeeds.
   *
   * @param account the user who opens a WebSocket with the secret, and the service to which it
   *     leads
   * @return whether this call has used the secret; false if the secret is unknown, used or expired,
   *     or was made for another account
   */
  boolean take(TokenHash secret, UsageAccount account);

  /** Removes expired secrets. */
  int removeOld();

  /**
   * A secret that was just made.
   *
   * @param token the access token that created the secret
   * @param account the user who made the secret, and the service for which the secret was made
   * @param session the settings of the session, sealed; at most 20,000 bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record NewSecret(TokenHash secret, TokenHash token, UsageAccount account, byte[] session) {}

  /**
   * A secret that can be used.
   *
   * @param token the access token that created the secret
   * @param service the service for which the secret was made
   * @param session the settings of the session, sealed
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record KeptSecret(TokenHash token, Instance.Id service, byte[] session) {}
}
