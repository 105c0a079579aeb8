package io.claviger.domain.scim;

import java.util.Optional;

/**
 * What the operator set about SCIM.
 *
 * @param subject how the users of SCIM and those who sign in are known to be the same
 * @param deletes whether a DELETE deletes a user on whom nobody depends; otherwise it only suspends
 * @param administratorGroup the exact value by which the identity provider names the group whose
 *     members are administrators; empty if no group makes administrators
 */
public record ScimSettings(
    ScimSubject subject, boolean deletes, Optional<String> administratorGroup) {
  public static final ScimSettings DEFAULT =
      new ScimSettings(ScimSubject.DEFAULT, false, Optional.empty());
}
