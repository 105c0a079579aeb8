package io.claviger.oidc;

import static io.claviger.oidc.PlayedProvider.NONCE;
import static io.claviger.oidc.PlayedProvider.VERIFIER;
import static io.claviger.oidc.PlayedProvider.secret;
import static io.claviger.oidc.PlayedProvider.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.application.identity.OidcSettings;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import io.claviger.application.identity.port.IdentityProvider.Refreshed;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.domain.identity.GroupSelection;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Subject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NimbusIdentityProviderTest {
  @AutoClose private final PlayedProvider provider = new PlayedProvider();

  @Test
  void a_browser_is_sent_to_the_provider_with_state_nonce_and_a_challenge() {
    URI uri = provider.client.authorizationUri("some-state", NONCE, VERIFIER, false);

    assertThat(uri.toString()).startsWith(provider.server.address() + "/authorize?");
    assertThat(uri.getQuery())
        .contains("response_type=code", "client_id=claviger", "state=some-state")
        .contains("nonce=" + NONCE, "code_challenge_method=S256", "code_challenge=")
        .contains("redirect_uri=https://claviger.example/console/sign-in/callback")
        .doesNotContain(VERIFIER)
        .as("the provider has to state the time of the proof, but need not ask for another proof")
        .contains("max_age=31536000")
        .doesNotContain("prompt");
  }

  @Test
  void the_provider_is_asked_for_a_proof_by_max_age_alone() {
    URI uri = provider.client.authorizationUri("some-state", NONCE, VERIFIER, true);

    assertThat(uri.getQuery()).contains("max_age=0").doesNotContain("prompt");
  }

  @Test
  void a_proof_is_as_old_as_the_provider_says() {
    Instant now = provider.clock.instant();

    assertThat(provider.signIn(provider.claims().build()).sinceProof()).isEmpty();
    assertThat(sinceProof(now.minusSeconds(90).getEpochSecond())).contains(Duration.ofSeconds(90));
    assertThat(sinceProof(now.plusSeconds(60).getEpochSecond())).contains(Duration.ZERO);
  }

  @Test
  void a_time_that_can_not_be_that_of_a_proof_is_none_but_people_can_sign_in() {
    Instant now = provider.clock.instant();

    assertThat(sinceProof(now.plusSeconds(61).getEpochSecond())).isEmpty();
    assertThat(sinceProof(now.toEpochMilli())).isEmpty();
    assertThat(sinceProof(String.valueOf(now.getEpochSecond()))).isEmpty();
    assertThat(sinceProof(List.of(now.getEpochSecond()))).isEmpty();
  }

  private Optional<Duration> sinceProof(Object claim) {
    return provider.signIn(provider.claims().claim("auth_time", claim).build()).sinceProof();
  }

  @Test
  void a_code_tells_who_signs_in() {
    ProvidedIdentity person =
        provider.signIn(
            provider.claims().claim("name", "Ada").claim("email", "a@b").claim("sid", "s").build());

    assertThat(person.identity()).isEqualTo(identity("subject-1"));
    assertThat(person.handle()).contains("ada");
    assertThat(person.name()).contains("Ada");
    assertThat(person.email()).contains("a@b");
    assertThat(person.session()).contains("s");
    assertThat(person.groups()).isEqualTo(new GroupsClaim.Values(List.of("research")));
    assertThat(person.grant().orElseThrow().offline()).isTrue();
    assertThat(provider.lastForm()).contains("code_verifier=" + VERIFIER, "redirect_uri=");
  }

  /** The database can't store every text, and the sign-in does not need this claim. */
  @Test
  void an_object_id_that_is_no_line_of_text_is_not_used() {
    assertThat(signedIn("00000000-0000-0000-66f3-3332eca7ea81").objectId())
        .contains("00000000-0000-0000-66f3-3332eca7ea81");
    for (String unusable : List.of("", "a\u0000b", "a\nb", "a".repeat(256))) {
      assertThat(signedIn(unusable).objectId()).isEmpty();
    }
  }

  /** Anybody can enter an address of somebody else, who has not signed in yet. */
  @Test
  void an_address_that_is_stated_as_not_verified_makes_no_handle() {
    assertThat(handleOf("email", Map.of("email", "ada@x"))).contains("ada@x");
    for (Object verified : List.of(true, "true")) {
      assertThat(handleOf("email", Map.of("email", "ada@x", "email_verified", verified)))
          .contains("ada@x");
    }
    for (Object unverified : List.of(false, "false")) {
      assertThat(handleOf("email", Map.of("email", "ada@x", "email_verified", unverified)))
          .isEmpty();
      assertThat(
              handleOf(
                  "preferred_username",
                  Map.of("preferred_username", "ada", "email_verified", unverified)))
          .contains("ada");
    }
  }

  @Test
  void the_user_info_can_say_that_an_address_is_not_verified() {
    PersonClaims claims = claims("email", Map.of("email", "ada@x"));
    assertThat(claims.lacksSomething()).isTrue();
    claims.add(Map.of("email_verified", false));
    assertThat(claims.lacksSomething()).isFalse();
    assertThat(claims.handle()).isEmpty();
    assertThat(claims("nickname", Map.of("nickname", "ada")).lacksSomething()).isFalse();
  }

  private static Optional<String> handleOf(String claim, Map<String, Object> claims) {
    return claims(claim, claims).handle();
  }

  private static PersonClaims claims(String handle, Map<String, Object> claims) {
    OidcSettings.Claims names =
        new OidcSettings.Claims(handle, Optional.empty(), Optional.empty(), GroupSelection.NONE);
    return new PersonClaims(names, claims);
  }

  private ProvidedIdentity signedIn(String oid) {
    return provider.signIn(provider.claims().claim("oid", oid).build());
  }

  @Test
  void the_answer_of_another_issuer_is_not_taken_to_the_token_endpoint() {
    provider.give(signed(provider.claims().build()));

    assertThatThrownBy(
            () ->
                provider.client.exchange(
                    "code", Optional.of("https://other.example"), NONCE, VERIFIER))
        .isInstanceOf(InvalidResponse.class)
        .hasMessage("The answer comes from another identity provider.");
    assertThat(provider.lastForm()).isEmpty();
  }

  @Test
  void a_provider_that_names_itself_in_answers_does_so_in_each() {
    provider.describe(Map.of("authorization_response_iss_parameter_supported", true));
    provider.give(signed(provider.claims().build()));

    assertThatThrownBy(provider::signIn).isInstanceOf(InvalidResponse.class);
    assertThat(
            provider.client.exchange(
                "code", Optional.of(provider.server.address()), NONCE, VERIFIER))
        .isNotNull();
  }

  @Test
  void a_code_that_was_used_before_signs_nobody_in() {
    provider.give(signed(provider.claims().build()));
    assertThat(provider.exchange("once")).isNotNull();

    assertThatThrownBy(() -> provider.exchange("once"))
        .isInstanceOf(InvalidResponse.class)
        .hasMessage("The identity provider does not accept the code. Sign in again.");
  }

  @Test
  void a_refused_client_is_the_administrators_matter() {
    provider.say(401, "{\"error\":\"invalid_client\"}");

    assertThatThrownBy(provider::signIn)
        .isInstanceOf(ProviderUnavailable.class)
        .hasMessageContaining("client id or secret");
  }

  @Test
  void a_refused_client_is_logged_once_per_minute_by_sign_ins_and_queries() {
    Logger logger = (Logger) LoggerFactory.getLogger(NimbusIdentityProvider.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    try {
      provider.say(401, "{\"error\":\"invalid_request\"}");
      assertThatThrownBy(provider::signIn).isInstanceOf(ProviderUnavailable.class);
      assertThat(heard.list).isEmpty();
      provider.say(401, "{\"error\":\"invalid_client\"}");
      for (int n = 0; n < 3; n++) {
        assertThatThrownBy(provider::signIn).isInstanceOf(ProviderUnavailable.class);
      }
      assertThat(heard.list)
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage, STRING)
          .contains("CLAVIGER_OIDC_CLIENT_SECRET", "the secret has expired");
      provider.clock.advance(Duration.ofMinutes(1));
      assertThatThrownBy(this::refresh).isInstanceOf(ProviderUnavailable.class);
      assertThat(heard.list).hasSize(2);
      provider.clock.advance(Duration.ofMinutes(1));
      provider.say(400, "{\"error\":\"unauthorized_client\"}");
      assertThatThrownBy(this::refresh).isInstanceOf(ProviderUnavailable.class);
      assertThat(heard.list).as("the client may not refresh, but people can sign in").hasSize(2);
    } finally {
      logger.detachAppender(heard);
    }
  }

  @Test
  void an_answer_without_an_id_token_signs_nobody_in() {
    provider.give(Map.of());

    assertThatThrownBy(provider::signIn)
        .isInstanceOf(InvalidResponse.class)
        .hasMessage("The identity provider sent no id token.");
  }

  @Test
  void the_user_info_says_what_the_id_token_does_not_and_changes_nothing_else() {
    provider.sayUserInfo(
        Map.of("sub", "subject-1", "preferred_username", "eve", "groups", List.of("staff")));

    ProvidedIdentity person = provider.signIn(provider.claims().claim("groups", null).build());

    assertThat(person.handle()).contains("ada");
    assertThat(person.groups()).isEqualTo(new GroupsClaim.Values(List.of("staff")));
  }

  @Test
  void user_info_about_somebody_else_signs_nobody_in() {
    provider.sayUserInfo(Map.of("sub", "subject-2", "groups", List.of("administrators")));

    assertThatThrownBy(() -> provider.signIn(provider.claims().claim("groups", null).build()))
        .isInstanceOf(InvalidResponse.class)
        .hasMessage("The identity provider's user info is about somebody else.");
  }

  @Test
  void a_thousand_groups_are_followed_and_no_more() {
    assertThat(groups(1_000)).isInstanceOf(GroupsClaim.Values.class);
    assertThat(groups(1_001)).isEqualTo(new GroupsClaim.TooMany());
    assertThat(groups(10_000)).isEqualTo(new GroupsClaim.TooMany());
  }

  private GroupsClaim groups(int count) {
    List<String> names = IntStream.range(0, count).mapToObj(i -> "group-" + i).toList();
    return provider.signIn(provider.claims().claim("groups", names).build()).groups();
  }

  @Test
  void a_provider_that_leaves_out_a_long_list_names_too_many_groups() {
    // The list in the user info must not count as the whole list.
    provider.sayUserInfo(Map.of("sub", "subject-1", "groups", List.of("some")));

    assertThat(
            provider
                .signIn(
                    provider
                        .claims()
                        .claim("groups", null)
                        .claim("_claim_names", Map.of("groups", "src1"))
                        .build())
                .groups())
        .isEqualTo(new GroupsClaim.TooMany());
    assertThat(
            provider
                .signIn(provider.claims().claim("groups", null).claim("hasgroups", true).build())
                .groups())
        .isEqualTo(new GroupsClaim.TooMany());
  }

  @Test
  void a_refresh_tells_about_the_person_anew() {
    provider.give(signed(provider.claims().claim("nonce", null).build()));

    Refreshed answer = refresh();

    assertThat(provider.lastForm()).contains("refresh_token=refresh-1");
    ProvidedIdentity person = ((Refreshed.Current) answer).person();
    assertThat(person.identity()).isEqualTo(identity("subject-1"));
    assertThat(NimbusSecrets.of(person.grant().orElseThrow().refreshToken()))
        .isEqualTo("refresh-2");
  }

  @Test
  void a_refresh_token_that_is_not_replaced_is_kept() {
    provider.give(Map.of("id_token", signed(provider.claims().build())));

    ProvidedIdentity person = ((Refreshed.Current) refresh()).person();

    assertThat(NimbusSecrets.of(person.grant().orElseThrow().refreshToken()))
        .isEqualTo("refresh-1");
  }

  /**
   * RFC 6749, 6: if the answer to a refresh contains no scope, the scope of the sign-in still
   * applies.
   */
  @Test
  void a_refresh_token_that_ends_with_the_session_does_not_become_an_offline_one() {
    String idToken = signed(provider.claims().build());
    provider.give(Map.of("id_token", idToken));
    assertThat(isOffline(refresh(false))).isFalse();
    assertThat(isOffline(refresh(true))).isTrue();

    provider.give(idToken);
    assertThat(isOffline(refresh(false))).isFalse();
    assertThat(isOffline(refresh(true))).isTrue();

    provider.give(
        Map.of("id_token", idToken, "refresh_token", "refresh-2", "scope", "openid profile"));
    assertThat(isOffline(refresh(true))).isFalse();
    provider.give(Map.of("id_token", idToken, "scope", "openid profile"));
    assertThat(isOffline(refresh(true))).isTrue();
  }

  @Test
  void without_a_request_for_offline_access_no_token_is_an_offline_one() throws IOException {
    try (PlayedProvider online = new PlayedProvider(List.of("openid", "profile"))) {
      String idToken = signed(online.claims().build());
      for (Map<String, Object> tokens :
          List.<Map<String, Object>>of(
              Map.of("id_token", idToken),
              Map.of("id_token", idToken, "refresh_token", "refresh-2"))) {
        online.give(tokens);
        assertThat(
                isOffline(
                    online.client.refresh(
                        secret("refresh-1"),
                        new Identity(online.server.issuer(), new Subject("subject-1")),
                        true)))
            .isFalse();
      }
    }
  }

  private static boolean isOffline(Refreshed answer) {
    return ((Refreshed.Current) answer).person().grant().orElseThrow().offline();
  }

  @Test
  void only_invalid_grant_ends_a_person() {
    provider.say(400, "{\"error\":\"invalid_grant\"}");
    assertThat(refresh()).isEqualTo(new Refreshed.Ended());

    for (String other : List.of("invalid_client", "invalid_request", "temporarily_unavailable")) {
      provider.say(400, "{\"error\":\"" + other + "\"}");
      assertThatThrownBy(this::refresh).isInstanceOf(ProviderUnavailable.class);
    }
    provider.say(503, "{\"error\":\"invalid_grant\"}");
    assertThatThrownBy(this::refresh).isInstanceOf(ProviderUnavailable.class);
    provider.say(200, "<html>");
    assertThatThrownBy(this::refresh).isInstanceOf(ProviderUnavailable.class);
  }

  /** The provider does not accept the former token again. */
  @Test
  void a_new_refresh_token_is_not_lost_with_the_user_info() {
    provider.give(signed(provider.claims().claim("groups", null).build()));
    provider.failUserInfo();

    assertThat(replaced(refresh()).why()).isInstanceOf(ProviderUnavailable.class);
  }

  @Test
  void a_new_refresh_token_is_not_lost_with_an_id_token_that_does_not_hold() {
    provider.give(signed(provider.claims().audience("another client").build()));

    assertThat(replaced(refresh()).why()).isInstanceOf(InvalidResponse.class);
  }

  private static Refreshed.Replaced replaced(Refreshed answer) {
    Refreshed.Replaced replaced = (Refreshed.Replaced) answer;
    assertThat(NimbusSecrets.of(replaced.grant().refreshToken())).isEqualTo("refresh-2");
    assertThat(replaced.grant().offline()).isTrue();
    return replaced;
  }

  @Test
  void without_a_new_refresh_token_a_failure_stays_a_failure() {
    provider.give(Map.of("id_token", signed(provider.claims().claim("groups", null).build())));
    provider.failUserInfo();

    assertThatThrownBy(this::refresh).isInstanceOf(ProviderUnavailable.class);
  }

  @Test
  void a_refresh_that_answers_about_somebody_else_is_no_answer() {
    provider.give(signed(provider.claims().subject("subject-2").build()));

    assertThatThrownBy(this::refresh)
        .isInstanceOf(InvalidResponse.class)
        .hasMessage("The identity provider answers about somebody else.");
  }

  @Test
  void the_new_refresh_token_of_somebody_else_is_not_kept_if_user_info_fails() {
    provider.give(signed(provider.claims().subject("subject-2").claim("groups", null).build()));
    provider.failUserInfo();

    assertThatThrownBy(this::refresh)
        .isInstanceOf(InvalidResponse.class)
        .hasMessage("The identity provider answers about somebody else.");
  }

  private Refreshed refresh() {
    return refresh(true);
  }

  private Refreshed refresh(boolean offline) {
    return provider.client.refresh(secret("refresh-1"), identity("subject-1"), offline);
  }

  private Identity identity(String subject) {
    return new Identity(provider.server.issuer(), new Subject(subject));
  }
}
