package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.stub.RecordedRequest;
import io.claviger.stub.TokenUrls;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Services without any stored key: a provider that reads the key set of a node exchanges its
 * statements about a service for tokens.
 */
class FederatedServicesJourneyTest extends AliceAndBob {
  private static final String ISSUER = "https://claviger.example.org";
  private static final String AUDIENCE = "https://api.openai.com/v1";

  private final TokenUrls tokens = journey.provider().tokens();

  FederatedServicesJourneyTest() {
    super(Map.of("CLAVIGER_ISSUER_URL", ISSUER));
  }

  @AfterEach
  void forget() {
    tokens.forget();
  }

  private String service(String handle, boolean trusted) {
    tokens.issuer(ISSUER, () -> root.get("/oauth/keys").body());
    tokens.demandTokens();
    Map<String, Object> service = new HashMap<>();
    service.put("definition", "_system/openai-small");
    service.put("endpoint", journey.endpoint());
    service.put(
        "credential",
        Map.of(
            "kind",
            "federated",
            "federation",
            Map.of(
                "provider",
                "openai",
                "token_url",
                journey.provider().baseUrl() + "/tokens/openai",
                "audience",
                AUDIENCE,
                "identity_provider_id",
                "idp_1",
                "service_account_id",
                "sa_1")));
    String id = alice.put("/v1/llm-services/alice/" + handle, service).isStatus(201).text("/id");
    if (trusted) {
      tokens.rule("openai", "service:" + id, AUDIENCE, Map.of("service_account_id", "sa_1"));
    }
    return "alice/" + handle;
  }

  /**
   * Calls a service until its token is there. The first statement waits for the issuer's first key,
   * which this virtual machine, without its second compiler, may take ten seconds to make.
   */
  private void call(String service) {
    Duration unused =
        Eventually.holds(Duration.ofSeconds(60), () -> alice.embed(service).status() == 200);
  }

  private List<RecordedRequest> calls() {
    return journey.provider().requests().stream()
        .filter(request -> request.uri().startsWith("/v1/"))
        .toList();
  }

  @Test
  void a_service_is_called_with_what_its_provider_gave_for_a_statement_and_no_other_is() {
    String mine = service("mine", true);
    String other = service("other", false);

    call(mine);
    TestResponse refused = alice.embed(other);

    refused.isRefused(403, "credential_refused");
    assertThat(refused.body()).contains("No rule has this subject").doesNotContain("eyJ");
    assertThat(calls()).hasSize(1);
  }

  @Test
  void a_co_owner_who_moves_the_endpoint_gets_no_token_there() {
    String mine = service("mine", true);
    alice.share(mine, "bob", "owner").isStatus(201);
    call(mine);
    int made = tokens.made();

    bob.patch(
            "/v1/llm-services/" + mine,
            Map.of("endpoint", journey.provider().baseUrl() + "/elsewhere/v1"))
        .isStatus(200);

    Eventually.answers(403, () -> bob.embed(mine)).isRefused(403, "credential_unconfirmed");
    assertThat(tokens.made()).isEqualTo(made);
    assertThat(journey.provider().requests())
        .noneMatch(request -> request.uri().startsWith("/elsewhere/"));
  }

  /**
   * The database says, unencrypted, that a service came to its owner with a federation. Somebody
   * who deletes this entry gains nothing before the owner confirms. Binding the confirmation to the
   * entry would change nothing: only the owner gains, and the owner confirms afterwards.
   */
  @Test
  void removing_by_sql_what_came_with_a_service_gains_nothing_before_its_owner_confirms() {
    String mine = service("mine", true);
    call(mine);
    int made = tokens.made();
    alice.transfer(mine, "bob", bob);
    String confirm = "/v1/llm-services/bob/mine/credential/_confirm";
    Map<String, Object> destination =
        Map.of(
            "destination",
            journey.endpoint(),
            "token_urls",
            List.of(journey.provider().baseUrl() + "/tokens/openai"));
    bob.post(confirm, destination).isProblem(409, "credential_of_former_owner");

    journey.tamper("update instances set given_credential = null where handle = 'mine'");

    Eventually.answers(403, () -> bob.embed("bob/mine")).isRefused(403, "credential_unconfirmed");
    assertThat(tokens.made()).isEqualTo(made);
    bob.post(confirm, destination).isStatus(204);
    Eventually.answers(200, () -> bob.embed("bob/mine")).isStatus(200);
  }
}
