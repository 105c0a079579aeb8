package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Narrower tokens, and a token that ends itself. */
class OwnTokenTest {
  private static final String NARROW = "/v1/me/tokens/narrow";
  @AutoClose private static final Served SERVED = Served.start();
  private final String handle = SERVED.newHandle();
  private final Client user = SERVED.user(handle);

  @Test
  void a_narrower_token_is_of_scope_use_and_names_its_parent() {
    TestResponse narrowed = user.post(NARROW, Map.of("name", "review")).isStatus(201);

    assertThat(narrowed.text("/scope")).isEqualTo("use");
    assertThat(narrowed.text("/parent")).isEqualTo(user.get("/v1/me").text("/token/id"));
    assertThat(narrowed.header("Location"))
        .isEqualTo("/v1/users/" + handle + "/tokens/" + narrowed.text("/id"));
    SERVED.holding(narrowed.text("/token")).get("/v1/me").isStatus(200);
  }

  @Test
  void a_token_of_scope_use_narrows_itself_and_writes_nothing_else() {
    Client use = use(Map.of());
    use.post(NARROW, Map.of("name", "n")).isStatus(201);
    use.post("/v1/users/" + handle + "/tokens", Map.of("name", "n")).isStatus(403);
  }

  @Test
  void what_exceeds_the_parent_is_refused_field_by_field() {
    Client parent =
        use(
            Map.of(
                "expires_at", "2030-01-01T00:00:00Z", "limits", Map.of("requests_per_minute", 10)));

    assertPointer(
        parent.json("POST", NARROW, "{\"name\": \"n\", \"expires_at\": null}"), "/expires_at");
    assertPointer(
        parent.json("POST", NARROW, "{\"name\": \"n\", \"limits\": {\"requests_per_minute\": 11}}"),
        "/limits");
    assertPointer(
        parent.post(NARROW, Map.of("name", "n", "service", "nobody/nothing")), "/service");
    TestResponse within = parent.post(NARROW, Map.of("name", "n")).isStatus(201);
    assertThat(within.text("/expires_at")).isEqualTo("2030-01-01T00:00:00Z");
    assertThat(within.at("/limits/requests_per_minute").asInt()).isEqualTo(10);
  }

  @Test
  void a_narrower_token_ends_with_its_parent() {
    Client parent = use(Map.of());
    Client child = narrowed(parent);
    Client grandchild = narrowed(child);

    parent.delete("/v1/me/token").isStatus(204);

    parent.get("/v1/me").isStatus(401);
    child.get("/v1/me").isStatus(401);
    grandchild.get("/v1/me").isStatus(401);
    user.get("/v1/me").isStatus(200);
  }

  @Test
  void there_are_three_levels_below_the_first() {
    Client third = narrowed(narrowed(narrowed(user)));
    third.post(NARROW, Map.of("name", "n")).isStatus(403);
  }

  @Test
  void a_token_has_a_hundred_narrower_ones() {
    for (int i = 0; i < 100; i++) {
      user.post(NARROW, Map.of("name", "n")).isStatus(201);
    }
    TestResponse refused = user.post(NARROW, Map.of("name", "n")).isStatus(409);
    assertThat(refused.text("/type")).endsWith("too_many_narrower_tokens");
  }

  private Client use(Map<String, Object> more) {
    Map<String, Object> wanted = new HashMap<>(more);
    wanted.put("name", "use");
    wanted.put("scope", "use");
    return SERVED.holding(
        user.post("/v1/users/" + handle + "/tokens", wanted).isStatus(201).text("/token"));
  }

  private static Client narrowed(Client parent) {
    return SERVED.holding(parent.post(NARROW, Map.of("name", "n")).isStatus(201).text("/token"));
  }

  private static void assertPointer(TestResponse refused, String pointer) {
    assertThat(refused.isStatus(422).text("/errors/0/pointer")).isEqualTo(pointer);
  }
}
