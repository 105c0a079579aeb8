package io.claviger.domain.identity;

import java.util.Optional;

/**
 * Who had a handle and was deleted. Files of {@code apply}, settings of programs and people may
 * still mean this user by it.
 *
 * @param identity the identity that was linked at the end
 * @param provisioned by what an issuer named the user by SCIM
 */
public record FormerUser(Optional<Identity> identity, Optional<Provisioned> provisioned) {
  public record Provisioned(Issuer issuer, String externalId) {}

  public boolean had(Identity other) {
    return identity.equals(Optional.of(other));
  }

  /**
   * Whether the user signed in at an issuer by this subject.
   *
   * @param subject any text, which need not be a subject at all
   */
  public boolean had(Issuer issuer, String subject) {
    return identity
        .filter(one -> one.issuer().equals(issuer) && one.subject().value().equals(subject))
        .isPresent();
  }

  /** Whether an issuer says by SCIM that somebody new is this user. */
  public boolean was(Issuer issuer, Optional<String> externalId) {
    return externalId
        .map(id -> new Provisioned(issuer, id))
        .filter(one -> provisioned.equals(Optional.of(one)))
        .isPresent();
  }
}
