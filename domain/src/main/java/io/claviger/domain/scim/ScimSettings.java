package io.claviger.domain.scim;

import java.util.Optional;

/**
 * The operator's settings for SCIM.
 *
 * @param subject how a SCIM user is matched with a person who signs in
 * @param deletes whether a DELETE request deletes a user on whom nobody depends; if this is false,
 *     the request only suspends the user
 * @param administratorGroup the identity provider's exact value for the group whose members are
 *     administrators; empty if there is no such group
 */
public record ScimSettings(
    ScimSubject subject, boolean deletes, Optional<String> administratorGroup) {
  public static final ScimSettings DEFAULT =
      new ScimSettings(ScimSubject.DEFAULT, false, Optional.empty());
}
