package io.claviger.application.scim;

import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimToken;

/**
 * An identity provider that calls {@code /scim/v2}.
 *
 * @param address the caller's address as text, for the audit trail
 * @param requestId the id of the identity provider's request
 */
public record ScimCaller(ScimToken token, String address, String requestId) {
  Issuer issuer() {
    return token.issuer();
  }

  AuditedChanges.Program program() {
    return new AuditedChanges.Program(
        new AccessToken.Id(token.id().value()), "scim:" + token.name().value(), address, requestId);
  }
}
