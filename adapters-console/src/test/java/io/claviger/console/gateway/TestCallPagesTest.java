package io.claviger.console.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemoryGatewayClient;
import io.claviger.application.gateway.port.GatewayClient.Ending;
import io.claviger.application.gateway.port.GatewayClient.GatewayResponse;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The test call on the page on which a program is connected. */
class TestCallPagesTest {
  private static final String PAGE = "/console/services/ann/chat/connect";
  private static final String TRY = PAGE + "/try";
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();
  private static final Person ANN = SERVED.person("ann");

  static {
    TestResponse unused =
        ANN.api()
            .put("/v1/llm-services/ann/chat", Map.of("provider", "openai", "model", "gpt-new"))
            .isStatus(201);
  }

  @BeforeEach
  void answer() {
    said("Hello to you!");
  }

  private static void said(String text) {
    SERVED.ports().gateway().answers(question -> InMemoryGatewayClient.said(text));
  }

  private static TestResponse tried(Map<String, String> filledIn) {
    return ServedConsole.sound(ANN.send(PAGE, TRY, filledIn).isStatus(200));
  }

  @Test
  void the_answer_is_shown_with_its_receipt() {
    assertThat(tried(Map.of()).body())
        .contains(
            "It works. The model says:",
            "Hello to you!",
            "14 in, 7 out",
            "unknown: nobody has set a price",
            "the service's",
            "r-1",
            "gpt-new");
  }

  @Test
  void what_a_model_says_stays_text() {
    said("x".repeat(10_000) + ServedConsole.HOSTILE);

    String page = tried(Map.of()).body();

    assertThat(page).contains("<bdi>xxxxx", "&lt;script&gt;alert(");
  }

  @Test
  void a_refusal_says_why() {
    SERVED
        .ports()
        .gateway()
        .answers(
            question ->
                InMemoryGatewayClient.refused(
                    403, "provider_rejected_key", "The provider rejected the API key."));
    assertThat(tried(Map.of()).body())
        .contains(
            "The gateway refused the call.",
            "provider_rejected_key",
            "The provider rejected the API key.");
  }

  @Test
  void no_answer_is_told() {
    SERVED.ports().gateway().answers(question -> GatewayResponse.none(Ending.TIMEOUT));
    assertThat(tried(Map.of()).body()).contains("not complete within 10 seconds");
    SERVED.ports().gateway().answers(question -> GatewayResponse.none(Ending.UNREACHABLE));
    assertThat(tried(Map.of()).body()).contains("The gateway of this node does not answer.");
  }

  @Test
  void another_model_can_be_named_and_a_bad_name_is_refused() {
    assertThat(tried(Map.of("model", "gpt-new-mini")).body()).contains("gpt-new-mini");
    assertThat(tried(Map.of("model", "m".repeat(257))).body())
        .contains("The service was not called.", "one line of 1 to 256 characters");
  }

  @Test
  void a_script_gets_the_answer_alone() {
    Map<String, String> form = FormBrowser.fields(ANN.open(PAGE), TRY);
    TestResponse part =
        ANN.browser().post(TRY, form, "Sec-Fetch-Site", "same-origin", "HX-Request", "true");
    assertThat(part.isStatus(200).body())
        .contains("Hello to you!")
        .doesNotContain("<html", "What to paste");
  }

  @Test
  void a_script_without_a_session_gets_no_page_to_put_into_its_own() {
    FormBrowser visitor = FormBrowser.of(URI.create("http://127.0.0.1:" + SERVED.served().port()));
    TestResponse sent =
        visitor.post(TRY, Map.of(), "Sec-Fetch-Site", "same-origin", "HX-Request", "true");
    assertThat(sent.isStatus(200).body()).doesNotContain("<html", "Access token");
  }

  @Test
  void a_reload_of_the_answer_calls_nothing() {
    int before = SERVED.ports().gateway().asked().size();
    assertThat(ANN.open(TRY).isStatus(303).header("Location")).endsWith("/connect");
    assertThat(SERVED.ports().gateway().asked()).hasSize(before);
  }

  @Test
  void who_does_not_see_the_service_finds_nothing_to_try() {
    Person bob = SERVED.person("bob");
    assertThat(bob.open(PAGE).status()).isEqualTo(404);
  }
}
