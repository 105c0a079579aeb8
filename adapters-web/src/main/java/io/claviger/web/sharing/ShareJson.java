package io.claviger.web.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sharing.Share;
import io.claviger.web.policy.LimitsJson;
import io.claviger.web.policy.Roles;
import java.time.Instant;
import java.util.Optional;

/** A share of an LLM service as the API shows it, even if it has expired. */
record ShareJson(
    String user,
    String role,
    boolean mayReshare,
    Optional<Instant> expiresAt,
    LimitsJson limits,
    Optional<String> givenBy,
    long version,
    Instant createdAt) {

  static ShareJson of(Share share) {
    return new ShareJson(
        share.granteeHandle().value(),
        Roles.wireName(share.terms().role()),
        share.terms().mayReshare(),
        share.terms().expiresAt(),
        LimitsJson.of(share.terms().limits()),
        share.givenBy().map(Handle::value),
        share.version(),
        share.createdAt());
  }
}
