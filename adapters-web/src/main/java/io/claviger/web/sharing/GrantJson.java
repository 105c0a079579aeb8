package io.claviger.web.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sharing.Share;
import io.claviger.web.policy.Roles;
import java.time.Instant;
import java.util.Optional;

/** A share of a project or definition as the API shows it. It has only a role, without limits. */
public record GrantJson(
    String user, String role, Optional<String> givenBy, long version, Instant createdAt) {

  public static GrantJson of(Share share) {
    return new GrantJson(
        share.granteeHandle().value(),
        Roles.wireName(share.terms().role()),
        share.givenBy().map(Handle::value),
        share.version(),
        share.createdAt());
  }
}
