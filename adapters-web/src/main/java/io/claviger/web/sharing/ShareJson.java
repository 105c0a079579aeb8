package io.claviger.web.sharing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Share;
import io.claviger.web.policy.LimitsJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A share of an LLM service as the API shows it, even if the share has expired.
 *
 * @param dependsOn the co-owner who gave the share, and with whose own share it ends; empty if an
 *     owner gave it
 */
record ShareJson(
    Optional<String> user,
    String grantee,
    String role,
    boolean mayReshare,
    boolean toEverybody,
    Optional<Instant> expiresAt,
    LimitsJson limits,
    LimitsJson pooledLimits,
    int weight,
    Optional<String> givenBy,
    Optional<String> dependsOn,
    long version,
    Instant createdAt,
    Optional<String> appliedBy,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<LimitsJson> limitsRemoved,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<LimitsJson> pooledLimitsRemoved,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<String> leavesPool,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> modelsWithoutPrice) {

  static ShareJson of(Share share) {
    return of(share, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Returns a share that was just given. The result states the limits that were removed because the
   * request did not mention them.
   *
   * @param leavesPool the group whose pooled limits no longer apply to the grantee's calls
   */
  static ShareJson of(
      GivenShare given,
      boolean withoutLimits,
      boolean withoutPooledLimits,
      Optional<Handle> leavesPool) {
    return of(
        given.share(),
        given.limitsBefore().filter(limits -> withoutLimits),
        given.pooledLimitsBefore().filter(limits -> withoutPooledLimits),
        leavesPool);
  }

  private static ShareJson of(
      Share share,
      Optional<Limits> limitsRemoved,
      Optional<Limits> pooledLimitsRemoved,
      Optional<Handle> leavesPool) {
    return new ShareJson(
        share.grantee().user().map(Handle::value),
        share.grantee().name().toString(),
        share.terms().role().wireName(),
        share.terms().mayReshare(),
        share.terms().toEverybody(),
        share.terms().expiresAt(),
        LimitsJson.of(share.terms().limits()),
        LimitsJson.of(share.terms().pooledLimits()),
        share.terms().weight().value(),
        share.givenBy().map(Handle::value),
        share.givenVia().flatMap(coOwner -> share.givenBy()).map(Handle::value),
        share.version(),
        share.createdAt(),
        share.appliedBy().map(AppliedBy::value),
        limitsRemoved.map(LimitsJson::of),
        pooledLimitsRemoved.map(LimitsJson::of),
        leavesPool.map(Handle::value),
        List.of());
  }

  /**
   * Returns a copy that also lists the given models. Calls to these models are refused until the
   * models have a price.
   */
  ShareJson refusing(List<ModelName> models) {
    return new ShareJson(
        user,
        grantee,
        role,
        mayReshare,
        toEverybody,
        expiresAt,
        limits,
        pooledLimits,
        weight,
        givenBy,
        dependsOn,
        version,
        createdAt,
        appliedBy,
        limitsRemoved,
        pooledLimitsRemoved,
        leavesPool,
        models.stream().map(ModelName::value).toList());
  }
}
