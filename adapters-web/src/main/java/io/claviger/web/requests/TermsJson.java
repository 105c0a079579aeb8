package io.claviger.web.requests;

import io.claviger.domain.sharing.Share;
import io.claviger.web.policy.LimitsJson;
import io.claviger.web.policy.Roles;
import java.time.Instant;
import java.util.Optional;

/** The terms of a share, as they can be sent back to give it. */
record TermsJson(String role, boolean mayReshare, Optional<Instant> expiresAt, LimitsJson limits) {
  static TermsJson of(Share.Terms terms) {
    return new TermsJson(
        Roles.wireName(terms.role()),
        terms.mayReshare(),
        terms.expiresAt(),
        LimitsJson.of(terms.limits()));
  }
}
