package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationRequest;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationSuccessResponse;
import com.nimbusds.oauth2.sdk.device.DeviceCodeGrant;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.Tokens;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.oauth.DeviceSignIn.WaitingDevice;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenText;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.DeviceUser;
import io.claviger.web.served.Served;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Device sign-in with a client that is not ours, over a socket. */
class DeviceSignInTest {
  private static final ClientID CLAVIGER = new ClientID("claviger");
  @AutoClose private static Served served;
  private static AuthorizationServerMetadata server;
  private static int users;
  private String handle = "";
  private DeviceUser person;

  @BeforeAll
  static void start() throws Exception {
    served = Served.start();
    server = AuthorizationServerMetadata.resolve(new Issuer("http://127.0.0.1:" + served.port()));
  }

  @BeforeEach
  void begin() {
    handle = "person-" + ++users;
    person = DeviceUser.of(served, handle);
  }

  @Test
  void the_metadata_names_the_endpoints() {
    assertThat(server.getDeviceAuthorizationEndpointURI().getPath())
        .isEqualTo("/oauth/device_authorization");
    assertThat(server.getTokenEndpointURI().getPath()).isEqualTo("/oauth/token");
    assertThat(server.getIssuer().getValue()).isEqualTo("http://127.0.0.1:" + served.port());
  }

  @Test
  void a_device_gets_a_token_of_the_user_who_approved() throws Exception {
    DeviceAuthorizationSuccessResponse device = ask(null);
    assertThat(device.getVerificationURI().getPath()).isEqualTo("/device");
    assertThat(device.getVerificationURIComplete()).isNull();
    assertThat(device.getInterval()).isEqualTo(5);
    assertThat(device.getLifetime()).isEqualTo(600);
    assertThat(error(poll(device))).isEqualTo("authorization_pending");

    WaitingDevice approved = person.approve(typed(device));
    assertThat(approved.address()).isEqualTo("127.0.0.1");
    served.ports().clock().advance(Duration.ofSeconds(5));
    Tokens tokens = tokens(poll(device));

    assertThat(tokens.getAccessToken().getLifetime()).isEqualTo(12 * 3600);
    assertThat(tokens.getAccessToken().getScope()).isEqualTo(new Scope("use"));
    Client client = served.holding(tokens.getAccessToken().getValue());
    assertThat(client.get("/v1/me").text("/handle")).isEqualTo(handle);
    client.get("/v1/users/" + handle + "/tokens").isStatus(403);
    assertThat(error(poll(device))).isEqualTo("invalid_grant");
  }

  @Test
  void a_poll_that_comes_too_soon_makes_the_interval_longer() throws Exception {
    DeviceAuthorizationSuccessResponse device = ask(null);
    assertThat(error(poll(device))).isEqualTo("authorization_pending");
    served.ports().clock().advance(Duration.ofSeconds(4));
    assertThat(error(poll(device))).isEqualTo("slow_down");
    served.ports().clock().advance(Duration.ofSeconds(9));
    assertThat(error(poll(device))).isEqualTo("slow_down");
    served.ports().clock().advance(Duration.ofSeconds(15));
    assertThat(error(poll(device))).isEqualTo("authorization_pending");
  }

  @Test
  void a_user_may_deny() throws Exception {
    DeviceAuthorizationSuccessResponse device = ask(null);
    person.deny(typed(device));
    assertThat(error(poll(device))).isEqualTo("access_denied");
  }

  @Test
  void a_code_expires_after_ten_minutes() throws Exception {
    DeviceAuthorizationSuccessResponse device = ask(null);
    served.ports().clock().advance(Duration.ofMinutes(10));
    assertThat(person.refused(typed(device))).isEqualTo("not_found");
    assertThat(error(poll(device))).isEqualTo("expired_token");
  }

  @Test
  void a_token_of_scope_manage_needs_a_recent_sign_in() throws Exception {
    DeviceAuthorizationSuccessResponse device = ask(new Scope("manage"));
    served.ports().clock().advance(Duration.ofMinutes(5));
    assertThat(person.refused(typed(device))).isEqualTo("sign_in_again");

    person.signInAgain();
    assertThat(person.approve(typed(device)).needsRecentSignIn()).isFalse();
    Tokens tokens = tokens(poll(device));
    served
        .holding(tokens.getAccessToken().getValue())
        .get("/v1/users/" + handle + "/tokens")
        .isStatus(200);
  }

  @Test
  void after_five_wrong_codes_a_right_one_is_refused_as_well() throws Exception {
    DeviceAuthorizationSuccessResponse device = ask(null);
    for (int i = 0; i < 5; i++) {
      assertThat(person.refused("BBBB-BBBB")).isEqualTo("not_found");
    }
    assertThat(person.refused(typed(device))).isEqualTo("too_many_tries");
    person.signInAgain();
    assertThat(person.refused(typed(device))).isEqualTo("too_many_tries");
    served.ports().clock().advance(Duration.ofMinutes(9));
    assertThat(DeviceUser.from(served, handle, "203.0.113.9").refused(typed(device)))
        .isEqualTo("too_many_tries");
    assertThat(DeviceUser.of(served, "other-" + handle).lookUp(typed(device)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_refresh_replaces_both_tokens() throws Exception {
    Tokens first = approvedTokens();
    served.ports().clock().advance(Duration.ofHours(13));
    served.holding(first.getAccessToken().getValue()).get("/v1/me").isStatus(401);

    Tokens second = tokens(refresh(first));

    served.holding(second.getAccessToken().getValue()).get("/v1/me").isStatus(200);
    assertThat(second.getRefreshToken()).isNotEqualTo(first.getRefreshToken());
    assertThat(error(send(new RefreshTokenGrant(second.getRefreshToken()), new Scope("manage"))))
        .isEqualTo("invalid_scope");
  }

  @Test
  void a_stolen_refresh_token_ends_the_sign_in_when_it_is_used_after_the_owner() throws Exception {
    Tokens stolen = approvedTokens();
    Tokens owners = tokens(refresh(stolen));

    assertThat(error(refresh(stolen))).isEqualTo("invalid_grant");

    served.holding(owners.getAccessToken().getValue()).get("/v1/me").isStatus(401);
    assertThat(error(refresh(owners))).isEqualTo("invalid_grant");
  }

  @Test
  void a_sign_in_ends_after_thirty_days_however_often_it_is_refreshed() throws Exception {
    Tokens tokens = approvedTokens();
    for (int day = 0; day < 29; day++) {
      served.ports().clock().advance(Duration.ofDays(1));
      tokens = tokens(refresh(tokens));
    }
    served.ports().clock().advance(Duration.ofHours(23));
    tokens = tokens(refresh(tokens));
    assertThat(tokens.getAccessToken().getLifetime()).isEqualTo(3600);
    served.ports().clock().advance(Duration.ofHours(1));
    assertThat(error(refresh(tokens))).isEqualTo("invalid_grant");
  }

  @Test
  void a_token_that_ends_itself_ends_the_sign_in() throws Exception {
    Tokens tokens = approvedTokens();
    served.holding(tokens.getAccessToken().getValue()).delete("/v1/me/token").isStatus(204);
    assertThat(error(refresh(tokens))).isEqualTo("invalid_grant");
  }

  @Test
  void whoever_has_a_refresh_token_ends_its_sign_in() throws Exception {
    Tokens leaked = approvedTokens();
    Tokens owners = tokens(refresh(leaked));

    report(owners.getRefreshToken().getValue());

    served.holding(owners.getAccessToken().getValue()).get("/v1/me").isStatus(401);
    assertThat(error(refresh(owners))).isEqualTo("invalid_grant");
    TestResponse events =
        served.root().get("/v1/audit-events?action=token.leaked&target=" + handle).isStatus(200);
    assertThat(events.at("/items").size()).isEqualTo(1);
    assertThat(events.text("/items/0/target/ref")).isEqualTo(handle);
  }

  @Test
  void a_refresh_token_of_a_sign_in_that_has_ended_tells_of_no_leak() throws Exception {
    Tokens ended = approvedTokens();
    served.ports().clock().advance(Duration.ofDays(30));

    report(ended.getRefreshToken().getValue());

    assertThat(
            served
                .root()
                .get("/v1/audit-events?action=token.leaked&target=" + handle)
                .isStatus(200)
                .at("/items")
                .isEmpty())
        .isTrue();
  }

  /** If the certificate were not needed, a thief without it could end the sign-in of the owner. */
  @Test
  void a_bound_sign_in_is_refreshed_only_with_its_certificate() throws Exception {
    Tokens tokens = approvedTokens();
    TokenHash hash = TokenText.presented(tokens.getAccessToken().getValue()).hash();
    AccessTokenStore stored = served.ports().accessTokens();
    AccessToken token = stored.find(hash).orElseThrow().token();
    CertificateThumbprint certificate =
        new CertificateThumbprint("bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0");
    stored.save(token.bound(new TokenBinding(List.of(), Optional.of(certificate))), hash);

    assertThat(error(refresh(tokens))).isEqualTo("token_bound");
    served.holding(tokens.getAccessToken().getValue()).get("/v1/me").isProblem(401, "token_bound");

    stored.save(token, hash);
    assertThat(tokens(refresh(tokens)).getRefreshToken()).isNotNull();
  }

  /** A file with tokens that is found later has tokens that were replaced, or have expired. */
  @Test
  void old_tokens_of_a_sign_in_end_it_too() throws Exception {
    Tokens first = approvedTokens();
    Tokens second = tokens(refresh(first));
    report(first.getRefreshToken().getValue());
    assertThat(error(refresh(second))).isEqualTo("invalid_grant");

    Tokens expired = approvedTokens();
    served.ports().clock().advance(Duration.ofHours(13));
    report(expired.getAccessToken().getValue());
    assertThat(error(refresh(expired))).isEqualTo("invalid_grant");
  }

  private static void report(String token) {
    served.nobody().post("/v1/tokens/_leaked", Map.of("token", token)).isStatus(204);
  }

  private Tokens approvedTokens() throws Exception {
    DeviceAuthorizationSuccessResponse device = ask(null);
    person.approve(typed(device));
    return tokens(poll(device));
  }

  private static DeviceAuthorizationSuccessResponse ask(Scope scope) throws Exception {
    URI endpoint = server.getDeviceAuthorizationEndpointURI();
    DeviceAuthorizationRequest request =
        new DeviceAuthorizationRequest.Builder(CLAVIGER).endpointURI(endpoint).scope(scope).build();
    return DeviceAuthorizationResponse.parse(request.toHTTPRequest().send()).toSuccessResponse();
  }

  /** The code in another case, without its dash. */
  private static String typed(DeviceAuthorizationSuccessResponse device) {
    return device.getUserCode().getValue().replace("-", "").toLowerCase(Locale.ROOT);
  }

  private static TokenResponse poll(DeviceAuthorizationSuccessResponse device) throws Exception {
    return send(new DeviceCodeGrant(device.getDeviceCode()), null);
  }

  private static TokenResponse refresh(Tokens tokens) throws Exception {
    return send(new RefreshTokenGrant(tokens.getRefreshToken()), null);
  }

  private static TokenResponse send(AuthorizationGrant grant, Scope scope)
      throws IOException, ParseException {
    return TokenResponse.parse(
        new TokenRequest.Builder(server.getTokenEndpointURI(), CLAVIGER, grant)
            .scope(scope)
            .build()
            .toHTTPRequest()
            .send());
  }

  private static Tokens tokens(TokenResponse response) {
    assertThat(response.indicatesSuccess()).as(error(response)).isTrue();
    return response.toSuccessResponse().getTokens();
  }

  private static String error(TokenResponse response) {
    return Optional.of(response)
        .filter(r -> !r.indicatesSuccess())
        .map(r -> r.toErrorResponse().getErrorObject().getCode())
        .orElse("none");
  }
}
