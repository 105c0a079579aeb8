package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every change of the contract, by a caller who may not make it. Each refusal is recorded, and
 * equal ones are counted.
 */
class RefusedChangesJourneyTest extends AliceAndBob {
  private Api carol = root;

  @BeforeEach
  void furnish() {
    carol = journey.user(node, "carol");
    journey.service(alice, "alice/mine");
    alice.put("/v1/projects/alice/mine", Map.of("service", "alice/mine")).isStatus(201);
    alice
        .put("/v1/llm-definitions/alice/mine", Map.of("provider", "openai", "model", "m"))
        .isStatus(201);
  }

  @Test
  void a_strangers_are() {
    assertOnRecord("manage", "bob", "carol");
  }

  @Test
  void those_with_a_token_of_scope_use_are() {
    assertOnRecord("use", "alice", "bob");
  }

  @Test
  void equal_ones_are_counted_together_after_the_first() {
    Node other = journey.startNode();
    for (int i = 0; i < 20; i++) {
      bob.at(other).delete("/v1/llm-services/alice/mine").isStatus(404);
    }
    assertThat(refusals()).containsExactly("1");
    journey.stop(other);
    assertThat(refusals()).containsExactly("1", "19");
  }

  /** Whatever callers write into a path must be storable in the record of its refusal. */
  @Test
  void no_text_in_a_path_is_answered_with_a_server_error() {
    List<String> failed = new ArrayList<>();
    List<Api> callers = List.of(alice, bob, carol, root);
    int tried = 0;
    for (Route route : Route.all(alice)) {
      for (String odd : List.of("a%00b", unlike(6_000))) {
        for (Route one : route.with(odd)) {
          TestResponse reply = attempt(callers.get(tried++ % callers.size()), one);
          if (reply.status() >= 500 || reply.status() == 429) {
            failed.add(one.method() + " " + route.path() + " " + reply.status());
          }
        }
      }
    }
    assertThat(tried).isGreaterThan(200);
    assertThat(failed).isEmpty();
  }

  /** Letters that can't be compressed. */
  private static String unlike(int length) {
    return new Random(1)
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private List<String> refusals() {
    return journey.column(
        """
        select count from audit_events
        where actor_id = (select id from users where handle = 'bob')
          and action = 'service.delete' and outcome = 'refused'
        order by at, id
        """);
  }

  /** A caller with a new token. */
  private Api holding(String user, String scope) {
    Api caller =
        switch (user) {
          case "alice" -> alice;
          case "bob" -> bob;
          default -> carol;
        };
    TestResponse issued =
        caller.post("/v1/users/" + user + "/tokens", Map.of("name", "tried", "scope", scope));
    return caller.holding(journey.token(issued.isStatus(201).text("/token")));
  }

  /**
   * Each attempt has a token of its own: what one token tries again, as by POST after PUT, is
   * counted with the first.
   *
   * @param first makes half of the attempts, since a minute has room for only sixty different
   *     refusals of one user
   * @param second makes the others
   */
  private void assertOnRecord(String scope, String first, String second) {
    Map<Route, String> unrecorded = new HashMap<>();
    List<Route> tried = new ArrayList<>();
    List<Route> routes = Route.all(alice);
    for (Route route : routes) {
      if (changes(route) && !isPutTwice(route, routes)) {
        tried.add(route);
        String who = tried.size() % 2 == 0 ? first : second;
        TestResponse reply = attempt(holding(who, scope), route);
        assertThat(reply.status()).as("%s: %s", route, reply.body()).isIn(403, 404);
        List<String> recorded =
            journey.column(
                """
                select concat_ws(' ', actor, outcome, address, token_id is not null)
                from audit_events where request_id = '%s'
                """
                    .formatted(reply.header("X-Request-Id")));
        if (!recorded.equals(List.of(who + " refused 127.0.0.1 t"))) {
          unrecorded.put(route, reply.status() + " " + recorded);
        }
      }
    }
    assertThat(tried).hasSizeGreaterThan(30);
    assertThat(unrecorded).isEmpty();
  }

  /**
   * A check is a call and changes nothing, nor does trying a service or a budget, or a comparison
   * with a provider. Everybody may narrow and end the presented token, and forms under {@code
   * /oauth} need none. An offer of what one can't see is invalid, as any unknown reference in a
   * body is.
   */
  private static boolean changes(Route route) {
    return !route.method().equals("GET")
        && !route.path().endsWith("check")
        && !route.path().endsWith("_what-if")
        && !route.path().endsWith("/_compare")
        && !route.path().endsWith("_try")
        && !route.path().contains("/reconciliation/")
        && !route.path().startsWith("/v1/me/token")
        && !route.path().equals("/v1/transfers")
        && !route.path().equals("/v1/tokens/_leaked") // for whoever found one
        && !route.path().startsWith("/oauth/");
  }

  /** POST does what PUT does. */
  private static boolean isPutTwice(Route route, List<Route> routes) {
    return route.method().equals("POST") && routes.contains(new Route("PUT", route.path()));
  }

  private TestResponse attempt(Api caller, Route route) {
    String path =
        route.path().contains("/prices") ? route.atAlices() + "?model=m" : route.atAlices();
    return switch (route.method()) {
      case "GET" -> caller.get(path);
      case "DELETE" -> caller.delete(path);
      case "PATCH" -> caller.patch(path, patch(path));
      case "POST" -> caller.post(path, body(path));
      default -> caller.put(path, body(path));
    };
  }

  private static Map<String, ?> patch(String path) {
    if (path.contains("/shares/")) {
      return Map.of("role", "reader");
    }
    if (path.startsWith("/v1/users/") || path.startsWith("/v1/groups/")) {
      return Map.of("display_name", "d");
    }
    return path.startsWith("/v1/model-configs/")
        ? Map.of("enabled", false)
        : Map.of("description", "d");
  }

  private Map<String, ?> body(String path) {
    if (path.contains("/shares/")) {
      return Map.of("role", "reader");
    }
    if (path.contains("/shared-objects/")) {
      return Map.of("access", "refer");
    }
    if (path.endsWith("/user-key")) {
      return Map.of("endpoint", journey.endpoint(), "api_key", journey.key("tried"));
    }
    if (path.endsWith("/_confirm")) {
      return Map.of("destination", journey.endpoint());
    }
    if (path.endsWith("/billing")) {
      return Map.of("api_key", journey.key("tried"));
    }
    if (path.endsWith("/default-service")) {
      return Map.of("service", "alice/mine");
    }
    if (path.endsWith("/identity")) {
      return Map.of("issuer", "https://id.example", "subject", "s");
    }
    if (path.endsWith("/muted-requests")) {
      return Map.of("everybody", true, "users", List.of());
    }
    if (path.endsWith("/requests")) {
      return Map.of("role", "writer");
    }
    if (path.endsWith("/webhook")) {
      return Map.of("url", "https://hooks.example/budgets");
    }
    if (path.endsWith("limits")) {
      return Map.of("requests_per_minute", 10);
    }
    if (path.endsWith("/raises")) {
      return Map.of("amount", "1", "until", Instant.now().plusSeconds(3_600).toString());
    }
    if (path.endsWith("/restore")) {
      return Map.of();
    }
    if (path.contains("/invoices/")) {
      return Map.of("total", "1", "currency", "USD");
    }
    if (path.contains("/prices")) {
      return Map.of("valid_from", "2026-01-01", "input", "1");
    }
    if (path.contains("/members/")) {
      return Map.of("role", "member");
    }
    if (path.contains("/trusts/")) {
      return Map.of("issuer", "ci", "subject", "s");
    }
    if (path.startsWith("/v1/reviews/")) {
      return Map.of("decision", "end");
    }
    return switch (path.split("/")[2]) {
      case "reviews" -> Map.of("service", "alice/mine");
      case "scim-tokens" -> Map.of("name", "n", "issuer", "https://id.example");
      case "trusted-issuers" -> Map.of("issuer", "https://id.example");
      case "users" -> path.endsWith("/tokens") ? Map.of("name", "n") : Map.of("handle", "zed");
      case "api-standards" -> Map.of("key_method", "none");
      case "providers" -> Map.of("format", "openai");
      case "retention" -> Map.of("usage_months", 1);
      case "llm-definitions" -> Map.of("provider", "openai", "model", "m");
      case "llm-services" -> Map.of("definition", "_system/openai-small");
      case "model-configs" -> Map.of("provider", "openai", "model", "m", "display_name", "M");
      default -> Map.of();
    };
  }
}
