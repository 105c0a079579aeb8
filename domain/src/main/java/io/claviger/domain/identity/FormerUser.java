package io.claviger.domain.identity;

import java.util.Optional;

/**
 * A deleted user who had a certain handle. Files of {@code apply}, settings of programs, and people
 * may still mean this user when they use the handle.
 *
 * @param identity the identity that was last linked to the user; empty if none was ever linked
 * @param provisioned the identifiers that an issuer gave the user by SCIM; empty if no issuer gave
 *     identifiers
 */
public record FormerUser(Optional<Identity> identity, Optional<Provisioned> provisioned) {
  public record Provisioned(Issuer issuer, String externalId) {}

  public boolean had(Identity other) {
    return identity.equals(Optional.of(other));
  }

  /**
   * Whether the user signed in at an issuer with this subject.
   *
   * @param subject the subject, which may be a text that is not a valid subject
   */
  public boolean had(Issuer issuer, String subject) {
    return identity
        .filter(one -> one.issuer().equals(issuer) && one.subject().value().equals(subject))
        .isPresent();
  }

  /** Whether an issuer's SCIM data shows that a new person is this user. */
  public boolean was(Issuer issuer, Optional<String> externalId) {
    return externalId
        .map(id -> new Provisioned(issuer, id))
        .filter(one -> provisioned.equals(Optional.of(one)))
        .isPresent();
  }
}
