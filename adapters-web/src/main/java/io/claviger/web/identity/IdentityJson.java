package io.claviger.web.identity;

import io.claviger.domain.identity.LinkedIdentity;
import java.time.Instant;
import java.util.Optional;

/** The identity of a user as the API shows it. */
record IdentityJson(String issuer, String subject, Instant linkedAt, Optional<Instant> signedInAt) {

  static IdentityJson of(LinkedIdentity linked) {
    return new IdentityJson(
        linked.identity().issuer().value(),
        linked.identity().subject().value(),
        linked.linkedAt(),
        linked.signedInAt());
  }
}
