package io.claviger.domain.trusts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.ExchangeDecision.Accepted;
import io.claviger.domain.trusts.ExchangeDecision.Reason;
import io.claviger.domain.trusts.ExchangeDecision.Rejected;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExchangeDecisionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String AUDIENCE = "https://claviger.example";
  private static final Issuer ISSUER = new Issuer("https://ci.example");
  private static final Trust TRUST = trust("main", "repo:acme/app", Map.of("ref", "main"), 600);

  /** Every combination of faults. The first fault is the reason. */
  @Test
  void a_jwt_is_accepted_exactly_when_all_of_it_fits() {
    for (int bits = 0; bits < 64; bits++) {
      boolean audience = (bits & 1) == 0;
      boolean lasts = (bits & 2) == 0;
      boolean begun = (bits & 4) == 0;
      boolean issuer = (bits & 8) == 0;
      boolean subject = (bits & 16) == 0;
      boolean claim = (bits & 32) == 0;
      PresentedJwt jwt =
          new PresentedJwt(
              issuer ? ISSUER : new Issuer("https://other.example"),
              subject ? "repo:acme/app" : "repo:acme/other",
              List.of(audience ? AUDIENCE : "https://other.example"),
              Map.of("ref", claim ? "main" : "other"),
              lasts ? NOW.plusSeconds(300) : NOW,
              Optional.of(begun ? NOW : NOW.plusSeconds(61)),
              Optional.of(NOW));
      ExchangeDecision expected =
          !audience
              ? new Rejected(Reason.OTHER_AUDIENCE)
              : !lasts
                  ? new Rejected(Reason.EXPIRED)
                  : !begun
                      ? new Rejected(Reason.NOT_YET_VALID)
                      : issuer && subject && claim
                          ? new Accepted(TRUST, NOW.plusSeconds(300))
                          : new Rejected(Reason.NOT_TRUSTED);

      assertThat(ExchangeDecision.of(jwt, AUDIENCE, List.of(TRUST), NOW)).isEqualTo(expected);
    }
  }

  /** Anybody could get a JWT that only a kind of subject and no claim describes. */
  @Test
  void a_trust_that_names_nobody_accepts_nothing() {
    PresentedJwt jwt = jwt(List.of(AUDIENCE), NOW.plusSeconds(60), NOW);

    assertThat(decide(jwt, trust("all", "repo:*", Map.of(), 600)))
        .isEqualTo(new Rejected(Reason.NOT_TRUSTED));
    assertThat(decide(jwt, trust("claim", "repo:*", Map.of("ref", "main"), 600)))
        .isInstanceOf(Accepted.class);
    assertThat(decide(jwt, trust("owner", "repo:acme/*", Map.of(), 600)))
        .isInstanceOf(Accepted.class);
    assertThat(TRUST.terms().nameSomebody()).isTrue();
    assertThat(trust("all", "repo:*", Map.of(), 600).terms().nameSomebody()).isFalse();
  }

  @Test
  void required_claims_are_few_and_short_and_none_that_the_exchange_checks() {
    Map<String, String> most = new HashMap<>();
    for (int n = 0; n < RequiredClaims.MOST; n++) {
      most.put("c" + n, "v");
    }
    most.put("c0", "v".repeat(1_000));
    assertThat(new RequiredClaims(most).values()).hasSize(RequiredClaims.MOST);
    assertThat(new RequiredClaims(Map.of("c".repeat(200), "")).values()).hasSize(1);
    most.put("more", "v");
    for (Map<String, String> refused :
        List.of(
            most,
            Map.of("", "v"),
            Map.of("c".repeat(201), "v"),
            Map.of("c", "v".repeat(1_001)),
            Map.of("c", "\0"),
            Map.of("\0", "v"),
            Map.of("sub", "v"),
            Map.of("aud", "v"),
            Map.of("jti", "v"))) {
      assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new RequiredClaims(refused));
    }
  }

  @Test
  void access_tokens_live_from_a_minute_to_an_hour() {
    assertThat(trust("short", "s", Map.of(), 60).terms().maxLifetime()).hasSeconds(60);
    assertThat(trust("long", "s", Map.of(), 3600).terms().maxLifetime()).hasSeconds(3600);
    for (long refused : new long[] {59, 3601}) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(() -> trust("refused", "s", Map.of(), refused));
    }
  }

  @Test
  void another_audience_beside_claviger_is_one_too_many() {
    PresentedJwt jwt = jwt(List.of(AUDIENCE, "https://other.example"), NOW.plusSeconds(60), NOW);

    assertThat(decide(jwt, TRUST)).isEqualTo(new Rejected(Reason.OTHER_AUDIENCE));
    assertThat(decide(jwt(List.of(), NOW.plusSeconds(60), NOW), TRUST))
        .isEqualTo(new Rejected(Reason.OTHER_AUDIENCE));
  }

  @Test
  void a_jwt_that_was_issued_in_the_future_is_not_valid_yet() {
    assertThat(decide(jwt(List.of(AUDIENCE), NOW.plusSeconds(900), NOW.plusSeconds(61)), TRUST))
        .isEqualTo(new Rejected(Reason.NOT_YET_VALID));
    assertThat(decide(jwt(List.of(AUDIENCE), NOW.plusSeconds(900), NOW.plusSeconds(60)), TRUST))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void the_token_ends_with_the_jwt_or_the_trusts_lifetime_whichever_comes_first() {
    assertThat(decide(jwt(List.of(AUDIENCE), NOW.plusSeconds(599), NOW), TRUST))
        .isEqualTo(new Accepted(TRUST, NOW.plusSeconds(599)));
    assertThat(decide(jwt(List.of(AUDIENCE), NOW.plusSeconds(86_400), NOW), TRUST))
        .isEqualTo(new Accepted(TRUST, NOW.plusSeconds(600)));
  }

  @Test
  void of_several_trusts_the_one_with_the_longest_life_accepts() {
    Trust longer = trust("a", "repo:acme/*", Map.of(), 3_600);

    assertThat(
            ExchangeDecision.of(
                jwt(List.of(AUDIENCE), NOW.plusSeconds(86_400), NOW),
                AUDIENCE,
                List.of(TRUST, longer),
                NOW))
        .isEqualTo(new Accepted(longer, NOW.plusSeconds(3_600)));
  }

  private static ExchangeDecision decide(PresentedJwt jwt, Trust trust) {
    return ExchangeDecision.of(jwt, AUDIENCE, List.of(trust), NOW);
  }

  private static PresentedJwt jwt(List<String> audience, Instant expiresAt, Instant issuedAt) {
    return new PresentedJwt(
        ISSUER,
        "repo:acme/app",
        audience,
        Map.of("ref", "main"),
        expiresAt,
        Optional.empty(),
        Optional.of(issuedAt));
  }

  private static Trust trust(
      String name, String subject, Map<String, String> claims, long seconds) {
    return new Trust(
        new Trust.Id(new UUID(1, name.hashCode())),
        new User.Id(new UUID(2, 2)),
        new Handle(name),
        new TrustedIssuer(
            new TrustedIssuer.Id(new UUID(3, 3)), new Handle("ci"), ISSUER, 1, NOW, NOW),
        new TrustTerms(
            new SubjectPattern(subject), new RequiredClaims(claims), Duration.ofSeconds(seconds)),
        1,
        NOW,
        NOW);
  }
}
