package io.claviger.console.gateway;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Why calls pass or not, for oneself and for others. */
class WhyPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String WHY = "/console/why";

  @BeforeAll
  static void lend() {
    CONSOLE
        .apiOf("alice")
        .put(
            "/v1/llm-services/alice/chat",
            Map.of(
                "provider", "openai",
                "model", "gpt-4o",
                "endpoint", "https://api.openai.com/v1"))
        .isStatus(201);
    CONSOLE.apiOf("bob");
    CONSOLE
        .apiOf("alice")
        .put("/v1/llm-services/alice/chat/shares/bob", Map.of("role", "reader"))
        .isStatus(201);
  }

  @Test
  void the_page_shows_the_steps_that_the_api_explains() {
    TestResponse page = sound(CONSOLE.browserOf("bob").open(about("alice/chat", "")));
    JsonNode explained =
        CONSOLE.apiOf("bob").get("/v1/llm-services/alice/chat/key-resolution").json();
    assertThat(explained.get("steps")).isNotEmpty();
    for (JsonNode step : explained.get("steps")) {
      assertThat(page.body()).contains(step.get("why").asString().replace("&", "&amp;"));
    }
    assertThat(page.body())
        .contains(
            "<span class=\"mark\" aria-hidden=\"true\">\u2713</span>\n<strong>Permission to use the service</strong>",
            "<span class=\"mark\" aria-hidden=\"true\">\u2717</span>\n<strong>A key to call with</strong>")
        .doesNotContain(">next<", "central_key");
    assertThat(page.body()).contains("The call would be refused: missing api key");
  }

  @Test
  void only_who_may_mend_a_step_is_led_to_the_page_that_does() {
    String remedy = "href=\"/console/services/alice/chat\">Store a key</a>";
    assertThat(sound(CONSOLE.browserOf("alice").open(about("alice/chat", ""))).body())
        .contains(remedy);
    assertThat(sound(CONSOLE.browserOf("bob").open(about("alice/chat", ""))).body())
        .doesNotContain(remedy);
  }

  @Test
  void only_the_caller_is_led_to_the_account_that_lacks_a_key() {
    CONSOLE
        .apiOf("alice")
        .put(
            "/v1/llm-services/alice/by-own-keys",
            Map.of(
                "provider", "openai",
                "model", "gpt-4o",
                "endpoint", "https://api.openai.com/v1",
                "key_policy", Map.of("central_key", false, "user_keys", true)))
        .isStatus(201);
    CONSOLE
        .apiOf("alice")
        .put("/v1/llm-services/alice/by-own-keys/shares/bob", Map.of("role", "reader"))
        .isStatus(201);
    String remedy = "<a href=\"/console/account\">Store a key of your own</a>";
    FormBrowser alice = CONSOLE.browserOf("alice");
    assertThat(sound(alice.open(about("alice/by-own-keys", ""))).body())
        .contains("The call would be refused: user api key required", remedy);
    for (String other : new String[] {"alice", "root"}) {
      assertThat(sound(CONSOLE.browserOf(other).open(about("alice/by-own-keys", "bob"))).body())
          .contains("Only the user may know whether they have one.")
          .doesNotContain("Store a key of your own");
    }
  }

  @Test
  void who_sees_the_shares_asks_about_others_and_nobody_else_does() {
    TestResponse page =
        sound(CONSOLE.browserOf("alice").open(about("alice/chat", "bob")).isStatus(200));
    assertThat(page.body()).contains("The call would be refused");
    sound(CONSOLE.browserOf("bob").open(about("alice/chat", "alice")).isStatus(403));
    sound(CONSOLE.browserOf("carl").open(about("alice/chat", "")).isStatus(404));
    sound(CONSOLE.browserOf("root").open(about("alice/chat", "nobody-there")).isStatus(422));
    assertThat(
            sound(
                    CONSOLE
                        .browserOf("alice")
                        .open(about("alice/chat", "nobody-there"))
                        .isStatus(200))
                .body())
        .contains("The call would be refused: not permitted");
  }

  @Test
  void the_name_of_a_model_is_followed_to_its_service() {
    FormBrowser alice = CONSOLE.browserOf("alice");
    TestResponse nowhere = sound(alice.open(WHY + "?format=openai&name=" + encoded(HOSTILE)));
    assertThat(nowhere.isStatus(200).body()).contains("The name leads to no service", "catalogue");
    TestResponse bad = sound(alice.open(WHY + "?format=none&name=x").isStatus(422));
    assertThat(bad.body()).contains("role=\"alert\"", "value=\"x\"");
  }

  @Test
  void hostile_questions_are_told_beside_their_fields() {
    FormBrowser alice = CONSOLE.browserOf("alice");
    for (String text : new String[] {HOSTILE, "x".repeat(1_000), "a/b/c"}) {
      TestResponse page = sound(alice.open(WHY + "?service=" + encoded(text)).isStatus(422));
      assertThat(page.body()).contains("field-error");
    }
    sound(alice.open(WHY).isStatus(200));
  }

  private static String about(String service, String user) {
    return WHY + "?service=" + encoded(service) + "&user=" + user;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
