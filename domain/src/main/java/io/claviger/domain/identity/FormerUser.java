package io.claviger.domain.identity;

import java.util.Optional;

/**
 * A deleted user to whom a certain handle belonged. The handle might still be used for this user:
 * in a file of {@code claviger apply}, in a program's settings, or by a person.
 *
 * @param identity the last identity of the user; empty if the user never had one
 * @param provisioned the identifiers that an issuer gave the user by SCIM; empty if there are none
 */
public record FormerUser(Optional<Identity> identity, Optional<Provisioned> provisioned) {
  public record Provisioned(Issuer issuer, String externalId) {}

  public boolean had(Identity other) {
    return identity.equals(Optional.of(other));
  }

  /**
   * Whether the user had this subject at this issuer.
   *
   * @param subject the subject, which need not have the form of a valid subject
   */
  public boolean had(Issuer issuer, String subject) {
    return identity
        .filter(one -> one.issuer().equals(issuer) && one.subject().value().equals(subject))
        .isPresent();
  }

  /** Whether the data that an issuer sends by SCIM shows that a new person is this user. */
  public boolean was(Issuer issuer, Optional<String> externalId) {
    return externalId
        .map(id -> new Provisioned(issuer, id))
        .filter(one -> provisioned.equals(Optional.of(one)))
        .isPresent();
  }
}
