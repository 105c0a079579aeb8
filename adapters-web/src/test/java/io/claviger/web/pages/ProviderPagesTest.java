package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.identity.SignIn.Callback;
import io.claviger.application.identity.SignIn.LogoutResult;
import io.claviger.application.identity.SignIn.SignInStart;
import io.claviger.application.identity.SignInResult;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.UseCaseStubs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the pages make of each answer of the sign-in with an identity provider. */
class ProviderPagesTest {
  private static final String SIGN_IN = "/console/sign-in";
  private static final String CALLBACK = SIGN_IN + "/callback";
  private static final String LOGOUT = SIGN_IN + "/logout";
  private static final String DEVICE = "/console/device";
  private static final String ACCOUNT = "/console/account";
  private static final String BINDING_COOKIE = "__Host-claviger-sign-in";
  private static final String SESSION_COOKIE = "__Host-claviger-session";
  private static final Identity IDENTITY =
      new Identity(new Issuer("https://id.example.org"), new Subject("a-1"));

  private final FakeSignIn signIn = new FakeSignIn();

  /** Why no session begins with the identity provider; empty while sessions begin. */
  private Optional<Refusal> refused = Optional.empty();

  @AutoClose
  private final ServedPages served =
      ServedPages.with(
          signIn, usual -> UseCaseStubs.answered(usual, Sessions.class, this::refusal));

  private final FormBrowser browser = served.browser();
  private final User alice =
      served.served().ports().users().find(new Handle("alice")).orElseThrow();

  @Test
  void the_button_leads_to_the_provider_and_binds_the_attempt_to_the_browser() {
    TestResponse page = browser.open(SIGN_IN + "?return=%2Fconsole%2Fdevice");
    TestResponse leaving = browser.submit(page, SIGN_IN + "/provider", Map.of()).isStatus(200);
    assertThat(leaving.header("Refresh")).isEqualTo("0;url=" + FakeSignIn.PROVIDER);
    assertThat(leaving.body()).contains("state=s1&amp;nonce=n1");
    assertThat(signIn.returnPath).isEqualTo("/console/device");
    assertThat(signIn.again).isFalse();
    assertThat(leaving.values("Set-Cookie"))
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .startsWith(BINDING_COOKIE + "=" + FakeSignIn.BINDING.reveal())
                    .endsWith("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600"));
  }

  @Test
  void an_unexpected_error_is_told_on_a_page_with_the_id_of_the_request() {
    signIn.atBeginning =
        () -> {
          throw new IllegalStateException("canary");
        };
    TestResponse page = browser.open(SIGN_IN);

    TestResponse failed = browser.submit(page, SIGN_IN + "/provider", Map.of()).isStatus(500);

    assertThat(failed.header("Content-Type")).startsWith("text/html");
    assertThat(failed.body())
        .contains("Something went wrong", failed.header("X-Request-Id"))
        .doesNotContain("canary", "instance");
  }

  @Test
  void a_completed_sign_in_starts_a_session_and_takes_the_binding_away() {
    signIn.result = completed(List.of());
    browser.cookies().put(BINDING_COOKIE, FakeSignIn.BINDING.reveal());
    TestResponse answer = browser.open(CALLBACK + "?state=s1&code=c1&iss=i1");
    assertThat(answer.isStatus(303).header("Location")).isEqualTo("/console/device");
    assertThat(signIn.callback)
        .contains(
            new Callback(
                Optional.of("s1"), Optional.of("c1"), Optional.of("i1"), Optional.empty()));
    assertThat(signIn.binding).contains(FakeSignIn.BINDING);
    assertThat(browser.cookies()).containsKey(SESSION_COOKIE).doesNotContainKey(BINDING_COOKIE);
    assertThat(browser.open(ACCOUNT).body()).contains("with https://id.example.org");
  }

  @Test
  void
      a_device_that_may_manage_waits_until_the_provider_says_that_the_person_has_proven_who_they_are() {
    signIn.result = completed(List.of(), Optional.of(Duration.ofHours(1)));
    browser.open(CALLBACK + "?state=s1&code=c1").isStatus(303);
    String code =
        served
            .served()
            .nobody()
            .form("/oauth/device_authorization", "client_id=claviger&scope=manage")
            .isStatus(200)
            .text("/user_code");
    TestResponse offer = browser.submit(browser.open(DEVICE), DEVICE, Map.of("code", code));
    assertThat(offer.isStatus(200).body())
        .contains("https://id.example.org then has to ask you", "sign out there first")
        .doesNotContain("action=\"" + DEVICE + "/approve\"");
    TestResponse out = browser.submit(offer, DEVICE + "/again", Map.of()).isStatus(303);
    TestResponse page = browser.open(out.header("Location")).isStatus(200);
    browser.submit(page, SIGN_IN + "/provider", Map.of()).isStatus(200);
    assertThat(signIn.again).isTrue();
    assertThat(signIn.returnPath).isEqualTo(DEVICE);

    signIn.result = completed(List.of(), Optional.of(Duration.ZERO));
    browser.open(CALLBACK + "?state=s1&code=c1").isStatus(303);
    TestResponse proven = browser.submit(browser.open(DEVICE), DEVICE, Map.of()).isStatus(200);
    assertThat(proven.body()).contains(code).doesNotContain("then has to ask you");
    browser.submit(proven, DEVICE + "/approve", Map.of()).isStatus(200);
  }

  @Test
  void notices_are_shown_before_one_goes_on() {
    signIn.result = completed(List.of("The group <b>ops</b> was left out."));
    TestResponse answer = browser.open(CALLBACK + "?state=s1&code=c1").isStatus(200);
    assertThat(answer.body())
        .contains("The group &lt;b&gt;ops&lt;/b&gt; was left out.", "href=\"/console/device\"");
    assertThat(browser.cookies()).containsKey(SESSION_COOKIE);
  }

  @Test
  void a_parameter_that_comes_twice_counts_as_none() {
    TestResponse unused = browser.open(CALLBACK + "?state=s1&state=s2&code=c1&code=c1");
    assertThat(signIn.callback)
        .contains(
            new Callback(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(SignInResult.Reason.class)
  void a_refusal_is_a_page_that_says_why_and_signs_nobody_in(SignInResult.Reason reason) {
    signIn.result = FakeSignIn.refused(reason, "Because of <i>you</i> & \"them\".");
    TestResponse answer = browser.open(CALLBACK + "?error=access_denied&state=s1");
    assertThat(answer.status()).isIn(400, 403, 409, 429, 502);
    assertThat(answer.body())
        .contains("Because of &lt;i&gt;you&lt;/i&gt; &amp; &quot;them&quot;.")
        .contains("href=\"/console/sign-in\"");
    assertThat(browser.cookies()).doesNotContainKeys(SESSION_COOKIE, BINDING_COOKIE);
    signIn.beginning = new SignInStart.Refused(reason, "Not <b>now</b>.");
    TestResponse page = browser.open(SIGN_IN);
    TestResponse began = browser.submit(page, SIGN_IN + "/provider", Map.of());
    assertThat(began.status()).isEqualTo(answer.status());
    assertThat(began.body()).contains("Not &lt;b&gt;now&lt;/b&gt;.");
    for (TestResponse refused : List.of(answer, began)) {
      assertThat(refused.values("Retry-After"))
          .isEqualTo(refused.status() == 429 ? List.of("60") : List.of());
    }
  }

  @Test
  void who_signs_in_too_often_learns_when_to_try_again() {
    signIn.result =
        new SignInResult.Refused(
            SignInResult.Reason.BUSY,
            "Too often.",
            Optional.of(Duration.ofMillis(1_500)),
            ReturnPath.START,
            false);
    assertThat(browser.open(CALLBACK + "?state=s1&code=c1").isStatus(429).header("Retry-After"))
        .isEqualTo("2");

    signIn.result = completed(List.of());
    refused =
        Optional.of(
            new Refusal.TooMany(
                "too_many_changes", "You have signed in too often.", Duration.ofMillis(1_500)));
    TestResponse answer = browser.open(CALLBACK + "?state=s1&code=c1").isStatus(429);
    assertThat(answer.header("Retry-After")).isEqualTo("2");
    assertThat(answer.body()).contains("You can&#39;t sign in", "signed in too often");
    assertThat(browser.cookies()).doesNotContainKey(SESSION_COOKIE);
    pasteToken();
  }

  @Test
  void whoever_is_refused_on_the_way_to_a_page_signs_in_again_for_that_page() {
    signIn.result = refused(ReturnPath.of("/console/usage"), false);
    assertThat(browser.open(CALLBACK + "?state=s1&code=c1").body())
        .contains("Nobody was signed in", "href=\"/console/sign-in?return=%2Fconsole%2Fusage\"");

    signIn.result = refused(ReturnPath.of(DEVICE), false);
    TestResponse answer = browser.open(CALLBACK + "?state=s1&code=c1");
    String again = SIGN_IN + "?return=%2Fconsole%2Fdevice&again=yes";
    assertThat(answer.body()).contains("href=\"" + again.replace("&", "&amp;") + "\"");
    browser.submit(browser.open(again), SIGN_IN + "/provider", Map.of()).isStatus(200);
    assertThat(signIn.again).isTrue();
    assertThat(signIn.returnPath).isEqualTo(DEVICE);
  }

  @Test
  void whoever_could_not_link_an_account_is_told_so_and_led_to_their_own() {
    pasteToken();
    signIn.result = refused(ReturnPath.of(ACCOUNT), true);
    TestResponse back = browser.open(CALLBACK + "?state=s1&error=access_denied");
    signIn.beginning = new SignInStart.Refused(SignInResult.Reason.NOT_ALLOWED, "Not you.");
    TestResponse begun =
        browser.submit(browser.open(ACCOUNT), ACCOUNT + "/identity/link", Map.of());

    for (TestResponse answer : List.of(back, begun)) {
      assertThat(answer.isStatus(403).body())
          .contains("The account was not linked", "Not you.", "href=\"" + ACCOUNT + "\"")
          .doesNotContain("Nobody was signed in", "href=\"" + SIGN_IN);
    }
  }

  @Test
  void whoever_could_not_link_an_account_because_the_session_ended_is_led_to_the_sign_in() {
    signIn.result =
        new SignInResult.Refused(
            SignInResult.Reason.SESSION_ENDED,
            "Sign in again.",
            Optional.empty(),
            ReturnPath.of(ACCOUNT),
            true);

    assertThat(browser.open(CALLBACK + "?state=s1&code=c1").isStatus(400).body())
        .contains(
            "The account was not linked", "href=\"" + SIGN_IN + "?return=%2Fconsole%2Faccount\"");
  }

  private static SignInResult refused(ReturnPath wanted, boolean linking) {
    return new SignInResult.Refused(
        SignInResult.Reason.DECLINED, "Not you.", Optional.empty(), wanted, linking);
  }

  private Optional<?> refusal(String operation, Object[] arguments) {
    return operation.equals("start")
            && ((SignedIn) arguments[0]).method() instanceof SignInMethod.OpenId
        ? refused.map(Outcome::refused)
        : Optional.empty();
  }

  @Test
  void a_suspended_user_and_one_who_is_gone_are_told_apart() {
    signIn.result = completed(List.of());
    served
        .served()
        .ports()
        .users()
        .update(alice.withSuspension(Optional.of(alice.createdAt()), alice.createdAt()));
    assertThat(browser.open(CALLBACK + "?state=s1&code=c1").isStatus(403).body())
        .contains("This user is suspended.");
    served.served().root().delete("/v1/users/alice?force=true").isStatus(204);
    assertThat(browser.open(CALLBACK + "?state=s1&code=c1").isStatus(403).body())
        .contains("no longer exists");
    assertThat(browser.cookies()).doesNotContainKey(SESSION_COOKIE);
  }

  @Test
  void linking_is_offered_to_the_unlinked_and_unlinking_to_the_linked() {
    pasteToken();
    TestResponse account = browser.open(ACCOUNT);
    assertThat(account.body()).contains("/identity/link").doesNotContain("/identity/unlink");
    TestResponse leaving = browser.submit(account, ACCOUNT + "/identity/link", Map.of());
    assertThat(leaving.isStatus(200).header("Refresh")).contains(FakeSignIn.PROVIDER.toString());
    assertThat(signIn.session.orElseThrow().actor().id()).isEqualTo(alice.id());

    signIn.result =
        new SignInResult.Linked(
            ACCOUNT,
            new Identity(new Issuer("https://id.example.org"), new Subject("248289761001")),
            List.of("mallory", "Mallory <M>"));
    browser.cookies().put(BINDING_COOKIE, FakeSignIn.BINDING.reveal());
    assertThat(browser.open(CALLBACK + "?state=s1&code=c1").isStatus(200).body())
        .contains(
            "https://id.example.org",
            "248289761001",
            "mallory",
            "Mallory &lt;M&gt;",
            "signed in here as alice",
            "href=\"" + ACCOUNT + "\">My account</a>");
    assertThat(signIn.session.orElseThrow().actor().id()).isEqualTo(alice.id());
    link();
    TestResponse linked = browser.open(ACCOUNT);
    assertThat(linked.body())
        .contains("https://id.example.org", "/identity/unlink")
        .contains(IDENTITY.subject().value(), "Signed in last", "never")
        .doesNotContain("/identity/link\"");
    TestResponse unlinked = browser.submit(linked, ACCOUNT + "/identity/unlink", Map.of());
    assertThat(unlinked.isStatus(303).header("Location")).isEqualTo(ACCOUNT);
    browser.submit(linked, ACCOUNT + "/identity/unlink", Map.of()).isStatus(404);
  }

  @ParameterizedTest
  @CsvSource({"DONE, 200", "REJECTED, 400", "UNAVAILABLE, 503"})
  void the_provider_learns_what_became_of_its_logout(LogoutResult result, int status) {
    signIn.logout = result;
    browser.post(LOGOUT, Map.of("logout_token", "a.b.c")).isStatus(status);
    browser.post(LOGOUT, Map.of("logout_token", "")).isStatus(400);
    browser.post(LOGOUT, Map.of()).isStatus(400);
  }

  private void pasteToken() {
    TestResponse page = browser.open(SIGN_IN);
    browser.submit(page, SIGN_IN + "/token", Map.of("token", served.aliceToken)).isStatus(303);
  }

  private void link() {
    served
        .served()
        .ports()
        .identities()
        .insert(
            new LinkedIdentity(
                IDENTITY,
                alice.id(),
                false,
                false,
                alice.createdAt(),
                Optional.empty(),
                UnfollowedGroups.NONE,
                false));
  }

  private SignInResult completed(List<String> notices) {
    return completed(notices, Optional.empty());
  }

  private SignInResult completed(List<String> notices, Optional<Duration> sinceProof) {
    return new SignInResult.Completed(
        new SignedIn(
            alice.id(),
            new SignInMethod.OpenId(IDENTITY, Optional.empty()),
            Optional.empty(),
            sinceProof),
        "/console/device",
        notices);
  }
}
