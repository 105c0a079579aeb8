package io.claviger.web.trusts;

import io.claviger.application.trusts.Trusts.TrustContent;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.TrustTerms;
import io.claviger.web.json.Json;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonLocation;
import io.claviger.web.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

final class TrustReader {
  static final List<String> READ_ONLY = List.of("name");

  private TrustReader() {}

  static Field<Issuer> issuer(JsonObject fields) {
    return fields.required(
        "issuer", JsonConverter.text(Issuer::new), "Give the address of the issuer.");
  }

  /**
   * Reads a trust. Call the returned supplier only after {@link JsonObject#rejectUnread} has found
   * all fields valid.
   */
  static Supplier<TrustContent> read(JsonObject fields) {
    Field<Handle> issuer =
        fields.required(
            "issuer", JsonConverter.text(Handle::new), "Name one of the trusted issuers.");
    Field<SubjectPattern> subject =
        fields.required(
            "subject", JsonConverter.text(SubjectPattern::new), "Say whose tokens are accepted.");
    Field<RequiredClaims> claims = fields.value("claims", TrustReader::claims);
    Field<Duration> lifetime =
        fields.value("max_lifetime", JsonConverter.wholeNumber(TrustReader::lifetime));
    return () ->
        new TrustContent(
            issuer.given().orElseThrow(),
            new TrustTerms(
                subject.given().orElseThrow(),
                claims.or(RequiredClaims.NONE),
                lifetime.or(TrustTerms.LONGEST)));
  }

  private static Duration lifetime(int seconds) {
    Duration lifetime = Duration.ofSeconds(seconds);
    if (!TrustTerms.isLifetime(lifetime)) {
      throw new InvalidValue("max_lifetime", TrustTerms.LIFETIMES);
    }
    return lifetime;
  }

  private static Optional<RequiredClaims> claims(Json json, JsonLocation at) {
    if (!(json instanceof Json.Members members)) {
      return at.wrongType(json, "an object");
    }
    Map<String, String> claims = new HashMap<>();
    for (Map.Entry<String, Json> claim : members.byName().entrySet()) {
      if (!(claim.getValue() instanceof Json.Text text)) {
        return at.at(claim.getKey()).wrongType(claim.getValue(), "a string");
      }
      claims.put(claim.getKey(), text.value());
    }
    return at.attempt(() -> new RequiredClaims(claims));
  }
}
