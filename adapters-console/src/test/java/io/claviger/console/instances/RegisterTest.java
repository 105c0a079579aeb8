package io.claviger.console.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe.Probed;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.accounts.Handle;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.UseCaseStubs;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Registering a service: with a definition in three fields, or standalone. */
class RegisterTest {
  private static final String PATH = "/console/services/register";
  private static final String STANDALONE = PATH + "?from=nothing";
  private static final String KEY = "sk-canary-0123456789";
  private static final Handle UNCHECKED = new Handle("uma");

  @RegisterExtension
  private static final ServedConsole SERVED =
      new ServedConsole(
          usual ->
              UseCaseStubs.answered(
                  usual,
                  ConnectionChecks.class,
                  (operation, arguments) -> {
                    if (((Actor) arguments[0]).handle().equals(UNCHECKED)) {
                      throw new StoreUnavailable(new SQLException("away"));
                    }
                    return Optional.empty();
                  }));

  @Test
  void a_definition_a_name_and_a_key_make_a_service_that_was_checked() {
    Person dana = SERVED.person("dana");
    dana.api()
        .put(
            "/v1/llm-definitions/dana/chat",
            Map.of("provider", "openai", "model", "gpt-4o", "endpoint", "https://api.example/v1"))
        .isStatus(201);
    TestResponse page = dana.open(PATH).isStatus(200);
    assertThat(page.body()).contains("dana/chat https://api.example/v1");

    TestResponse registered =
        dana.browser()
            .submit(
                page,
                PATH,
                Map.of(
                    "definition", "dana/chat https://api.example/v1",
                    "name", "mine",
                    "api_key", KEY))
            .isStatus(200);

    assertThat(registered.body())
        .contains(
            "dana/mine is registered", "accepts the key", "/console/services/dana/mine/connect")
        .doesNotContain(KEY);
    TestResponse service = dana.api().get("/v1/llm-services/dana/mine").isStatus(200);
    assertThat(service.text("/definition")).isEqualTo("dana/chat");
    assertThat(service.body()).contains("\"has_api_key\":true");
  }

  @Test
  void a_definition_of_a_later_page_stays_chosen_after_a_refusal() {
    Person dina = SERVED.person("dina");
    for (int n = 0; n < 52; n++) {
      dina.api()
          .put(
              "/v1/llm-definitions/dina/d-%02d".formatted(n),
              Map.of("provider", "openai", "model", "gpt-4o", "endpoint", "https://api.example/v1"))
          .isStatus(201);
    }
    String last = "dina/d-51 https://api.example/v1";
    assertThat(dina.open(PATH).body()).contains("More definitions").doesNotContain(last);
    TestResponse page = dina.open(PATH + "?after=dina%2Fd-49").isStatus(200);

    TestResponse refused =
        dina.browser().submit(page, PATH, Map.of("definition", last, "name", "no name"));

    assertThat(refused.isStatus(422).body())
        .contains("<option value=\"" + last + "\" selected>", "value=\"no name\"");
    for (String forged : List.of("x y", "dina/none https://api.example/v1")) {
      dina.browser().submit(page, PATH, Map.of("definition", forged, "name", "x")).isStatus(422);
    }
  }

  @Test
  void what_is_not_chosen_is_marked_and_gets_the_focus() {
    Person sven = SERVED.person("sven");
    assertThat(sven.send(PATH, Map.of()).isStatus(422).body())
        .containsPattern("<select name=\"definition\" aria-invalid=\"true\" autofocus");
    assertThat(sven.send(STANDALONE, PATH, Map.of()).isStatus(422).body())
        .containsPattern("<select name=\"provider\" aria-invalid=\"true\" autofocus");
  }

  @Test
  void without_a_definition_the_providers_own_endpoint_is_meant() {
    Person sol = SERVED.person("sol");
    TestResponse registered =
        sol.send(
            STANDALONE,
            PATH,
            Map.of("provider", "openai", "model", "gpt-4o", "name", "own", "api_key", KEY));
    registered.isStatus(200);
    assertThat(sol.api().get("/v1/llm-services/sol/own").text("/endpoint"))
        .isEqualTo("https://api.openai.com/v1");
  }

  @Test
  void the_settings_of_a_provider_are_asked_for_and_the_key_goes_where_they_lead() {
    SERVED
        .root()
        .api()
        .put(
            "/v1/providers/settled",
            Map.of(
                "format", "openai",
                "endpoint", "https://{region}.models.example.org/v1",
                "settings",
                    List.of(
                        Map.of("name", "region", "kind", "label", "longest", 20),
                        Map.of(
                            "name", "version",
                            "kind", "query",
                            "longest", 20,
                            "as", "api-version",
                            "pattern", "[0-9-]+"))))
        .isStatus(201);
    Person una = SERVED.person("una");
    assertThat(una.open(STANDALONE).body()).contains("provider=settled", "Settings of settled");
    String asked = STANDALONE + "&provider=settled&credential=api_key";
    assertThat(una.open(asked).isStatus(200).body())
        .contains(
            "name=\"setting_region\"",
            "name=\"setting_version\"",
            "1 to 20 characters of a-z 0-9 and dashes",
            "that match [0-9-]+, sent as query api-version");

    Map<String, String> form = new HashMap<>();
    form.put("provider", "settled");
    form.put("model", "large");
    form.put("name", "set");
    form.put("setting_region", "eu.evil");
    form.put("setting_version", "1");
    form.put("api_key", KEY);
    TestResponse refused = una.send(asked, PATH, form).isStatus(422);
    assertThat(refused.body()).contains("setting_region-more", "region: 1 to 20", "eu.evil");
    form.put("setting_region", "eu-1");
    form.put("template", "https://{region}.other.example.org/v1");
    una.send(asked, PATH, form).isStatus(422);
    form.remove("template");
    una.send(asked, PATH, form).isStatus(200);

    TestResponse made = una.api().get("/v1/llm-services/una/set").isStatus(200);
    assertThat(made.text("/endpoint")).isEqualTo("https://eu-1.models.example.org/v1");
    assertThat(made.text("/sent_settings/0/name")).isEqualTo("api-version");
    assertThat(made.at("/has_api_key").booleanValue()).isTrue();
  }

  @Test
  void nothing_is_chosen_for_whoever_only_types_a_name_and_a_key() {
    Person eve = SERVED.person("eve");
    for (String page : new String[] {PATH, STANDALONE}) {
      String body = eve.open(page).isStatus(200).body();
      assertThat(
              body.substring(
                  body.indexOf("<select", body.indexOf("method=\"post\" action=\"" + PATH))))
          .containsPattern("^<select [^>]*>\\s*<option value=\"\">Choose…</option>")
          .doesNotContain("selected");
    }
    Map<String, String> typed = new HashMap<>(Map.of("name", "quick", "api_key", KEY));
    typed.put("definition", "");
    assertThat(eve.send(PATH, typed).isStatus(422).body()).contains("Choose a definition.");
    typed.put("provider", "");
    typed.put("model", "gpt-4o");
    assertThat(eve.send(STANDALONE, PATH, typed).isStatus(422).body())
        .contains("Choose a provider.");
    eve.api().get("/v1/llm-services/eve/quick").isStatus(404);
  }

  @Test
  void a_service_whose_key_is_rejected_is_saved_only_if_its_owner_insists() {
    Person rex = SERVED.person("rex");
    SERVED
        .ports()
        .probe()
        .answers(
            asked ->
                java.util.concurrent.CompletableFuture.completedFuture(
                    asked.service().startsWith("rex/")
                        ? new Probed(
                            ConnectionStatus.UNAUTHORIZED,
                            OptionalInt.of(401),
                            Duration.ofMillis(5),
                            false,
                            Optional.empty())
                        : io.claviger.application.fakes.InMemoryProviderProbe.OK));
    Map<String, String> form =
        Map.of("provider", "openai", "model", "m", "name", "bad", "api_key", KEY);
    TestResponse refused = rex.send(STANDALONE, PATH, form);
    assertThat(ServedConsole.sound(refused.isStatus(422)).body())
        .contains("The provider rejects the key (status 401).", "Nothing is saved.", "\"bad\"")
        .doesNotContain(KEY);
    rex.api().get("/v1/llm-services/rex/bad").isStatus(404);

    Map<String, String> anyway = new HashMap<>(form);
    anyway.put("anyway", "yes");
    assertThat(rex.browser().submit(refused, PATH, anyway).isStatus(200).body())
        .contains("The provider rejects the key (status 401).", "Replace the key");
    rex.api().get("/v1/llm-services/rex/bad").isStatus(200);
  }

  @Test
  void a_check_that_fails_by_itself_does_not_say_that_nothing_was_saved() {
    Person uma = SERVED.person(UNCHECKED.value());
    Map<String, String> form =
        Map.of("provider", "openai", "model", "m", "name", "mine", "api_key", KEY);

    TestResponse registered = uma.send(STANDALONE, PATH, form).isStatus(200);

    assertThat(ServedConsole.sound(registered).body())
        .contains("uma/mine is registered", "The service was not checked.", "It is saved.")
        .doesNotContain("calls to it fail");
    uma.api().get("/v1/llm-services/uma/mine").isStatus(200);
  }

  @Test
  void faults_stand_beside_their_fields_and_nothing_typed_is_lost_but_the_key() {
    Person finn = SERVED.person("finn");
    TestResponse refused =
        finn.send(
            STANDALONE,
            PATH,
            Map.of(
                "provider", "openai",
                "model", "gpt-<b>4o</b>",
                "name", "No Good",
                "endpoint", "nowhere",
                "api_key", KEY));
    assertThat(refused.isStatus(422).body())
        .contains("value=\"No Good\"", "value=\"nowhere\"", "gpt-&lt;b>4o&lt;/b>", "field-error")
        .doesNotContain(KEY, "gpt-<b>");
  }

  @Test
  void a_name_that_is_taken_changes_nothing() {
    Person ada = SERVED.person("ada");
    Map<String, String> form = Map.of("provider", "openai", "model", "one", "name", "same");
    TestResponse first = ada.send(STANDALONE, PATH, form).isStatus(200);
    TestResponse again =
        ada.send(STANDALONE, PATH, Map.of("provider", "openai", "model", "two", "name", "same"));
    assertThat(first.body()).contains("This service has no API key.");
    assertThat(again.isStatus(412).body()).contains("You have a service of this name already.");
    assertThat(ada.api().get("/v1/llm-services/ada/same").text("/model")).isEqualTo("one");
  }

  @Test
  void a_definition_with_a_hostile_model_is_offered_harmlessly() {
    Person lou = SERVED.person("lou");
    lou.api()
        .put(
            "/v1/llm-definitions/lou/odd",
            Map.of("provider", "openai", "model", ServedConsole.HOSTILE))
        .isStatus(201);
    TestResponse page = ServedConsole.sound(lou.open(PATH).isStatus(200));
    assertThat(page.body()).contains("lou/odd https://api.openai.com/v1", "alert(");
    TestResponse registered =
        lou.send(PATH, Map.of("definition", "lou/odd https://api.openai.com/v1", "name", "odd"));
    ServedConsole.sound(registered.isStatus(200));
    ServedConsole.sound(lou.open("/console/services/lou/odd").isStatus(200));
  }
}
