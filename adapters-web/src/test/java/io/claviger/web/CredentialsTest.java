package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a provider knows a service: what is written, shown, bound, and refused. */
class CredentialsTest {
  private static final String MINE = "/v1/llm-services/alice/mine";
  private static final String CONFIRM = MINE + "/credential/_confirm";
  private static final String SECRET = "canary-0123456789";

  private static final Map<String, Object> OAUTH =
      Map.of(
          "kind", "oauth_client",
          "client_id", "claviger",
          "client_secret", SECRET,
          "token_url", "https://tokens.example/oauth/token/",
          "scope", "models.call");

  private static final Map<String, Object> FEDERATED = federatedAs("svc_1");

  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");

  private static Map<String, Object> service(Object credential) {
    return Map.of(
        "provider", "openai-compat",
        "endpoint", "https://llm.example/v1",
        "model", "m",
        "credential", credential);
  }

  private static Map<String, Object> federatedAs(String account) {
    return Map.of(
        "kind",
        "federated",
        "federation",
        Map.of(
            "provider", "openai",
            "identity_provider_id", "idp_1",
            "service_account_id", account,
            "audience", "https://api.openai.com/v1"));
  }

  private static void transfer(String service, Client giver, String to, Client receiver) {
    String offer =
        giver
            .post("/v1/transfers", Map.of("services", List.of(service), "to", to))
            .isStatus(201)
            .text("/id");
    receiver.post("/v1/transfers/" + offer + "/accept", Map.of()).isStatus(200);
  }

  private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
    Map<String, Object> changed = new HashMap<>(map);
    changed.put(name, value);
    return changed;
  }

  private static Map<String, Object> without(Map<String, Object> map, String name) {
    Map<String, Object> changed = new HashMap<>(map);
    changed.remove(name);
    return changed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kind': 'api_key', 'api_key': 'canary-0123456789'} | {'kind':'api_key'}",
        "{'kind': 'none'} | {'kind':'none'}",
        "{'kind': 'oauth_client', 'client_id': 'c', 'client_secret': 'canary-0123456789', 'token_url': 'https://t.example/x', 'audience': 'a'}"
            + " | {'kind':'oauth_client','token_url':'https://t.example/x','client_id':'c','audience':'a','expires_in':null,'minted_at':null,'last_error':null}",
        "{'kind': 'aws', 'access_key_id': 'AKIAIOSFODNN7EXAMPLE', 'secret_access_key': 'canary-0123456789', 'region': 'eu-central-1'}"
            + " | {'kind':'aws','access_key_id':'AKIAIOSFODNN7EXAMPLE','region':'eu-central-1','expires_in':null,'minted_at':null,'last_error':null}",
        "{'kind': 'federated', 'federation': {'provider': 'rfc8693', 'token_url': 'https://t.example/x'}}"
            + " | {'kind':'federated','federation':{'token_url':'https://t.example/x','provider':'rfc8693'},'confirmed':true,'expires_in':null,'minted_at':null,'last_error':null}",
      })
  void a_credential_is_shown_without_its_secret(String written, String shown) {
    String body =
        """
        {"provider": "openai-compat", "endpoint": "https://llm.example/v1", "model": "m",
         "credential": %s}
        """
            .formatted(written.replace('\'', '"'));
    TestResponse created = alice.put(MINE, body).isStatus(201);
    assertThat(created.at("/credential").toString()).isEqualTo(shown.replace('\'', '"'));
    assertThat(created.body() + alice.get(MINE).body()).doesNotContain(SECRET);
    // What is read is written back, and nothing changes.
    TestResponse back = alice.put(MINE, alice.get(MINE).json().toString()).isStatus(200);
    assertThat(back.at("/version").intValue()).isEqualTo(1);
    assertThat(back.at("/credential")).isEqualTo(created.at("/credential"));
  }

  @Test
  void the_short_form_stays_and_ends_another_kind() {
    alice.put(MINE, service(OAUTH)).isStatus(201);
    alice
        .patch(MINE, Map.of("api_key", SECRET, "credential", OAUTH))
        .hasFaults("/api_key not_allowed");
    TestResponse key =
        alice.patch(MINE, Map.of("api_key", SECRET, "endpoint", "https://llm.example/v1"));
    assertThat(key.isStatus(200).at("/credential").toString()).isEqualTo("{\"kind\":\"api_key\"}");
    TestResponse none = alice.patch(MINE, "{\"credential\": {\"kind\": \"none\"}}");
    assertThat(none.isStatus(200).at("/has_api_key").booleanValue()).isFalse();
    assertThat(none.at("/has_effective_api_key").booleanValue()).isTrue();
    alice.patch(MINE, "{\"credential\": null}").isStatus(200);
    assertThat(alice.get(MINE).text("/state")).isEqualTo("no_key");
  }

  @Test
  void a_service_of_a_standard_without_keys_is_of_the_kind_none() {
    alice.put(MINE, Map.of("provider", "ollama", "endpoint", "https://llm.example", "model", "m"));
    assertThat(alice.get(MINE).text("/credential/kind")).isEqualTo("none");
  }

  @Test
  void whoever_changes_what_a_secret_is_bound_to_enters_it_again() {
    alice.put(MINE, service(OAUTH)).isStatus(201);
    for (Map<String, Object> change :
        List.<Map<String, Object>>of(
            Map.of("endpoint", "https://elsewhere.example/v1"),
            Map.of("endpoint", "https://llm.example/v2"),
            Map.of("api_standard", "azure-openai"),
            Map.of("custom_headers", Map.of("X-Host", "elsewhere.example")),
            Map.of("credential", without(with(OAUTH, "scope", "x"), "client_secret")),
            Map.of("credential", without(with(OAUTH, "client_id", "x"), "client_secret")),
            Map.of("credential", without(with(OAUTH, "audience", "x"), "client_secret")),
            Map.of(
                "credential",
                without(with(OAUTH, "token_url", "https://mine.example/t"), "client_secret")))) {
      alice.patch(MINE, change).hasFaults("/credential/client_secret credential_required");
    }
    assertThat(alice.get(MINE).at("/version").intValue()).isEqualTo(1);
    alice
        .patch(MINE, Map.of("credential", without(OAUTH, "client_secret"), "description", "same"))
        .isStatus(200);
    alice
        .patch(
            MINE, Map.of("credential", with(OAUTH, "scope", "x"), "endpoint", "https://e.example"))
        .isStatus(200);
  }

  /** A proxy behind the endpoint may send the token wherever a header of a caller says. */
  @Test
  void a_credential_does_not_go_with_what_callers_could_not_send_along_before() {
    for (String header : List.of("x-one", "x-portkey-*")) {
      Map<String, Object> standard = new HashMap<>();
      standard.put("format", "openai");
      standard.put("key_method", "auth_bearer");
      standard.put("operations", List.of("POST chat/completions"));
      standard.put("request_headers", List.of("content-type", header));
      standard.put("response_headers", List.of());
      standard.put("query_parameters", List.of());
      root.put("/v1/api-standards/with-" + header.substring(0, 4), standard).isStatus(201);
    }
    Map<String, Object> minted = new HashMap<>(service(OAUTH));
    minted.put("api_standard", "with-x-on");
    alice.put(MINE, minted).isStatus(201);
    Map<String, Object> wide = Map.of("api_standard", "with-x-po");

    alice.patch(MINE, wide).hasFaults("/credential/client_secret credential_required");

    Map<String, Object> federated = new HashMap<>(service(FEDERATED));
    federated.put("api_standard", "with-x-on");
    TestResponse put = alice.put(MINE, federated).isStatus(200);
    assertThat(put.at("/credential/confirmed").booleanValue()).isTrue();
    TestResponse moved = alice.patch(MINE, wide).isStatus(200);
    assertThat(moved.at("/credential/confirmed").booleanValue()).isFalse();
  }

  @Test
  void nothing_is_stored_of_a_federation_and_every_change_stops_it() {
    TestResponse created = alice.put(MINE, service(FEDERATED)).isStatus(201);
    assertThat(created.at("/credential/confirmed").booleanValue()).isTrue();
    assertThat(created.text("/state")).isEqualTo("ready");
    assertThat(created.text("/credential/federation/token_url"))
        .isEqualTo("https://auth.openai.com/oauth/token");
    alice.patch(MINE, Map.of("description", "still")).isStatus(200);
    assertThat(alice.get(MINE).at("/credential/confirmed").booleanValue()).isTrue();

    TestResponse moved =
        alice.patch(MINE, Map.of("endpoint", "https://elsewhere.example/v1")).isStatus(200);

    assertThat(moved.at("/credential/confirmed").booleanValue()).isFalse();
    assertThat(moved.text("/state")).isEqualTo("no_key");
    assertThat(alice.get(MINE + "/key-resolution").text("/reason"))
        .isEqualTo("credential_unconfirmed");
    // Moving back confirms nothing.
    alice.patch(MINE, Map.of("endpoint", "https://llm.example/v1")).isStatus(200);
    assertThat(alice.get(MINE).at("/credential/confirmed").booleanValue()).isFalse();
  }

  /** A proxy behind the endpoint may send the token wherever a header says. */
  @Test
  void a_federation_stops_when_other_headers_go_with_it() {
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    Map<String, Object> headers = Map.of("custom_headers", Map.of("X-Host", "elsewhere.example"));

    TestResponse changed = alice.patch(MINE, headers).isStatus(200);

    assertThat(changed.at("/credential/confirmed").booleanValue()).isFalse();
    alice.post(CONFIRM, Map.of("destination", "https://llm.example/v1")).isStatus(204);
    alice.patch(MINE, "{\"custom_headers\": null}").isStatus(200);
    assertThat(alice.get(MINE).at("/credential/confirmed").booleanValue()).isTrue();
  }

  @Test
  void writers_change_no_credential_and_a_co_owners_federation_is_not_confirmed() {
    alice.put(MINE, service(Map.of("kind", "none"))).isStatus(201);
    alice.put(MINE + "/shares/bob", Map.of("role", "writer"));
    assertThat(bob.get(MINE).json().has("credential")).isFalse();
    bob.patch(MINE, Map.of("credential", FEDERATED)).isStatus(403);
    bob.patch(MINE, Map.of("credential", OAUTH, "endpoint", "https://llm.example/v1"))
        .isStatus(403);
    alice.put(MINE + "/shares/bob", Map.of("role", "owner"));

    TestResponse set = bob.patch(MINE, Map.of("credential", FEDERATED)).isStatus(200);

    assertThat(set.at("/credential/confirmed").booleanValue()).isFalse();
    root.patch(MINE, Map.of("credential", OAUTH)).isStatus(403);
    assertThat(root.patch(MINE, "{\"credential\": null}").isStatus(200).text("/credential/kind"))
        .isEqualTo("api_key");
  }

  @Test
  void a_key_file_is_looked_at_before_it_is_stored_and_names_its_token_url() {
    Map<String, Object> file = Map.of("kind", "google_service_account", "key", "{\n \"f\": 1}");
    alice
        .put(MINE, service(with(file, "key", "{\"a broken one\": 1}")))
        .hasFaults("/credential/key invalid_value");
    alice.get(MINE).isStatus(404);
    TestResponse stored = alice.put(MINE, service(file)).isStatus(201);
    assertThat(stored.text("/credential/token_url")).isEqualTo("https://file.example/token");
    TestResponse own =
        alice.put(MINE, service(with(file, "token_url", "https://own.example/token")));
    assertThat(own.isStatus(200).text("/credential/token_url"))
        .isEqualTo("https://own.example/token");
  }

  @Test
  void services_with_old_secrets_are_listed() {
    alice.put(MINE, service(OAUTH)).isStatus(201);
    alice.put("/v1/llm-services/alice/none", service(Map.of("kind", "none"))).isStatus(201);
    alice.put("/v1/llm-services/alice/fed", service(FEDERATED)).isStatus(201);
    for (String list : List.of("/v1/llm-services/alice", "/v1/llm-services")) {
      Client caller = list.endsWith("alice") ? alice : root;
      // The clock of the services stands long before that of this machine.
      TestResponse old = caller.get(list + "?key_older_than=1").isStatus(200);
      assertThat(old.at("/items").size()).isEqualTo(1);
      assertThat(old.text("/items/0/ref")).isEqualTo("alice/mine");
      assertThat(caller.get(list + "?key_older_than=36500").at("/items").size()).isZero();
      caller.offContract().get(list + "?key_older_than=x").isStatus(422);
    }
  }

  private static Map<String, Object> to(String endpoint) {
    return Map.of("destination", endpoint);
  }

  @Test
  void the_owner_confirms_a_destination_by_naming_it() {
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    alice.put(MINE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    bob.patch(MINE, Map.of("endpoint", "https://bobs.example/v1")).isStatus(200);

    bob.post(CONFIRM, to("https://bobs.example/v1")).isStatus(403);
    root.post(CONFIRM, to("https://bobs.example/v1")).isStatus(403);
    alice.post(CONFIRM, to("https://llm.example/v1")).hasFaults("/destination invalid_value");
    alice.post(CONFIRM, Map.of()).hasFaults("/destination required");
    alice.post(CONFIRM, to("nowhere")).hasFaults("/destination invalid_value");
    assertThat(confirmed(alice)).isFalse();
    // Whoever looked at an older state confirms nothing.
    alice.with("If-Match", "\"1\"").post(CONFIRM, to("https://bobs.example/v1")).isStatus(412);
    alice.post(CONFIRM, to("https://bobs.example/v1/")).isStatus(204);
    assertThat(confirmed(alice)).isTrue();
    alice.patch(MINE, Map.of("credential", OAUTH)).isStatus(200);
    assertThat(alice.post(CONFIRM, to("https://bobs.example/v1")).isStatus(409).body())
        .contains("nothing_to_confirm");
  }

  @Test
  void the_owner_confirms_no_header_values_that_a_co_owner_set() {
    String here = "https://llm.example/v1";
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    alice.put(MINE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    Map<String, Object> steering = new HashMap<>();
    steering.put("custom_headers", Map.of("Helicone-Target-Url", "https://bob.example"));
    bob.patch(MINE, steering).hasFaults("/endpoint destination_required");
    steering.put("endpoint", here);
    bob.patch(MINE, steering).isStatus(200);

    assertThat(alice.post(CONFIRM, to(here)).hasFaults("/custom_headers destination_required"))
        .extracting(TestResponse::body)
        .asString()
        .contains("Helicone-Target-Url");
    assertThat(confirmed(alice)).isFalse();
    alice.patch(MINE, "{\"custom_headers\": null}").isStatus(200);
    alice.post(CONFIRM, to(here)).isStatus(204);
    assertThat(confirmed(alice)).isTrue();

    // Values that she sets herself are known to her.
    steering.put("custom_headers", Map.of("X-Team", "alice"));
    alice.patch(MINE, steering).isStatus(200);
    alice.post(CONFIRM, to(here)).isStatus(204);
  }

  @Test
  void a_receiver_brings_no_key_for_header_values_of_the_giver() {
    Map<String, Object> given = new HashMap<>(service(FEDERATED));
    given.put("credential", OAUTH);
    given.put("custom_headers", Map.of("X-Team", "alice"));
    alice.put(MINE, given).isStatus(201);
    transfer("alice/mine", alice, "bob", bob);

    Map<String, Object> own = new HashMap<>();
    own.put("endpoint", "https://llm.example/v1");
    own.put("credential", OAUTH);
    bob.patch("/v1/llm-services/bob/mine", own).hasFaults("/custom_headers destination_required");
    own.put("custom_headers", Map.of());
    bob.patch("/v1/llm-services/bob/mine", own).isStatus(200);
  }

  @Test
  void the_owner_names_the_token_urls_too_unless_they_are_the_providers_own() {
    String usual = "https://llm.example/v1";
    String bobs = "https://bobs.example/token";
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    alice.put(MINE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    Map<String, Object> federation =
        Map.of(
            "provider", "openai",
            "identity_provider_id", "idp_1",
            "service_account_id", "svc_1",
            "audience", "https://api.openai.com/v1",
            "token_url", bobs);
    bob.patch(MINE, Map.of("credential", Map.of("kind", "federated", "federation", federation)))
        .isStatus(200);

    alice.post(CONFIRM, to(usual)).hasFaults("/token_urls invalid_value");
    alice
        .post(CONFIRM, Map.of("destination", usual, "token_urls", List.of(bobs + "/")))
        .hasFaults("/token_urls invalid_value");
    alice
        .offContract()
        .post(CONFIRM, Map.of("destination", usual, "token_urls", List.of("x")))
        .isStatus(422);
    assertThat(confirmed(alice)).isFalse();
    alice.post(CONFIRM, Map.of("destination", usual, "token_urls", List.of(bobs))).isStatus(204);
    assertThat(confirmed(alice)).isTrue();
  }

  private static boolean confirmed(Client owner) {
    return owner.get(MINE).at("/credential/confirmed").booleanValue();
  }

  @Test
  void a_federation_that_was_given_is_left_by_the_giver_or_replaced_by_the_receiver() {
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    transfer("alice/mine", alice, "bob", bob);
    String bobs = "/v1/llm-services/bob/mine";
    assertThat(bob.get(bobs).at("/credential/confirmed").booleanValue()).isFalse();
    assertThat(bob.get(bobs + "/key-resolution").text("/reason"))
        .isEqualTo("credential_unconfirmed");

    // The receiver can't take the giver's account, not by other words for it either.
    Map<String, Object> here = to("https://llm.example/v1");
    assertThat(bob.post(bobs + "/credential/_confirm", here).isStatus(409).body())
        .contains("credential_of_former_owner");
    bob.patch(bobs, Map.of("credential", Map.of("kind", "none"))).isStatus(200);
    bob.patch(bobs, Map.of("credential", FEDERATED, "endpoint", "https://llm.example/v1"))
        .isStatus(200);
    assertThat(bob.get(bobs).at("/credential/confirmed").booleanValue()).isFalse();
    bob.post(bobs + "/credential/_confirm", here).isStatus(409);

    bob.patch(bobs, Map.of("credential", federatedAs("svc_of_bob"))).isStatus(200);
    bob.post(bobs + "/credential/_confirm", here).isStatus(204);
    assertThat(bob.get(bobs).at("/credential/confirmed").booleanValue()).isTrue();
    alice.post(bobs + "/credential/_confirm", here).isStatus(404);

    // Somebody to whom the receiver transfers the service can't take the giver's account either.
    Client carol = served.user("carol");
    transfer("bob/mine", bob, "carol", carol);
    String carols = "/v1/llm-services/carol/mine";
    bob.post(carols + "/credential/_confirm", here).isStatus(404);
    carol.patch(carols, Map.of("credential", FEDERATED)).isStatus(200);
    assertThat(carol.post(carols + "/credential/_confirm", here).isStatus(409).body())
        .contains("credential_of_former_owner");
  }

  @Test
  void the_giver_confirms_once_more_for_the_receiver() {
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    transfer("alice/mine", alice, "bob", bob);
    String bobs = "/v1/llm-services/bob/mine";
    served
        .user("carol")
        .post(bobs + "/credential/_confirm", to("https://llm.example/v1"))
        .isStatus(404);

    alice.post(bobs + "/credential/_confirm", to("https://llm.example/v1")).isStatus(204);

    assertThat(bob.get(bobs).at("/credential/confirmed").booleanValue()).isTrue();
    // The credential is now the receiver's. So the receiver confirms the next destination, and the
    // giver can't.
    bob.patch(bobs, Map.of("endpoint", "https://bobs.example/v1")).isStatus(200);
    alice.post(bobs + "/credential/_confirm", to("https://bobs.example/v1")).isStatus(404);
    bob.post(bobs + "/credential/_confirm", to("https://bobs.example/v1")).isStatus(204);
  }

  @Test
  void after_the_givers_confirmation_nobody_else_lets_a_later_owner_use_the_account() {
    Map<String, Object> here = to("https://llm.example/v1");
    Client carol = served.user("carol");
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    transfer("alice/mine", alice, "bob", bob);
    alice.post("/v1/llm-services/bob/mine/credential/_confirm", here).isStatus(204);
    transfer("bob/mine", bob, "carol", carol);
    String carols = "/v1/llm-services/carol/mine";

    assertThat(carol.get(carols).at("/credential/confirmed").booleanValue()).isFalse();
    bob.post(carols + "/credential/_confirm", here).isStatus(404);
    assertThat(carol.post(carols + "/credential/_confirm", here).isStatus(409).body())
        .contains("credential_of_former_owner");
    alice.post(carols + "/credential/_confirm", here).isStatus(204);
    assertThat(carol.get(carols).at("/credential/confirmed").booleanValue()).isTrue();
    alice.post(carols + "/credential/_confirm", here).isStatus(404);

    // Carol confirms another endpoint, about which Alice learns nothing.
    carol.patch(carols, Map.of("endpoint", "https://carols.example/v1")).isStatus(200);
    carol.post(carols + "/credential/_confirm", to("https://carols.example/v1")).isStatus(204);
    transfer("carol/mine", carol, "bob", bob);
    alice
        .post("/v1/llm-services/bob/mine/credential/_confirm", to("https://carols.example/v1"))
        .isStatus(404);
  }

  @Test
  void later_owners_who_write_the_same_endpoint_leave_the_first_owner_able_to_confirm_it() {
    Map<String, Object> here = to("https://llm.example/v1");
    Client carol = served.user("carol");
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    transfer("alice/mine", alice, "bob", bob);
    String bobs = "/v1/llm-services/bob/mine";
    bob.put(bobs, service(FEDERATED)).isStatus(200);
    alice.post(bobs + "/credential/_confirm", here).isStatus(204);
    bob.put(bobs, service(FEDERATED)).isStatus(200);
    bob.post(bobs + "/credential/_confirm", here).isStatus(204);
    transfer("bob/mine", bob, "carol", carol);
    String carols = "/v1/llm-services/carol/mine";
    carol.put(carols, service(FEDERATED)).isStatus(200);
    carol.patch(carols, Map.of("endpoint", "https://llm.example/v1")).isStatus(200);

    alice.post(carols + "/credential/_confirm", here).isStatus(204);
    assertThat(carol.get(carols).at("/credential/confirmed").booleanValue()).isTrue();

    // An endpoint that a later owner has changed is that owner's, even if the owner changes it
    // back.
    carol.patch(carols, Map.of("endpoint", "https://carols.example/v1")).isStatus(200);
    carol.patch(carols, Map.of("endpoint", "https://llm.example/v1")).isStatus(200);
    carol.post(carols + "/credential/_confirm", here).isStatus(204);
    transfer("carol/mine", carol, "bob", bob);
    alice.post(bobs + "/credential/_confirm", here).isStatus(404);
  }

  @Test
  void a_first_owner_can_not_confirm_another_standard_that_a_later_owner_set_at_their_endpoint() {
    Map<String, Object> here = to("https://llm.example/v1");
    Client carol = served.user("carol");
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    transfer("alice/mine", alice, "bob", bob);
    String bobs = "/v1/llm-services/bob/mine";
    alice.post(bobs + "/credential/_confirm", here).isStatus(204);
    bob.patch(bobs, Map.of("api_standard", "anthropic")).isStatus(200);
    bob.post(bobs + "/credential/_confirm", here).isStatus(204);
    transfer("bob/mine", bob, "carol", carol);

    alice.post("/v1/llm-services/carol/mine/credential/_confirm", here).isStatus(404);
  }

  @Test
  void a_confirmation_for_a_receiver_counts_again_when_the_receiver_gets_the_service_back() {
    Map<String, Object> here = to("https://llm.example/v1");
    Client carol = served.user("carol");
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    transfer("alice/mine", alice, "bob", bob);
    String bobs = "/v1/llm-services/bob/mine";
    alice.post(bobs + "/credential/_confirm", here).isStatus(204);
    transfer("bob/mine", bob, "carol", carol);
    assertThat(carol.get("/v1/llm-services/carol/mine").at("/credential/confirmed").booleanValue())
        .isFalse();
    transfer("carol/mine", carol, "bob", bob);

    assertThat(bob.get(bobs).at("/credential/confirmed").booleanValue()).isTrue();
  }

  @Test
  void a_giver_who_gets_the_service_back_confirms_the_credential_as_before() {
    Map<String, Object> here = to("https://llm.example/v1");
    alice.put(MINE, service(FEDERATED)).isStatus(201);
    transfer("alice/mine", alice, "bob", bob);
    alice.post("/v1/llm-services/bob/mine/credential/_confirm", here).isStatus(204);
    transfer("bob/mine", bob, "alice", alice);

    assertThat(alice.get(MINE).at("/credential/confirmed").booleanValue()).isFalse();
    bob.post(MINE + "/credential/_confirm", here).isStatus(404);
    alice.post(MINE + "/credential/_confirm", here).isStatus(204);
    assertThat(alice.get(MINE).at("/credential/confirmed").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7 | /credential wrong_type",
        "{} | /credential/kind required",
        "{'kind': 'password'} | /credential/kind invalid_value",
        "{'kind': 'none', 'client_secret': 'canary-0123456789'} | /credential/client_secret unknown_field",
        "{'kind': 'oauth_client', 'client_id': 'c', 'token_url': 'https://t.example'} | /credential/client_secret credential_required",
        "{'kind': 'oauth_client', 'client_id': 'c', 'client_secret': 'canary-0123456789'} | /credential/token_url required",
        "{'kind': 'oauth_client', 'client_id': 'c', 'client_secret': 7, 'token_url': 'https://t.example'} | /credential/client_secret wrong_type",
        "{'kind': 'oauth_client', 'client_id': 'c', 'client_secret': 'short', 'token_url': 'https://t.example'} | /credential/client_secret invalid_value",
        "{'kind': 'oauth_client', 'client_id': 'c', 'client_secret': 'canary-0123456789', 'token_url': 'ftp://t.example'} | /credential/token_url invalid_value",
        "{'kind': 'oauth_client', 'client_id': 'c', 'client_secret': 'canary-0123456789', 'region': 'eu-west-1', 'token_url': 'https://t.example'} | /credential/region not_allowed",
        "{'kind': 'aws', 'access_key_id': 'AKIAIOSFODNN7EXAMPLE', 'secret_access_key': 'canary-0123456789', 'region': 'evil.example/'} | /credential/region invalid_value",
        "{'kind': 'federated'} | /credential/federation required",
        "{'kind': 'federated', 'federation': {}} | /credential/federation/provider required",
        "{'kind': 'federated', 'federation': {'provider': 'openai', 'token_url': 7}} | /credential/federation/token_url wrong_type",
        "{'kind': 'federated', 'federation': {'provider': 'azure', 'tenant': 'a/../b', 'client_id': 'c'}} | /credential/federation/tenant invalid_value",
        "{'kind': 'federated', 'federation': {'provider': 'aws', 'role_arn': 'x', 'region': 'eu-west-1'}} | /credential/federation/role_arn invalid_value",
        "{'kind': 'federated', 'federation': {'provider': 'rfc8693', 'token_url': 'https://t.example', 'unknown': 1}} | /credential/federation/unknown unknown_field",
        "{'kind': 'ambient', 'cloud': 'aws'} | /credential/kind not_allowed",
        "{'kind': 'oauth_client', 'client_id': 'c', 'client_secret': 'canary-0123456789', 'token_url': 'https://10.0.0.1/t'} | /credential/token_url not_allowed",
        "{'kind': 'federated', 'federation': {'provider': 'rfc8693', 'token_url': 'https://10.0.0.1/t'}} | /credential/federation/token_url not_allowed",
        "{'kind': 'federated', 'federation': {'provider': 'aws', 'role_arn': 'arn:aws:iam::123456789012:role/r', 'region': 'eu-west-1', 'sts_url': 'https://10.0.0.1'}} | /credential/federation/sts_url not_allowed",
      })
  void bad_input_is_answered_at_its_field_and_changes_nothing(String credential, String fault) {
    served.ports().destinations().put("10.0.0.1", Reach.NOT_ALLOWED);
    TestResponse refused =
        alice.put(
            MINE,
            """
            {"provider": "openai-compat", "endpoint": "https://llm.example/v1", "model": "m",
             "credential": %s}
            """
                .formatted(credential.replace('\'', '"')));
    refused.hasFaults(fault);
    assertThat(refused.body()).doesNotContain(SECRET);
    alice.get(MINE).isStatus(404);
  }

  @ParameterizedTest
  @CsvSource({
    "https://llm.example/v1, false",
    "http://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1, false",
    "https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1, true"
  })
  void the_identity_of_the_machine_goes_to_its_own_cloud_alone(String endpoint, boolean fits) {
    TestResponse written =
        root.put(
            "/v1/llm-services/_system/ambient",
            """
            {"provider": "openai-compat", "endpoint": "%s", "model": "m",
             "credential": {"kind": "ambient", "cloud": "aws"}}
            """
                .formatted(endpoint));
    if (fits) {
      written.isStatus(201);
    } else {
      written.hasFaults("/endpoint not_allowed");
    }
  }
}
