package io.claviger.application.trusts;

import static io.claviger.application.Outcomes.done;
import static io.claviger.application.trusts.TrustWorld.AUDIENCE;
import static io.claviger.application.trusts.TrustWorld.BOT;
import static io.claviger.application.trusts.TrustWorld.CI;
import static io.claviger.application.trusts.TrustWorld.ISSUER;
import static io.claviger.application.trusts.TrustWorld.JWT;
import static io.claviger.application.trusts.TrustWorld.MAIN;
import static io.claviger.application.trusts.TrustWorld.PEOPLE;
import static io.claviger.application.trusts.TrustWorld.as;
import static io.claviger.application.trusts.TrustWorld.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.TokenExchange.Exchange;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.PresentedJwt;
import io.claviger.domain.trusts.TrustedIssuer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a JWT becomes a token of a service account, and what is on record about it. */
class TokenExchangeTest {
  private static final String SUBJECT = "repo:acme/app:ref:refs/heads/main";
  private static final Map<String, String> CLAIMS = Map.of("environment", "production");
  private final TrustWorld world = new TrustWorld().withIssuer();

  TokenExchangeTest() {
    world.trust("main", "repo:acme/app:*", CLAIMS, Duration.ofMinutes(10));
  }

  @Test
  void the_token_is_of_scope_use_and_names_what_it_was_exchanged_for() {
    Exchange.Issued issued = world.issued(jwt());

    AccessToken token = world.tokensOf(world.bot).getFirst();
    assertThat(token.scope()).isEqualTo(TokenScope.USE);
    assertThat(token.origin()).isEqualTo(AccessToken.Origin.EXCHANGED);
    assertThat(token.presentedSubject()).contains(SUBJECT);
    assertThat(token.name().value()).isEqualTo("main");
    assertThat(token.expiresAt()).contains(issued.expiresAt());
    assertThat(world.ports.accessTokens().find(issued.text().hash()).orElseThrow().token())
        .isEqualTo(token);
  }

  @ParameterizedTest
  @CsvSource({"60, 3600, 60", "3600, 60, 60", "86400, 3600, 3600"})
  void it_ends_with_the_jwt_or_the_trusts_lifetime_and_within_an_hour(
      long jwt, long lifetime, long expected) {
    world.trust("main", "repo:acme/app:*", CLAIMS, Duration.ofSeconds(lifetime));

    Exchange.Issued issued = world.issued(lasting(world.now().plusSeconds(jwt)));

    assertThat(issued.issuedAt()).isEqualTo(world.now());
    assertThat(issued.expiresAt()).isEqualTo(world.now().plusSeconds(expected));
  }

  @Test
  void a_jwt_may_be_exchanged_more_than_once() {
    assertThat(world.issued(jwt()).text()).isNotEqualTo(world.issued(jwt()).text());
    assertThat(world.tokensOf(world.bot)).hasSize(2);
  }

  @Test
  void an_issuer_that_nobody_trusts_is_never_asked() {
    world.ports.jwtVerifier().leave();

    assertRefused(of(new Issuer("https://evil.example")), "unknown_issuer");
  }

  @Test
  void what_is_no_jwt_is_refused() {
    assertThat(world.exchange.exchange("no jwt", BOT, "192.0.2.1", "request"))
        .isInstanceOf(Exchange.Refused.class);
    assertThat(world.refusal()).isEqualTo("unknown_issuer");
  }

  @Test
  void the_issuer_of_people_is_not_accepted_even_where_it_was_trusted_before() {
    TrustedIssuer ci = world.ports.trustedIssuers().find(CI).orElseThrow();
    world.ports.trustedIssuers().update(ci.with(PEOPLE, world.now()));

    assertRefused(of(PEOPLE), "unknown_issuer");
  }

  @Test
  void without_an_address_of_its_own_claviger_exchanges_nothing() {
    TrustWorld nameless = new TrustWorld(Optional.empty()).withIssuer();
    nameless.trust("main", "repo:acme/app:*", CLAIMS, Duration.ofMinutes(10));

    assertThat(nameless.exchange(jwt(), "bot")).isInstanceOf(Exchange.Refused.class);
    assertThat(nameless.refusal()).isEqualTo("unknown_issuer");
  }

  @Test
  void a_signature_that_does_not_hold_is_refused_without_repeating_what_was_claimed() {
    world.ports.jwtVerifier().put(JWT, jwt());
    world.ports.jwtVerifier().forge(JWT);

    assertThat(world.exchange.exchange(JWT, BOT, "192.0.2.1", "request"))
        .isInstanceOf(Exchange.Refused.class);
    assertThat(world.refusal()).isEqualTo("invalid_token");
    assertThat(world.lastEvent().presentedSubject()).isEmpty();
    assertThat(world.lastEvent().target().id()).isEmpty();
  }

  @Test
  void keys_that_cannot_be_had_are_no_fault_of_the_jwt() {
    world.ports.jwtVerifier().leave();

    assertThat(world.exchange(jwt(), "bot")).isInstanceOf(Exchange.IssuerAway.class);
    assertThat(world.refusal()).isEqualTo("issuer_unavailable");
  }

  @Test
  void another_audience_is_refused_also_beside_the_right_one() {
    for (List<String> audience :
        List.of(
            List.<String>of(),
            List.of("https://sts.example"),
            List.of(AUDIENCE + "/"),
            List.of(AUDIENCE, "https://sts.example"),
            List.of(AUDIENCE, AUDIENCE))) {
      assertRefused(
          new PresentedJwt(
              ISSUER, SUBJECT, audience, CLAIMS, inAnHour(), Optional.empty(), Optional.empty()),
          "other_audience");
    }
  }

  @Test
  void an_expired_jwt_is_refused_from_its_last_moment_on() {
    assertRefused(lasting(world.now()), "expired");
    assertRefused(lasting(world.now().minusSeconds(1)), "expired");
    assertThat(world.issued(lasting(world.now().plusSeconds(1))).expiresAt())
        .isEqualTo(world.now().plusSeconds(1));
  }

  @Test
  void clocks_may_differ_by_a_minute_and_no_more() {
    Optional<Instant> minute = Optional.of(world.now().plusSeconds(60));
    Optional<Instant> more = Optional.of(world.now().plusSeconds(61));

    assertThat(world.issued(beginning(minute, minute))).isNotNull();
    assertRefused(beginning(more, Optional.empty()), "not_yet_valid");
    assertRefused(beginning(Optional.empty(), more), "not_yet_valid");
  }

  @ParameterizedTest
  @CsvSource({
    "repo:acme/app2:ref:x, environment, production",
    "repo:acme/app:, environment, production",
    "REPO:acme/app:ref:x, environment, production",
    "repo:acme/app:ref:x, environment, Production",
    "repo:acme/app:ref:x, environment, production2",
    "repo:acme/app:ref:x, Environment, production"
  })
  void another_subject_or_claim_is_not_trusted(String subject, String claim, String value) {
    assertRefused(saying(subject, Map.of(claim, value)), "not_trusted");
    assertThat(world.lastEvent().presentedSubject()).contains(subject);
    assertThat(world.lastEvent().target().id()).contains(world.bot.id().value());
  }

  @Test
  void every_required_claim_has_to_be_there() {
    world.trust("main", "repo:acme/app:*", Map.of("a", "1", "b", "2"), Duration.ofMinutes(10));

    assertRefused(saying(SUBJECT, Map.of("a", "1")), "not_trusted");
    assertRefused(saying(SUBJECT, Map.of()), "not_trusted");
    assertThat(world.issued(saying(SUBJECT, Map.of("a", "1", "b", "2", "c", "3")))).isNotNull();
  }

  @Test
  void only_the_account_that_has_the_trust_is_lent() {
    User other = AUser.called("other").serviceAccountOf(world.alice).build();
    world.ports.users().insert(other);

    for (String account : List.of("other", "alice", "root", "nobody", "_system")) {
      assertThat(world.exchange(jwt(), account)).isInstanceOf(Exchange.Refused.class);
      assertThat(world.refusal()).isEqualTo("not_trusted");
      // If unverified names were recorded, anybody could write names of their choice into the audit
      // trail.
      assertThat(world.lastEvent().target().id()).isEmpty();
    }
    assertThat(world.tokensOf(other)).isEmpty();
  }

  @Test
  void a_suspended_account_gets_no_token() {
    world.ports.users().update(world.bot.withSuspension(Optional.of(world.now()), world.now()));

    assertRefused(jwt(), "not_trusted");
  }

  @Test
  void a_thousand_tokens_are_valid_at_a_time() {
    world.trust("main", "repo:acme/app:*", CLAIMS, Duration.ofMinutes(1));
    for (int i = 0; i < TokenExchange.MOST_LIVE; i++) {
      assertThat(world.issued(jwt())).isNotNull();
    }

    assertThat(world.exchange(jwt(), "bot")).isInstanceOf(Exchange.TooMany.class);
    assertThat(world.refusal()).isEqualTo("too_many_tokens");
    world.ports.clock().advance(Duration.ofMinutes(1));
    assertThat(world.issued(jwt())).isNotNull();
  }

  @Test
  void tokens_end_with_the_trust_with_its_terms_and_with_the_address_of_its_issuer() {
    assertThat(world.issued(jwt())).isNotNull();
    world.trust("main", "repo:acme/app:*", CLAIMS, Duration.ofMinutes(5));
    assertThat(world.tokensOf(world.bot)).isEmpty();

    assertThat(world.issued(jwt())).isNotNull();
    Issuer moved = new Issuer("https://new.example");
    assertThat(done(world.issuers.save(as(world.root), CI, Precondition.NONE, moved)).created())
        .isFalse();
    assertThat(world.tokensOf(world.bot)).isEmpty();

    assertThat(world.issued(of(moved))).isNotNull();
    assertThat(done(world.trusts.delete(as(world.alice), BOT, MAIN, Precondition.NONE)))
        .isEqualTo(MAIN);
    assertThat(world.tokensOf(world.bot)).isEmpty();
    assertRefused(of(moved), "not_trusted");
  }

  @Test
  void of_several_trusts_that_accept_it_the_longest_one_counts() {
    assertThat(done(world.save("long", terms(SUBJECT, Map.of(), Duration.ofMinutes(30)))).created())
        .isTrue();

    assertThat(world.issued(jwt()).expiresAt()).isEqualTo(world.now().plus(Duration.ofMinutes(30)));
    assertThat(world.tokensOf(world.bot).getFirst().name().value()).isEqualTo("long");
  }

  @Test
  void an_exchange_is_on_record_in_the_name_of_the_account_and_never_with_the_jwt() {
    assertThat(world.issued(jwt())).isNotNull();
    assertThat(world.lastEvent().action()).isEqualTo(AuditAction.TOKEN_EXCHANGE);
    assertThat(world.lastEvent().outcome()).isEqualTo(AuditOutcome.DONE);
    assertThat(world.lastEvent().presentedSubject()).contains(SUBJECT);
    assertRefused(lasting(world.now()), "expired");

    assertThat(world.ports.auditEvents().toString()).doesNotContain(JWT, "canary");
  }

  private void assertRefused(PresentedJwt jwt, String reason) {
    int tokens = world.tokensOf(world.bot).size();
    assertThat(world.exchange(jwt, "bot")).isInstanceOf(Exchange.Refused.class);
    assertThat(world.refusal()).isEqualTo(reason);
    assertThat(world.tokensOf(world.bot)).hasSize(tokens);
  }

  private Instant inAnHour() {
    return world.now().plus(Duration.ofHours(1));
  }

  private PresentedJwt jwt() {
    return of(ISSUER);
  }

  private PresentedJwt of(Issuer issuer) {
    return new PresentedJwt(
        issuer, SUBJECT, List.of(AUDIENCE), CLAIMS, inAnHour(), Optional.empty(), Optional.empty());
  }

  private static PresentedJwt lasting(Instant expiresAt) {
    return new PresentedJwt(
        ISSUER, SUBJECT, List.of(AUDIENCE), CLAIMS, expiresAt, Optional.empty(), Optional.empty());
  }

  private PresentedJwt beginning(Optional<Instant> notBefore, Optional<Instant> issuedAt) {
    return new PresentedJwt(
        ISSUER, SUBJECT, List.of(AUDIENCE), CLAIMS, inAnHour(), notBefore, issuedAt);
  }

  private PresentedJwt saying(String subject, Map<String, String> claims) {
    return new PresentedJwt(
        ISSUER, subject, List.of(AUDIENCE), claims, inAnHour(), Optional.empty(), Optional.empty());
  }
}
