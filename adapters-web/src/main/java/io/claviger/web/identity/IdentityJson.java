package io.claviger.web.identity;

import io.claviger.domain.identity.LinkedIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The identity of a user as the API shows it. */
record IdentityJson(
    String issuer,
    String subject,
    Instant linkedAt,
    Optional<Instant> signedInAt,
    Unfollowed unfollowedGroups) {

  /** The groups there in which the user is not here. */
  record Unfollowed(boolean tooMany, List<String> named, int count) {}

  static IdentityJson of(LinkedIdentity linked) {
    return new IdentityJson(
        linked.identity().issuer().value(),
        linked.identity().subject().value(),
        linked.linkedAt(),
        linked.signedInAt(),
        new Unfollowed(
            linked.unfollowed().tooMany(),
            linked.unfollowed().named(),
            linked.unfollowed().count()));
  }
}
