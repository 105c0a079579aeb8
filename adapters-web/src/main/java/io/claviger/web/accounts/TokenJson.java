package io.claviger.web.accounts;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.web.policy.LimitsJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An access token as the API shows it, without the token's text. */
record TokenJson(
    UUID id,
    String name,
    String scope,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsedAt,
    Optional<String> service,
    Optional<String> project,
    LimitsJson limits,
    Optional<UUID> parent,
    Optional<Instant> refreshableUntil,
    Optional<String> importedFrom,
    Optional<List<String>> importedServices,
    Optional<BindingJson> boundTo,
    Optional<StrayJson> presentedElsewhere) {

  /** The networks or the certificate to which a token is bound. */
  record BindingJson(List<String> networks, Optional<String> certificateSha256) {
    static Optional<BindingJson> of(TokenBinding binding) {
      return binding.isNone()
          ? Optional.empty()
          : Optional.of(
              new BindingJson(
                  binding.networks().stream().map(AddressNet::text).toList(),
                  binding.certificate().map(CertificateThumbprint::value)));
    }
  }

  /**
   * The last request that presented the token from a place where the token is not accepted: when
   * the request arrived, and from where.
   */
  record StrayJson(Instant at, String from) {}

  static TokenJson of(AccessToken token) {
    return new TokenJson(
        token.id().value(),
        token.name().value(),
        token.scope().wireName(),
        token.createdAt(),
        token.expiresAt(),
        token.lastUsedAt(),
        service(token),
        project(token),
        LimitsJson.of(token.limits()),
        token.parent().map(AccessToken.Id::value),
        token.refreshableUntil(),
        token.imported().map(AccessToken.Imported::from),
        token.imported().flatMap(AccessToken.Imported::serviceRefs),
        BindingJson.of(token.binding()),
        token.stray().map(stray -> new StrayJson(stray.at(), stray.from())));
  }

  static Optional<String> service(AccessToken token) {
    return token
        .restriction()
        .filter(only -> only.service().isPresent())
        .map(TokenRestriction::ref);
  }

  static Optional<String> project(AccessToken token) {
    return token
        .restriction()
        .filter(only -> only.project().isPresent())
        .map(TokenRestriction::ref);
  }
}
