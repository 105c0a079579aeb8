package io.claviger.application.identity;

import io.claviger.domain.identity.GroupSelection;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.keys.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings for sign-in with the organization's identity provider.
 *
 * @param scopes the requested scopes, including {@code openid}
 * @param administratorGroup the group whose members are administrators; empty if there is none
 * @param allowedGroups the groups whose members may sign in; membership in one of these groups is
 *     enough; if empty, everybody may sign in
 * @param maxAge how long after the last sign-in the access tokens of a user without an offline
 *     token are accepted
 */
public record OidcSettings(
    Issuer issuer,
    Client client,
    List<String> scopes,
    Claims claims,
    Optional<String> administratorGroup,
    Set<String> allowedGroups,
    Duration maxAge) {
  public static final List<String> DEFAULT_SCOPES =
      List.of("openid", "profile", "email", "offline_access");
  public static final String DEFAULT_HANDLE_CLAIM = "preferred_username";
  public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(7);

  public OidcSettings {
    scopes = List.copyOf(scopes);
    allowedGroups = Set.copyOf(allowedGroups);
    if (!scopes.contains("openid")) {
      throw new IllegalArgumentException("the scopes must contain openid");
    }
  }

  /**
   * Claviger's registration at the identity provider.
   *
   * @param secret the client secret; empty if the client is public, and only PKCE protects it
   * @param redirectUri the URI to which the identity provider redirects the browser
   */
  public record Client(String id, Optional<Secret> secret, URI redirectUri) {}

  /**
   * The names of the claims that Claviger reads in addition to the standard claims.
   *
   * @param handle the claim from which a new user's handle is made
   * @param handleDomain the domain after the {@code @} in the values of the handle claim. This
   *     domain is left out of handles. Empty if the values do not end with a domain
   * @param groups the claim that lists a person's groups; empty if the provider states no groups
   * @param followed the rule that decides which of the provider's groups become groups of Claviger
   */
  public record Claims(
      String handle,
      Optional<String> handleDomain,
      Optional<String> groups,
      GroupSelection followed) {

    Optional<String> withoutDomain(String name) {
      if (handleDomain.isEmpty()) {
        return Optional.of(name);
      }
      String end = "@" + handleDomain.get();
      int length = name.length() - end.length();
      return length > 0 && name.regionMatches(true, length, end, 0, end.length())
          ? Optional.of(name.substring(0, length))
          : Optional.empty();
    }
  }
}
