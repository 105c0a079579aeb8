package io.claviger.web.sharing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.claviger.application.shares.GivenShare;
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
    Instant createdAt,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<LimitsJson> limitsRemoved) {

  static ShareJson of(Share share) {
    return of(share, Optional.empty());
  }

  /** A share that was given without any word about limits. It says which ones that removed. */
  static ShareJson of(GivenShare given) {
    return of(given.share(), given.limitsBefore().map(LimitsJson::of));
  }

  private static ShareJson of(Share share, Optional<LimitsJson> limitsRemoved) {
    return new ShareJson(
        share.granteeHandle().value(),
        Roles.wireName(share.terms().role()),
        share.terms().mayReshare(),
        share.terms().expiresAt(),
        LimitsJson.of(share.terms().limits()),
        share.givenBy().map(Handle::value),
        share.version(),
        share.createdAt(),
        limitsRemoved);
  }
}
