package io.claviger.application.identity;

import io.claviger.domain.identity.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The OpenID provider with which people sign in.
 *
 * @param scopes the scopes that are asked for; {@code openid} is one of them
 * @param handleClaim the claim from which a new user's handle is made
 * @param maxAge how long a user's tokens live without a new sign-in, where the provider gives no
 *     offline token
 */
public record OidcSettings(
    Issuer issuer,
    Client client,
    List<String> scopes,
    String handleClaim,
    GroupClaims groups,
    Duration maxAge) {
  public OidcSettings {
    scopes = List.copyOf(scopes);
  }

  /**
   * Claviger as the provider knows it.
   *
   * @param secret empty for a public client
   * @param publicUrl where browsers reach the API: scheme, host and port, without a path and a
   *     slash at the end
   */
  public record Client(String id, Optional<ClientSecret> secret, URI publicUrl) {
    private static final String CALLBACK = "/console/sign-in/callback";

    /** Where the provider sends browsers back to. */
    public URI redirectUri() {
      return publicUrl.resolve(CALLBACK);
    }
  }

  /**
   * What the provider says about groups.
   *
   * @param claim the claim that lists a person's groups; without it nothing is said of groups
   * @param adminGroup the exact value that makes an administrator
   * @param allowed who has none of these exact values may not sign in; empty: everybody may
   */
  public record GroupClaims(
      Optional<String> claim, Optional<String> adminGroup, Set<String> allowed) {
    public GroupClaims {
      allowed = Set.copyOf(allowed);
    }
  }
}
