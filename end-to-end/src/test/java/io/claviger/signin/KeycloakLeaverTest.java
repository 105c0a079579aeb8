package io.claviger.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.journeys.Api;
import io.claviger.journeys.Eventually;
import io.claviger.testkit.http.FormBrowser;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests what Claviger does when somebody leaves the organization or a group at a real Keycloak. */
@SuppressWarnings("NullAway.Init") // set before the tests
@Tag("thorough")
class KeycloakLeaverTest {
  @AutoClose private static SignedInNode node;

  @BeforeAll
  static void start() {
    node = SignedInNode.start();
  }

  @Test
  void who_is_disabled_there_is_suspended_and_what_they_own_goes_on_for_others() {
    FormBrowser browser = signedIn("leaver");
    Api leaver = node.tokenOf(browser);
    Api colleague = node.local("colleague");
    String service = node.journey.service(leaver, "leaver/lent");
    leaver.share(service, "colleague", "reader").isStatus(201);
    leaver.embed(service).isStatus(200);
    node.realm.enable("leaver", false);
    node.followKeycloak("leaver");
    isSuspended(leaver, service, browser);
    assertThat(node.root().get("/v1/users/leaver").isStatus(200).at("/suspended").booleanValue())
        .isTrue();
    colleague.embed(service).isStatus(200);
  }

  @Test
  void who_comes_back_signs_in_and_has_everything_again() {
    FormBrowser browser = signedIn("returner");
    Api returner = node.tokenOf(browser);
    String service = node.journey.service(returner, "returner/kept");
    node.realm.enable("returner", false);
    node.followKeycloak("returner");
    isSuspended(returner, service, browser);
    node.realm.enable("returner", true);
    assertThat(node.account(browser, "returner").body()).contains("<dd><bdi>returner</bdi></dd>");
    Eventually.answers(200, () -> returner.get("/v1/me")).isStatus(200);
    Eventually.answers(200, () -> returner.embed(service)).isStatus(200);
  }

  @Test
  void who_takes_the_permission_back_there_is_suspended_until_they_sign_in() {
    FormBrowser browser = signedIn("withdrawer");
    Api withdrawer = node.tokenOf(browser);
    String service = node.journey.service(withdrawer, "withdrawer/own");
    node.realm.logOut("withdrawer");
    node.followKeycloak("withdrawer");
    isSuspended(withdrawer, service, browser);
    assertThat(node.account(node.browser(), "withdrawer").body())
        .contains("<dd><bdi>withdrawer</bdi></dd>");
    Eventually.answers(200, () -> withdrawer.get("/v1/me")).isStatus(200);
  }

  @Test
  void a_group_that_is_taken_away_there_takes_what_it_was_lent() {
    FormBrowser browser = signedIn("mover", "staff");
    Api mover = node.tokenOf(browser);
    Api lender = node.local("lender");
    String service = node.journey.service(lender, "lender/for-staff");
    lender.share(service, "@staff", "reader").isStatus(201);
    Eventually.answers(200, () -> mover.embed(service)).isStatus(200);
    node.realm.leave("mover", "staff");
    node.followKeycloak("mover");
    Eventually.answers(404, () -> mover.embed(service)).isStatus(404);
    assertThat(node.members("staff")).doesNotContain("mover");
    browser.open(SignedInNode.ACCOUNT).isStatus(200);
  }

  private static FormBrowser signedIn(String name, String... groups) {
    node.realm.person(name, groups);
    FormBrowser browser = node.browser();
    assertThat(node.account(browser, name).body()).contains("<dd><bdi>" + name + "</bdi></dd>");
    return browser;
  }

  /** Asserts that the person is refused at both ports and in the browser. */
  private static void isSuspended(Api user, String service, FormBrowser browser) {
    Eventually.answers(401, () -> user.get("/v1/me")).isProblem(401, "user_suspended");
    Eventually.answers(401, () -> user.embed(service)).isRefused(401, "user_suspended");
    browser.open(SignedInNode.ACCOUNT).isStatus(303);
  }
}
