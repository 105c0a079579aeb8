package io.claviger.web.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.web.accounts.EndedJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The identity of a user as the API shows it. */
record IdentityJson(
    String issuer,
    String subject,
    Instant linkedAt,
    Optional<Instant> signedInAt,
    Unfollowed unfollowedGroups,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<EndedJson> ended) {

  /** The groups there in which the user is not here. */
  record Unfollowed(boolean tooMany, List<String> named, int count) {}

  static IdentityJson of(LinkedIdentity linked) {
    return of(linked, Optional.empty());
  }

  /**
   * @param ended what ended because the identity was linked
   */
  static IdentityJson of(LinkedIdentity linked, Optional<EndedCredentials> ended) {
    return new IdentityJson(
        linked.identity().issuer().value(),
        linked.identity().subject().value(),
        linked.linkedAt(),
        linked.signedInAt(),
        new Unfollowed(
            linked.unfollowed().tooMany(),
            linked.unfollowed().named(),
            linked.unfollowed().count()),
        ended.map(EndedJson::of));
  }
}
