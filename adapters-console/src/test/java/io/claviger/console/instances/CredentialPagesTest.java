package io.claviger.console.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a provider knows a service: asked at registration, changed, and confirmed. */
class CredentialPagesTest {
  private static final String REGISTER = "/console/services/register";
  private static final String SECRET = "canary-0123456789";
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  private static Map<String, String> service(String name, Map<String, String> credential) {
    Map<String, String> typed = new HashMap<>(credential);
    typed.put("provider", "openai-compat");
    typed.put("model", "m");
    typed.put("endpoint", "https://llm.example/v1");
    typed.put("name", name);
    return typed;
  }

  private static TestResponse register(
      Person owner, String choice, String name, Map<String, String> credential) {
    Map<String, String> typed = service(name, credential);
    typed.put("anyway", "yes");
    String page = REGISTER + "?from=nothing&credential=" + choice;
    return owner.send(page, REGISTER, typed);
  }

  @Test
  void the_form_asks_first_and_has_exactly_the_fields_of_the_answer() {
    Person ida = SERVED.person("ida");
    for (CredentialChoice choice : CredentialChoice.offered(false)) {
      String page =
          ServedConsole.sound(
                  ida.open(REGISTER + "?from=nothing&credential=" + choice.value()).isStatus(200))
              .body();
      assertThat(page.indexOf("How does this provider know you?"))
          .isPositive()
          .isLessThan(page.indexOf("name=\"provider\""));
      Set<String> inputs =
          choice.inputs().stream().map(CredentialChoice.Input::name).collect(Collectors.toSet());
      for (CredentialField field : CredentialField.values()) {
        if (field != CredentialField.PROVIDER) {
          assertThat(page.contains("name=\"" + field.wireName() + "\""))
              .as(choice.value() + " " + field)
              .isEqualTo(inputs.contains(field.wireName()));
        }
      }
      for (CredentialKind kind : CredentialKind.values()) {
        for (String secret : kind.secretFields()) {
          assertThat(page.contains("name=\"" + secret + "\""))
              .as(choice.value() + " " + secret)
              .isEqualTo(kind == choice.kind());
        }
      }
    }
    ida.open(REGISTER + "?credential=nonsense").isStatus(422);
  }

  @Test
  void each_input_has_a_line_of_help_and_each_answer_says_what_to_enter_at_the_provider() {
    Person hal = SERVED.person("hal");
    for (CredentialChoice choice : CredentialChoice.offered(true)) {
      assertThat(choice.inputs()).as(choice.value()).noneMatch(input -> input.help().isBlank());
    }
    for (CredentialChoice choice : CredentialChoice.offered(false)) {
      assertThat(hal.open(REGISTER + "?credential=" + choice.value()).body())
          .contains(
              choice.provider().isPresent()
                  ? "<a href=\"#steps\">What to enter at the provider</a>"
                  : "<a href=\"" + choice.documentation() + "\">How it is set up</a>");
      assertThat(hal.open(choice.documentation()).status()).isEqualTo(200);
    }
  }

  @Test
  void services_are_registered_by_every_kind_and_no_secret_comes_back() {
    Person una = SERVED.person("una");
    String file = "{\"type\": \"service_account\",\r\n \"x\": \"" + SECRET + "\"}";
    Map<String, Map<String, String>> kinds =
        Map.of(
            "none",
            Map.of(),
            "oauth_client",
            Map.of(
                "client_id", "c", "client_secret", SECRET, "token_url", "https://t.example/token"),
            "google_service_account",
            Map.of("key", file),
            "aws",
            Map.of(
                "access_key_id",
                "AKIAIOSFODNN7EXAMPLE",
                "secret_access_key",
                SECRET,
                "region",
                "eu-central-1"),
            "federated-azure",
            Map.of("tenant", "contoso.example", "client_id", "app"));
    kinds.forEach(
        (choice, credential) -> {
          String name = choice.replace('_', '-');
          TestResponse registered = register(una, choice, name, credential).isStatus(200);
          assertThat(registered.body())
              .contains("una/" + name + " is registered")
              .doesNotContain(SECRET);
          TestResponse stored = una.api().get("/v1/llm-services/una/" + name).isStatus(200);
          assertThat(stored.text("/credential/kind")).isEqualTo(choice.split("-")[0]);
          String page = una.open("/console/services/una/" + name + "/key").isStatus(200).body();
          assertThat(page).contains("The provider knows the service").doesNotContain(SECRET);
          assertThat(una.open("/console/services/una/" + name + "/credential").body())
              .contains("value=\"" + choice + "\" selected")
              .doesNotContain(SECRET);
        });
    assertThat(
            una.api()
                .get("/v1/llm-services/una/federated-azure")
                .text("/credential/federation/token_url"))
        .isEqualTo("https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token");
  }

  @Test
  void a_missing_or_wrong_setting_is_said_beside_its_field_and_the_rest_stays() {
    Person max = SERVED.person("max");
    TestResponse refused =
        register(
            max,
            "oauth_client",
            "wrong",
            Map.of("client_id", "kept-client", "token_url", "nowhere", "client_secret", SECRET));
    assertThat(refused.isStatus(422).body())
        .contains("id=\"token_url-more\"><span class=\"field-error\">", "value=\"kept-client\"")
        .doesNotContain(SECRET);
    assertThat(
            register(max, "oauth_client", "wrong", Map.of("client_id", "c")).isStatus(422).body())
        .contains("id=\"token_url-more\"><span class=\"field-error\">");
    Map<String, String> both =
        Map.of(
            "client_id",
            "c",
            "token_url",
            "https://t.example/x",
            "client_secret",
            SECRET,
            "assertion_key",
            "-----BEGIN PRIVATE KEY-----");
    assertThat(register(max, "oauth_client", "wrong", both).isStatus(422).body())
        .contains("Give one secret.");
    assertThat(
            register(
                    max,
                    "oauth_client",
                    "wrong",
                    Map.of("client_id", "c", "token_url", "https://t.example/x"))
                .isStatus(422)
                .body())
        .contains("id=\"client_secret-more\"><span class=\"field-error\">");
    max.api().get("/v1/llm-services/max/wrong").isStatus(404);
  }

  @Test
  void a_statement_is_explained_with_the_subject_of_the_service() {
    Person fay = SERVED.person("fay");
    assertThat(fay.open(REGISTER + "?from=nothing&credential=federated-aws").body())
        .contains("service:SERVICE_ID", "https://claviger.example.org");
    TestResponse registered =
        register(
            fay,
            "federated-aws",
            "bedrock",
            Map.of(
                "role_arn", "arn:aws:iam::123456789012:role/claviger", "region", "eu-central-1"));
    String id = fay.api().get("/v1/llm-services/fay/bedrock").text("/id");
    assertThat(registered.isStatus(200).body()).contains("service:" + id, "Check now");
    assertThat(fay.open("/console/services/fay/bedrock/credential").body())
        .contains("service:" + id);
  }

  @Test
  void a_key_is_replaced_by_a_credential_of_another_kind_and_back() {
    Person ned = owner("ned");
    String page = "/console/services/ned/chat/credential";
    Map<String, String> client = new HashMap<>();
    client.put("client_id", "c");
    client.put("client_secret", SECRET);
    client.put("token_url", "https://t.example/token/");
    ned.send(page + "?credential=oauth_client", page, client).isStatus(303);
    assertThat(ned.api().get("/v1/llm-services/ned/chat").text("/credential/token_url"))
        .isEqualTo("https://t.example/token/");
    String shown = ned.open("/console/services/ned/chat/key").body();
    assertThat(shown)
        .contains("As a client of an OAuth server", "Remove the credential")
        .doesNotContain("Replace the key", "name=\"api_key\"");
    assertThat(ned.open("/console/services/ned/chat/settings").body())
        .doesNotContain("name=\"api_key\"")
        .contains("The credential works for this endpoint only.");
    Map<String, String> moved =
        Map.of("endpoint", "https://else.example/v1", "central_key", "yes", "user_keys", "");
    assertThat(
            ned.send("/console/services/ned/chat/settings", allTicks(moved)).isStatus(422).body())
        .contains("id=\"endpoint-more\"><span class=\"field-error\">The secret is sealed");

    ned.send(page + "?credential=api_key", page, Map.of("api_key", SECRET)).isStatus(303);
    assertThat(ned.api().get("/v1/llm-services/ned/chat").text("/credential/kind"))
        .isEqualTo("api_key");
    ned.send("/console/services/ned/chat/key", "/console/services/ned/chat/key/remove", Map.of())
        .isStatus(303);
    assertThat(ned.api().get("/v1/llm-services/ned/chat").at("/has_api_key").booleanValue())
        .isFalse();
  }

  @Test
  void a_typing_error_does_not_make_an_old_page_a_new_one() {
    Person ute = owner("ute");
    String page = "/console/services/ute/chat/credential";
    String api = "/v1/llm-services/ute/chat";
    Map<String, String> client = new HashMap<>();
    client.put("client_id", "c");
    client.put("client_secret", SECRET);
    client.put("token_url", "nowhere");
    TestResponse open = ute.open(page + "?credential=oauth_client");
    ute.api().patch(api, Map.of("description", "changed meanwhile")).isStatus(200);

    TestResponse wrong = ute.browser().submit(open, page, client).isStatus(422);
    client.put("token_url", "https://t.example/token");
    TestResponse refused = ute.browser().submit(wrong, page, client).isStatus(412);

    ute.browser().submit(refused, page, client).isStatus(303);
  }

  @Test
  void headers_that_a_co_owner_set_are_removed_with_a_new_key() {
    Person mia = owner("mia");
    Person tom = SERVED.person("tom");
    String api = "/v1/llm-services/mia/chat";
    mia.api().put(api + "/shares/tom", Map.of("role", "owner")).isStatus(201);
    Map<String, Object> his = new HashMap<>();
    his.put("endpoint", tom.api().get(api).text("/endpoint"));
    his.put("api_key", SECRET);
    his.put("custom_headers", Map.of("Helicone-Target-Url", "https://tom.example"));
    tom.api().patch(api, his).isStatus(200);
    String page = "/console/services/mia/chat/key";

    Map<String, String> typed = new HashMap<>(Map.of("api_key", SECRET));
    assertThat(mia.send(page, typed).isStatus(422).body())
        .contains("Somebody else set the stored values of Helicone-Target-Url")
        .contains("name=\"clear_headers\"");
    typed.put("clear_headers", "yes");
    mia.send(page, typed).isStatus(303);
    assertThat(mia.api().get(api).at("/custom_header_names").size()).isZero();
  }

  @Test
  void the_owner_confirms_by_typing_where_a_credential_is_used() {
    Person lou = SERVED.person("lou");
    Map<String, String> statement = Map.of("token_url", "https://t.example/x");
    register(lou, "federated-rfc8693", "own", statement).isStatus(200);
    String page = "/console/services/lou/own";
    String api = "/v1/llm-services/lou/own";
    Map<String, String> headers = Map.of("X-Team", "a-team");
    lou.api()
        .patch(api, Map.of("endpoint", "https://else.example/v1", "custom_headers", headers))
        .isStatus(200);
    assertThat(lou.open(page + "/key").body())
        .contains("not confirmed", page + "/credential/confirm");
    String confirm = page + "/credential/confirm";
    String need = "Confirm where the credential of lou/own is used.";
    assertThat(ServedConsole.sound(lou.open("/console")).body()).contains(need, confirm);
    assertThat(ServedConsole.sound(lou.open(confirm)).body())
        .contains("https://else.example/v1", "https://t.example/x", "<bdi>X-Team</bdi>")
        .doesNotContain("value=\"https://else.example/v1\"");
    Map<String, String> typed = new HashMap<>();
    typed.put("destination", "https://llm.example/v1");
    typed.put("token_urls", "https://t.example/x");
    assertThat(lou.send(confirm, typed).isStatus(422).body())
        .contains("id=\"destination-more\"><span class=\"field-error\">");
    typed.put("destination", "https://else.example/v1");
    typed.put("token_urls", "");
    assertThat(lou.send(confirm, typed).isStatus(422).body())
        .contains("id=\"token_urls-more\"><span class=\"field-error\">");
    TestResponse open = lou.open(confirm);
    lou.api().patch(api, Map.of("description", "changed meanwhile")).isStatus(200);
    typed.put("token_urls", "https://t.example/x");
    typed.put("destination", "nowhere");
    TestResponse wrong = lou.browser().submit(open, confirm, typed).isStatus(422);
    typed.put("destination", "https://else.example/v1");
    lou.browser().submit(wrong, confirm, typed).isStatus(412);
    lou.browser().submit(open, confirm, typed).isStatus(412);
    assertThat(lou.api().get(api).at("/credential/confirmed").booleanValue()).isFalse();

    lou.send(confirm, typed).isStatus(303);

    assertThat(lou.api().get(api).at("/credential/confirmed").booleanValue()).isTrue();
    assertThat(lou.open(page + "/key").body()).doesNotContain("not confirmed");
    assertThat(lou.open("/console").body()).doesNotContain(need);
  }

  @Test
  void borrowers_and_strangers_see_no_credential_and_confirm_nothing() {
    Person owner = owner("olga");
    Person bea = SERVED.person("bea");
    Person zoe = SERVED.person("zoe");
    String page = "/console/services/olga/chat";
    owner
        .api()
        .patch(
            "/v1/llm-services/olga/chat",
            Map.of(
                "endpoint",
                "https://llm.example/v1",
                "credential",
                Map.of(
                    "kind",
                    "federated",
                    "federation",
                    Map.of("provider", "rfc8693", "token_url", "https://t.example/x"))))
        .isStatus(200);
    owner.api().put("/v1/llm-services/olga/chat/shares/bea", Map.of("role", "reader"));
    assertThat(bea.open(page + "/key").isStatus(200).body())
        .doesNotContain("t.example", "By a signed statement", page + "/credential");
    bea.open(page + "/credential").isStatus(403);
    zoe.open(page + "/credential").isStatus(404);
    // The page of a service that is not seen is that of one that is not there.
    assertThat(zoe.open(page + "/credential/confirm").isStatus(200).body())
        .doesNotContain("t.example", "llm.example");
    assertThat(bea.open(page + "/credential/confirm").body()).doesNotContain("t.example");
    Map<String, String> typed =
        Map.of("destination", "https://llm.example/v1", "token_urls", "https://t.example/x");
    bea.send(page + "/credential/confirm", typed).isStatus(403);
    zoe.send(page + "/credential/confirm", typed).isStatus(404);
  }

  private static Person owner(String handle) {
    return SERVED.owner(
        handle,
        Map.of(
            "provider",
            "openai-compat",
            "endpoint",
            "https://llm.example/v1",
            "model",
            "m",
            "api_key",
            SECRET));
  }

  private static Map<String, String> allTicks(Map<String, String> typed) {
    Map<String, String> all = new HashMap<>(typed);
    all.put("fallback_to_central", "");
    return all;
  }
}
