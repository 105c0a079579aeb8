package io.claviger.console.models;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemoryGatewayClient;
import io.claviger.console.served.ServedConsole;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The catalogue for administrators, and what others can run. */
class ModelPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String MODELS = "/console/models";
  private static final String TRY = MODELS + "/try";

  /** A form that calls a model, up to the element that follows it. */
  private static final Pattern ATTEMPT =
      Pattern.compile("(?s)<form class=\"attempt\".*?</form>\\s*(<[^>]*>)");

  private static String fast = "";

  @BeforeAll
  static void fill() {
    assertThat(sound(CONSOLE.browserOf("root").open(MODELS)).body())
        .contains("The catalogue is empty");
    for (String handle : List.of("first", "second")) {
      CONSOLE
          .apiOf("root")
          .put(
              "/v1/llm-services/_system/" + handle,
              Map.of(
                  "provider",
                  "openai",
                  "model",
                  "gpt-4o",
                  "endpoint",
                  "https://" + handle + ".example.org/v1",
                  "api_key",
                  "sk-" + handle + "-secret"))
          .isStatus(201);
    }
    fast =
        CONSOLE
            .apiOf("root")
            .post(
                "/v1/model-configs",
                Map.of(
                    "display_name",
                    HOSTILE,
                    "name",
                    "fast",
                    "targets",
                    List.of(
                        Map.of("service", "_system/first", "model", "gpt-4o"),
                        Map.of("service", "_system/second", "model", "gpt-4o-mini"))))
            .isStatus(201)
            .text("/id");
    CONSOLE
        .apiOf("root")
        .post(
            "/v1/model-configs",
            Map.of("provider", "cohere", "model", "command", "display_name", "Unserved"))
        .isStatus(201);
  }

  @Test
  void each_of_two_models_with_the_same_target_has_a_place_for_its_answer() {
    CONSOLE
        .apiOf("root")
        .post(
            "/v1/model-configs",
            Map.of(
                "display_name",
                "The same once more",
                "name",
                "same",
                "targets",
                List.of(Map.of("service", "_system/first", "model", "gpt-4o"))))
        .isStatus(201);
    String body = sound(CONSOLE.browserOf("root").open(MODELS).isStatus(200)).body();
    assertThat(body.split("hx-target=\"next \\[role=status\\]\"", -1)).hasSizeGreaterThan(3);
    assertThat(ATTEMPT.matcher(body).results().map(form -> form.group(1)))
        .hasSizeGreaterThan(2)
        .containsOnly("<div role=\"status\">");
  }

  @Test
  void an_administrator_sees_all_targets_in_order_and_no_key() {
    String body = sound(CONSOLE.browserOf("root").open(MODELS).isStatus(200)).body();
    assertThat(body)
        .contains("&lt;script&gt;alert", "Unserved", "runnable", "no service", "default")
        .doesNotContain("-secret");
    assertThat(body.indexOf("_system/first")).isBetween(0, body.indexOf("_system/second"));
  }

  @Test
  void what_happens_when_a_target_fails_is_said_in_a_sentence() {
    String model = "/v1/model-configs/" + fast;
    assertThat(CONSOLE.browserOf("root").open(MODELS).body())
        .containsOnlyOnce("If the call fails there, no other target is tried.");
    CONSOLE.apiOf("root").patch(model, Map.of("on_failure", "next")).isStatus(200);
    assertThat(CONSOLE.browserOf("root").open(MODELS).body())
        .containsOnlyOnce("If a call fails at a target, the next target is tried")
        .doesNotContain("no other target is tried");
    CONSOLE.apiOf("root").patch(model, Map.of("on_failure", "none")).isStatus(200);
  }

  @Test
  void each_target_has_its_price_the_services_own_before_that_of_the_deployment() {
    CONSOLE
        .apiOf("root")
        .put(
            "/v1/prices/openai?model=gpt-4o-mini",
            Map.of("valid_from", "2026-01-01", "input", "0.15", "output", "0.6"))
        .isStatus(201);
    CONSOLE
        .apiOf("root")
        .put(
            "/v1/llm-services/_system/first/prices?model=gpt-4o",
            Map.of("valid_from", "2026-01-01", "input", "1.25", "output", "5"))
        .isStatus(201);
    assertThat(sound(CONSOLE.browserOf("root").open(MODELS)).body())
        .contains("$0.15 in, $0.60 out", "$1.25 in, $5 out", "/console/prices");
    assertThat(sound(CONSOLE.browserOf("ines").open(MODELS)).body()).contains("$1.25 in, $5 out");
  }

  @Test
  void others_see_only_what_they_can_run() {
    String body = sound(CONSOLE.browserOf("ines").open(MODELS).isStatus(200)).body();
    assertThat(body)
        .contains("Models that you can run", "fast", "_system/first", "&lt;script&gt;alert")
        .contains("<td data-label=\"Key\">the service")
        .doesNotContain("Unserved", "_system/second", "-secret");
  }

  @Test
  void a_model_is_called_once_from_the_catalogue() {
    CONSOLE.ports().gateway().answers(question -> InMemoryGatewayClient.said("Hi " + HOSTILE));
    FormBrowser ines = CONSOLE.browserOf("ines");
    TestResponse page = sound(ines.open(MODELS));

    String whole = sound(ines.submit(page, TRY, Map.of()).isStatus(200)).body();

    assertThat(whole).contains("It works. The model says:", "Hi &lt;script", "_system/first");
    TestResponse part =
        ines.post(
            TRY,
            FormBrowser.fields(page, TRY),
            "Sec-Fetch-Site",
            "same-origin",
            "HX-Request",
            "true");
    assertThat(part.isStatus(200).body()).contains("It works.").doesNotContain("<html");
    ines.open(TRY).isStatus(303);
  }

  @Test
  void a_service_that_nobody_sees_is_not_called_from_the_catalogue() {
    FormBrowser ines = CONSOLE.browserOf("ines");
    Map<String, String> form = new HashMap<>(FormBrowser.fields(ines.open(MODELS), TRY));
    form.put("service", "root/hidden");
    assertThat(ines.post(TRY, form, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(404);
  }

  @Test
  void a_position_that_is_none_is_told() {
    sound(CONSOLE.browserOf("root").open(MODELS + "?after=%3Cscript%3Ealert").isStatus(422));
  }
}
