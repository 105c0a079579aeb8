package io.claviger.domain.scim;

import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A token with which an identity provider calls {@code /scim/v2}. The token belongs to no user and
 * can be used for nothing else.
 *
 * @param issuer the identity provider. The token can read and change only users and groups of this
 *     identity provider
 */
public record ScimToken(
    Id id, TokenName name, Issuer issuer, Instant createdAt, Optional<Instant> lastUsedAt) {
  /** The maximum number of SCIM tokens at a time. */
  public static final int MOST = 20;

  /**
   * Whether the token is accepted. A token of a former identity provider must not change the users
   * of the present identity provider.
   *
   * @param signIn the issuer with which people sign in; empty if people sign in without an identity
   *     provider, and tokens of any issuer are accepted
   */
  public boolean isAccepted(Optional<Issuer> signIn) {
    return signIn.isEmpty() || signIn.get().equals(issuer);
  }

  /** The word that the audit trail records if a token was revoked because it leaked. */
  public static final String LEAKED = "leaked";

  /**
   * Identifies a token in lists and in the audit trail. Knowing the id of a token grants no access.
   */
  public record Id(UUID value) {}
}
