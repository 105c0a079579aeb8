package io.claviger.application.credentials.port;

import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Optional;

/** Finds the tokens that this node has minted for services. */
@FunctionalInterface
public interface MintedStates {
  /** Finds no tokens. */
  MintedStates NONE = service -> MintedState.NONE;

  MintedState of(Instance service);

  /**
   * The token of a service on this node.
   *
   * @param mintedAt when the current token was made; empty if there is no token
   * @param expiresAt when the current token expires; empty if there is no token
   * @param lastError why the last attempt to get a token failed, without secrets; empty if that
   *     attempt succeeded
   */
  record MintedState(
      Optional<Instant> mintedAt, Optional<Instant> expiresAt, Optional<String> lastError) {
    public static final MintedState NONE =
        new MintedState(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
