package io.claviger.application.identity.port;

import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * The identity provider's statements about a person. All values were validated as OpenID Connect
 * requires.
 *
 * @param handle the text of the handle claim
 * @param session the identity provider's name for the person's session ({@code sid})
 * @param objectId the claim {@code oid}, by which Microsoft Entra names a person to all clients; at
 *     most 255 characters
 * @param sinceProof how long ago the person has proven to the provider who they are; empty if the
 *     provider does not say so
 */
public record ProvidedIdentity(
    Identity identity,
    Optional<String> handle,
    Optional<String> name,
    Optional<String> email,
    GroupsClaim groups,
    Optional<String> session,
    Optional<Grant> grant,
    Optional<String> objectId,
    Optional<Duration> sinceProof) {
  /** The maximum length of a session name in characters. */
  private static final int LONGEST_SESSION = 255;

  /**
   * @throws IdentityProvider.InvalidResponse when the session name can't be stored. Without a
   *     stored name, the provider could not end the session later
   */
  public ProvidedIdentity {
    session.ifPresent(ProvidedIdentity::demandStorable);
  }

  static void demandStorable(String session) {
    if (session.length() > LONGEST_SESSION || session.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
      throw new IdentityProvider.InvalidResponse(
          "The identity provider's session name (sid) can't be used: it is longer than 255"
              + " characters, or has characters that are not visible ASCII characters.");
    }
  }

  /**
   * The permission to ask the identity provider about the person again later.
   *
   * @param refreshToken the refresh token, which the receiver must close
   * @param offline whether the token outlives the person's session at the identity provider
   */
  public record Grant(Secret refreshToken, boolean offline) {}
}
