package io.claviger.application.connections.port;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps the secrets with which one WebSocket each can be opened. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface ClientSecretStore {
  /** How many secrets of one user can be valid at a time. */
  int MOST_OF_USER = 64;

  /** How many secrets can be kept, those that have just expired included. */
  int MOST = 4_096;

  /**
   * Keeps a secret. The secret is deleted with its token, service or project.
   *
   * @return when it expires; empty if the user or all users have too many
   */
  Optional<Instant> keep(NewSecret secret, Duration valid);

  /** Returns what is kept of a secret; empty if it is unknown, used or expired. */
  Optional<KeptSecret> find(TokenHash secret);

  /**
   * Uses a secret up. If several try at the same time, only one succeeds.
   *
   * @param account who opens a WebSocket with it, on which service
   * @return whether it was used now; it can't be if it is unknown, used or expired, or was made for
   *     another account
   */
  boolean take(TokenHash secret, UsageAccount account);

  /** Removes what has expired. */
  int removeOld();

  /**
   * A secret that was just made.
   *
   * @param token with which it was made
   * @param account the user who made the secret, and the service for which they made it
   * @param session the settings of the session, sealed; at most 20,000 bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record NewSecret(TokenHash secret, TokenHash token, UsageAccount account, byte[] session) {}

  /**
   * A secret that can be used.
   *
   * @param token with which it was made
   * @param service the service for which the secret was made
   * @param session the settings of the session, sealed
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record KeptSecret(TokenHash token, Instance.Id service, byte[] session) {}
}
