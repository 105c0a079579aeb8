package io.claviger.application.identity.port;

import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/**
 * What the identity provider says about a person. All of it was validated as OpenID Connect
 * demands.
 *
 * @param handle the text of the handle claim
 * @param session the identity provider's name of its session ({@code sid})
 */
public record ProvidedIdentity(
    Identity identity,
    Optional<String> handle,
    Optional<String> name,
    Optional<String> email,
    GroupsClaim groups,
    Optional<String> session,
    Optional<Grant> grant) {

  /**
   * Permission to ask again later.
   *
   * @param refreshToken the receiver closes it
   * @param offline whether it outlives the person's session at the identity provider
   */
  public record Grant(Secret refreshToken, boolean offline) {}
}
