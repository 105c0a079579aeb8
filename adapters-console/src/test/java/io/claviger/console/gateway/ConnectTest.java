package io.claviger.console.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.gateway.Snippets.Quoted;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Served;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page on which a program is connected to a service. */
class ConnectTest {
  private static final Pattern TOKEN = Pattern.compile("GATEWAY_TOKEN=(clv_[A-Za-z0-9_-]+)");
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void a_token_for_the_service_alone_is_shown_once() {
    Person ann = withService("ann", "openai", "gpt-4o");
    String path = "/console/services/ann/chat/connect";
    TestResponse made = ann.send(path, Map.of("name", "my <b>laptop</b>")).isStatus(200);
    Matcher shown = TOKEN.matcher(ServedConsole.sound(made).body());
    assertThat(shown.find()).isTrue();
    assertThat(made.response().uri().toString()).doesNotContain(shown.group(1));
    assertThat(ann.open(path).body()).doesNotContain(shown.group(1));
    TestResponse token = ann.api().get("/v1/users/ann/tokens").isStatus(200);
    assertThat(token.body())
        .contains("ann/chat", "\"scope\":\"use\"")
        .doesNotContain(shown.group(1));
  }

  @Test
  void a_token_needs_a_name() {
    Person amy = withService("amy", "openai", "gpt-4o");
    TestResponse refused = amy.send("/console/services/amy/chat/connect", Map.of("name", " "));
    assertThat(refused.isStatus(422).body()).contains("Name the program that will use the token.");
  }

  @Test
  void who_signed_in_with_a_narrow_token_makes_one_that_is_as_narrow() {
    Person nan = withService("nan", "openai", "gpt-4o");
    String end = "2999-01-31T00:00:00Z";
    String narrow =
        nan.api()
            .post(
                "/v1/users/nan/tokens",
                Map.of(
                    "name",
                    "narrow",
                    "scope",
                    "manage",
                    "expires_at",
                    end,
                    "limits",
                    Map.of("requests_per_minute", 5)))
            .isStatus(201)
            .text("/token");
    Person signedIn = SERVED.signedIn("nan", narrow);

    TestResponse made =
        signedIn.send("/console/services/nan/chat/connect", Map.of("name", "laptop"));

    assertThat(ServedConsole.sound(made.isStatus(200)).body()).contains(end);
    Matcher shown = TOKEN.matcher(made.body());
    assertThat(shown.find()).isTrue();
    TestResponse tokens = nan.api().get("/v1/users/nan/tokens").isStatus(200);
    assertThat(tokens.at("/items").valueStream())
        .filteredOn(token -> token.path("name").asString().equals("laptop"))
        .allSatisfy(
            token -> {
              assertThat(token.path("expires_at").asString()).isEqualTo(end);
              assertThat(token.path("limits").path("requests_per_minute").asInt()).isEqualTo(5);
            })
        .hasSize(1);

    TestResponse page =
        signedIn.send("/console/account", "/console/account/tokens", Map.of("name", "other"));
    page.isStatus(200);
  }

  @Test
  void a_borrower_accepts_that_bare_names_lead_to_the_service_and_withdraws_it() {
    Person lee = withService("lee", "openai", "gpt-4o");
    Person bao = SERVED.person("bao");
    lee.api().put("/v1/llm-services/lee/chat/shares/bao", Map.of("role", "reader")).isStatus(201);
    String path = "/console/services/lee/chat/connect";
    String form = path + "/bare-names";
    TestResponse asked = ServedConsole.sound(bao.open(path).isStatus(200));
    assertThat(asked.body())
        .contains(
            "You have not accepted this", "<code><bdi>lee/chat/gpt-4o</bdi></code>", "Accept it");

    TestResponse accepted = bao.browser().submit(asked, form, Map.of()).isStatus(303);
    assertThat(accepted.header("Location")).isEqualTo(path + "#bare-names");
    bao.browser().submit(asked, form, Map.of()).isStatus(303);
    TestResponse shown = ServedConsole.sound(bao.open(path));
    assertThat(shown.body())
        .contains("You have accepted this", "Withdraw it")
        .doesNotContain("Accept it");
    bao.browser().submit(shown, form, Map.of()).isStatus(303);
    assertThat(bao.open(path).body()).contains("You have not accepted this");

    assertThat(lee.open(path).isStatus(200).body()).doesNotContain("bare-names");
    Map<String, String> own =
        new HashMap<>(
            FormBrowser.hidden(lee.open("/console/account"), "/console/account/sign-out"));
    assertThat(lee.browser().submitOnly(form, own).status()).isEqualTo(422);
    own.put("accept", "yes");
    TestResponse refused = lee.browser().submitOnly(form, own).isStatus(422);
    assertThat(ServedConsole.sound(refused).body()).contains("There is nothing to accept.");
    lee.api().delete("/v1/llm-services/lee/chat/shares/bao").isStatus(204);
    assertThat(bao.browser().submit(asked, form, Map.of()).status()).isEqualTo(404);
  }

  @Test
  void each_format_shows_its_own_clients() {
    Person pat = withService("pat", "openai", "gpt-4o");
    assertThat(pat.open("/console/services/pat/chat/connect").body())
        .contains(
            Served.GATEWAY + "/gateway/services/pat/chat",
            "openai-python",
            "openai-node",
            "Codex",
            "opencode",
            "LangChain4j",
            "/chat/completions")
        .doesNotContain("Claude Code", "Gemini CLI");
    Person kim = withService("kim", "anthropic", "claude-sonnet-5");
    assertThat(kim.open("/console/services/kim/chat/connect").body())
        .contains("Claude Code", "ANTHROPIC_AUTH_TOKEN", "/v1/messages", "AnthropicChatModel")
        .doesNotContain("Codex");
    Person gus = withService("gus", "google", "gemini-3-pro");
    assertThat(gus.open("/console/services/gus/chat/connect").body())
        .contains("Gemini CLI", "google-genai", ":generateContent");
    Person cal = withService("cal", "cohere", "command-a");
    assertThat(cal.open("/console/services/cal/chat/connect").body())
        .contains("cohere.ClientV2", "/v2/chat");
  }

  @Test
  void the_name_of_a_model_never_becomes_part_of_a_command() {
    String hostile = "x'; rm -rf ~ #\"$(id)\\<script>alert(1)</script>\u202e";
    Person eve = withService("eve", "anthropic", hostile);
    TestResponse page = eve.open("/console/services/eve/chat/connect").isStatus(200);
    assertThat(ServedConsole.sound(page).body())
        .contains("ANTHROPIC_MODEL='x'\\''; rm -rf ~ #\"$(id)\\&lt;script")
        .contains("model=\"x'; rm -rf ~ #\\\"$(id)\\\\&lt;script");
  }

  @Test
  void the_name_of_a_model_never_becomes_a_variable_or_file_of_settings() {
    for (String name : new String[] {"{file:~/.ssh/id_ed25519}", "{env:HOME}", "${HOME}"}) {
      assertThat(snippets(name)).contains("python").doesNotContain("opencode", "codex");
    }
    assertThat(snippets("meta/llama-3.1 [70b]")).contains("opencode", "codex");
  }

  private static List<String> snippets(String model) {
    return new Snippets("https://gateway.example", model, false)
        .of(WireFormat.OPENAI).stream().map(Snippet::id).toList();
  }

  @Test
  void texts_are_quoted_for_shells_and_for_programs() {
    assertThat(Quoted.shell("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
    assertThat(Quoted.code("a\"b\\c\u202e")).isEqualTo("\"a\\\"b\\\\c\\u202e\"");
  }

  @Test
  void who_does_not_see_a_service_does_not_see_how_to_call_it() {
    Person own = withService("own", "openai", "gpt-4o");
    Person other = SERVED.person("oth");
    assertThat(own.open("/console/services/own/chat/connect").status()).isEqualTo(200);
    assertThat(other.open("/console/services/own/chat/connect").status()).isEqualTo(404);
  }

  private static Person withService(String handle, String provider, String model) {
    Person owner = SERVED.person(handle);
    owner
        .api()
        .put("/v1/llm-services/" + handle + "/chat", Map.of("provider", provider, "model", model))
        .isStatus(201);
    return owner;
  }
}
