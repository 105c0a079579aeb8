package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.credentials.MintedCredentials;
import io.claviger.bootstrap.node.Node;
import io.claviger.stub.RecordedRequest;
import io.claviger.stub.TokenUrls;
import io.claviger.stub.TokenUrls.Lie;
import io.claviger.testkit.Race;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes, and a service that has a client of an OAuth server instead of an API key. */
class MintedCredentialsJourneyTest extends SharedNode {
  private static final String LENT = "/v1/llm-services/alice/lent";

  private final Node other = another();
  private final TokenUrls tokens = journey.provider().tokens();
  private Api alice = root;
  private Api bob = root;

  @BeforeEach
  void lend() {
    tokens.client("alice-client", journey.key("client"));
    tokens.demandTokens();
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    alice.put(LENT, service(journey.key("client"))).isStatus(201);
    alice.share("alice/lent", "bob", "reader").isStatus(201);
  }

  @AfterEach
  void forget() {
    tokens.forget();
  }

  private Map<String, Object> service(String secret) {
    return journey.serviceWith(credential(secret));
  }

  private Map<String, Object> credential(String secret) {
    return Map.of(
        "kind",
        "oauth_client",
        "client_id",
        "alice-client",
        "client_secret",
        secret,
        "token_url",
        journey.provider().baseUrl() + "/tokens/client");
  }

  private Stream<RecordedRequest> calls() {
    return journey.provider().requests().stream()
        .filter(request -> request.uri().startsWith("/v1/"));
  }

  @Test
  void calls_at_once_wait_for_one_exchange_and_each_node_makes_its_own() {
    List<TestResponse> answers = Race.of(16, thread -> bob.embed("alice/lent"), 4);

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(tokens.made()).isEqualTo(1);
    assertThat(calls().map(call -> call.header("authorization")).distinct())
        .singleElement()
        .asString()
        .startsWith("Bearer stub-token-");
    Eventually.answers(200, () -> bob.at(other).embed("alice/lent")).isStatus(200);
    assertThat(tokens.made()).isEqualTo(2);
    TestResponse seen = alice.get(LENT);
    assertThat(seen.text("/credential/kind")).isEqualTo("oauth_client");
    assertThat(seen.at("/credential/expires_in").intValue()).isBetween(1, 900);
    assertThat(seen.body()).doesNotContain("stub-token-");
    assertThat(journey.root(node).get("/metrics").body())
        .containsPattern(
            "claviger_credential_exchanges_total\\{kind=\"oauth_client\",outcome=\"minted\"} [1-9]")
        .containsPattern("claviger_credential_token_age_seconds\\{kind=\"oauth_client\"} \\d");
  }

  @Test
  void a_change_wipes_the_token_on_all_nodes_also_on_one_that_makes_no_calls() {
    bob.embed("alice/lent").isStatus(200);
    Eventually.answers(200, () -> bob.at(other).embed("alice/lent")).isStatus(200);
    alice.patch(LENT, Map.of("enabled", false)).isStatus(200);

    for (Node each : List.of(node, other)) {
      MintedCredentials held = each.context().get(MintedCredentials.class);
      Eventually.holds(Eventually.SOON, () -> !held.holdsTokens());
    }
    bob.embed("alice/lent").isRefused(403, "disabled");
    alice.patch(LENT, Map.of("enabled", true)).isStatus(200);
    Eventually.answers(200, () -> bob.embed("alice/lent")).isStatus(200);
    assertThat(tokens.made()).isEqualTo(3);
  }

  @Test
  void a_client_that_is_refused_is_so_for_a_minute_or_until_its_secret_is_entered_again() {
    tokens.client("alice-client", "another-secret-of-the-client");
    TestResponse refused = bob.embed("alice/lent");
    refused.isRefused(403, "credential_refused");
    assertThat(refused.body()).contains("at the step").doesNotContain(journey.key("client"));
    tokens.client("alice-client", journey.key("client"));
    bob.embed("alice/lent").isRefused(403, "credential_refused");
    assertThat(alice.get(LENT).text("/credential/last_error")).isNotEmpty();
    alice.patch(LENT, Map.of("credential", credential(journey.key("client")))).isStatus(200);

    Eventually.answers(200, () -> bob.embed("alice/lent")).isStatus(200);
    assertThat(calls()).hasSize(1);
  }

  @Test
  void a_token_url_that_moves_needs_the_secret_again_and_gets_nothing_without_it() {
    bob.embed("alice/lent").isStatus(200);
    Map<String, Object> moved = new HashMap<>(credential(journey.key("client")));
    moved.remove("client_secret");
    moved.put("token_url", journey.provider().baseUrl() + "/elsewhere/tokens/client");

    assertThat(alice.patch(LENT, Map.of("credential", moved)).status()).isEqualTo(422);
    bob.embed("alice/lent").isStatus(200);
    assertThat(tokens.made()).isEqualTo(1);
    assertThat(exchangesElsewhere()).isZero();

    moved.put("client_secret", journey.key("client"));
    alice.patch(LENT, Map.of("credential", moved)).isStatus(200);
    Eventually.holds(
        Eventually.SOON, () -> bob.embed("alice/lent").status() == 200 && exchangesElsewhere() > 0);
  }

  private long exchangesElsewhere() {
    return journey.provider().requests().stream()
        .filter(request -> request.uri().startsWith("/elsewhere/tokens/"))
        .count();
  }

  @Test
  void lies_of_a_token_url_are_refused_with_the_step_that_failed() {
    for (Lie lie : List.of(Lie.EXPIRED, Lie.YEAR, Lie.OTHER_TYPE, Lie.BROKEN_TOKEN, Lie.PAGE)) {
      tokens.lie(lie);
      alice.patch(LENT, Map.of("credential", credential(journey.key("client")))).isStatus(200);
      TestResponse refused =
          Eventually.answers(lie == Lie.PAGE ? 503 : 403, () -> bob.embed("alice/lent"));

      assertThat(refused.values("x-claviger-error"))
          .as("%s: %s", lie, refused.body())
          .containsAnyOf("credential_refused", "credential_unavailable");
      assertThat(refused.body()).contains("at the step");
    }
    assertThat(calls()).isEmpty();
  }

  @Test
  void a_connection_check_names_the_steps() {
    TestResponse passed = alice.check("alice/lent").isStatus(200);
    assertThat(passed.text("/status")).isEqualTo("ok");
    assertThat(passed.at("/steps").size()).isGreaterThan(1);
    assertThat(passed.at("/steps").valueStream()).allMatch(step -> step.at("/ok").booleanValue());
    tokens.client("alice-client", "another-secret-of-the-client");
    alice.patch(LENT, Map.of("credential", credential(journey.key("client")))).isStatus(200);
    TestResponse failed = alice.check("alice/lent").isStatus(200);

    assertThat(failed.text("/status")).isEqualTo("no_key");
    assertThat(failed.text("/reason")).isEqualTo("credential_refused");
    assertThat(failed.at("/steps").valueStream().toList().getLast().at("/ok").booleanValue())
        .isFalse();
    assertThat(alice.get(LENT + "/key-resolution").text("/reason")).isEqualTo("credential_refused");
  }

  /** The steps of other kinds of credentials name roles and accounts at the provider. */
  @Test
  void a_borrowers_check_tells_nothing_of_the_credential() {
    assertThat(details(alice)).anyMatch(detail -> detail.startsWith("A token that lives for"));

    List<String> told = details(bob);
    assertThat(told.getLast()).isEqualTo("The provider answers and accepts the token.");
    assertThat(told.subList(0, told.size() - 1)).isNotEmpty().containsOnly("Done.");
    assertThat(bob.checkAll("bob").isStatus(200).body()).doesNotContain("A token that lives for");
  }

  private static List<String> details(Api whose) {
    return whose.check("alice/lent").isStatus(200).at("/steps").findValuesAsString("detail");
  }
}
