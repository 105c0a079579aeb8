package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.accounts.AccountCommands;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.DeviceUser;
import io.claviger.web.served.Served;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Who a user is for the identity provider. */
class IdentitiesTest {
  private static final String ISSUER = "https://people.example";
  @AutoClose private static final Served SERVED = Served.start();
  private final String handle = SERVED.newHandle();
  private final Client user = SERVED.user(handle);

  @Test
  void an_administrator_links_an_identity_that_the_user_then_shows() {
    TestResponse linked = link(handle, "s-" + handle).isStatus(201);

    assertThat(linked.text("/issuer")).isEqualTo(ISSUER);
    assertThat(linked.text("/subject")).isEqualTo("s-" + handle);
    assertThat(linked.header("Location")).isEqualTo(path(handle));
    assertThat(SERVED.root().get(path(handle)).text("/subject")).isEqualTo("s-" + handle);
  }

  @Test
  void the_answer_of_GET_can_be_sent_back_and_changes_nothing() {
    link(handle, "s-" + handle).isStatus(201);
    TestResponse shown = SERVED.root().get(path(handle));

    SERVED.root().json("PUT", path(handle), shown.body()).isStatus(200);
    assertThat(SERVED.root().get(path(handle)).body()).isEqualTo(shown.body());
  }

  @Test
  void a_link_to_a_user_who_has_tokens_is_a_recovery_that_ends_them() {
    user.get("/v1/me").isStatus(200);
    link(handle, "s-" + handle).isStatus(201);
    user.get("/v1/me").isStatus(401);
  }

  @Test
  void another_users_identity_is_a_conflict_and_ends_nothing() {
    link(handle, "s-" + handle).isStatus(201);
    Client other = SERVED.user("other-" + handle);

    TestResponse refused = link("other-" + handle, "s-" + handle).isStatus(409);

    assertThat(refused.text("/type")).isEqualTo("urn:claviger:problem:identity_taken");
    other.get("/v1/me").isStatus(200);
    other.get(path("other-" + handle)).isStatus(404);
  }

  @Test
  void another_identity_takes_the_place_of_the_former_one() {
    link(handle, "former-" + handle).isStatus(201);
    link(handle, "s-" + handle).isStatus(200);
    assertThat(SERVED.root().get(path(handle)).text("/subject")).isEqualTo("s-" + handle);
    link(SERVED.user("heir-" + handle), "heir-" + handle, "former-" + handle);
  }

  private void link(Client heir, String heirsHandle, String subject) {
    heir.get("/v1/me").isStatus(200);
    link(heirsHandle, subject).isStatus(201);
  }

  @Test
  void nobody_says_who_root_the_built_in_user_or_a_service_account_is() {
    SERVED
        .root()
        .post(
            "/v1/users",
            Map.of("handle", "bot-" + handle, "kind", "service", "responsible", handle))
        .isStatus(201);

    link("bot-" + handle, "s").isStatus(403);
    link("root", "s").isStatus(403);
    link("_system", "s").isStatus(403);
  }

  @Test
  void users_do_not_say_who_they_are_but_unlink_themselves() {
    link(handle, "s-" + handle).isStatus(201);
    Client again = tokenOfBrowser();

    again.put(path(handle), Map.of("issuer", ISSUER, "subject", "mine")).isStatus(403);
    again.delete(path(handle)).isStatus(204);
    again.get(path(handle)).isStatus(404);
    again.delete(path(handle)).isStatus(404);
  }

  @Test
  void a_recovery_token_unlinks_the_identity_and_says_what_ended() {
    link(handle, "s-" + handle).isStatus(201);
    DeviceUser browser = DeviceUser.from(SERVED, handle, "192.0.2.77");

    TestResponse recovered =
        SERVED
            .root()
            .post("/v1/users/" + handle + "/tokens", Map.of("name", "n", "recovery", true))
            .isStatus(201);

    assertThat(recovered.body()).contains("\"identity\":true").contains("\"sessions\":1");
    SERVED.root().get(path(handle)).isStatus(404);
    assertThat(browser.refused("BCDF-GHJK")).isEqualTo("forbidden");
  }

  @Test
  void the_answer_to_a_recovery_says_what_ended_and_can_be_sent_back() {
    TestResponse linked = link(handle, "s-" + handle).isStatus(201);

    assertThat(linked.body()).contains("\"access_tokens\":1");
    SERVED.root().json("PUT", path(handle), linked.body()).isStatus(200);
  }

  @Test
  void an_administrators_token_that_ends_says_of_nobody_who_they_are() {
    Client narrow =
        SERVED.holding(
            SERVED
                .root()
                .post(
                    "/v1/users/root/tokens",
                    Map.of("name", "short", "expires_at", "2099-01-01T00:00:00Z"))
                .isStatus(201)
                .text("/token"));

    narrow.put(path(handle), Map.of("issuer", ISSUER, "subject", "mine")).isStatus(403);
    user.get("/v1/me").isStatus(200);
  }

  /** The user with a new token, which they made in a browser. */
  private Client tokenOfBrowser() {
    User found = SERVED.ports().users().find(new Handle(handle)).orElseThrow();
    Actor inBrowser =
        new Actor(found.id(), found.handle(), false, Optional.empty(), "192.0.2.7", "request");
    NewToken wanted = AccountCommands.token("n");
    return SERVED.holding(
        SERVED
            .useCase(AccessTokens.class)
            .issue(inBrowser, found.handle(), wanted)
            .orThrow()
            .text()
            .reveal());
  }

  @Test
  void what_is_no_issuer_or_subject_is_a_fault_each() {
    TestResponse refused =
        SERVED
            .root()
            .put(path(handle), Map.of("issuer", "http://people.example", "subject", ""))
            .isStatus(422);

    assertThat(refused.text("/errors/0/pointer")).isEqualTo("/issuer");
    assertThat(refused.text("/errors/1/pointer")).isEqualTo("/subject");
  }

  private static TestResponse link(String user, String subject) {
    return SERVED.root().put(path(user), Map.of("issuer", ISSUER, "subject", subject));
  }

  private static String path(String user) {
    return "/v1/users/" + user + "/identity";
  }
}
