package io.claviger.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.server.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session that ended while somebody typed. */
class KeptFormTest {
  private static final Pattern PASSWORD =
      Pattern.compile("name = \"([a-z_]+)\"[^\n]*type = \"password\"");
  private static final String KEY = "sk-canary-0123456789";
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void what_was_typed_is_given_back_and_sent_after_signing_in_anew() {
    Person owner = withService("kurt");
    String settings = "/console/services/kurt/chat/settings";
    TestResponse open = owner.open(settings);
    Map<String, String> typed = new HashMap<>();
    typed.put("note", "two\nlines" + ServedConsole.HOSTILE);
    typed.put("central_key", "yes");
    typed.put("user_keys", "");
    typed.put("fallback_to_central", "");
    owner.browser().cookies().clear();
    TestResponse ended = owner.browser().submit(open, settings, typed).isStatus(401);
    assertThat(ended.body())
        .contains("Your session has ended", "target=\"_blank\"")
        .doesNotContain("<script>alert")
        .as("no secret was typed")
        .doesNotContain("which you have to type again");
    signIn(owner);
    TestResponse asked = owner.browser().submit(ended, settings, Map.of()).isStatus(403);
    assertThat(asked.body())
        .contains("Send this now?", "two")
        .doesNotContain("<script>alert", "which you have to type again", "Secrets typed");
    assertThat(owner.api().get("/v1/llm-services/kurt/chat").at("/note").isNull()).isTrue();
    owner.browser().submit(asked, settings, Map.of()).isStatus(303);
    assertThat(owner.api().get("/v1/llm-services/kurt/chat").text("/note"))
        .startsWith("two\nlines");
  }

  @Test
  void a_secret_is_not_given_back_but_asked_for_again() {
    Person owner = withService("karl");
    String page = "/console/services/karl/chat";
    TestResponse open = owner.open(page + "/key");
    owner.browser().cookies().clear();
    TestResponse ended = owner.browser().submit(open, page + "/key", Map.of("api_key", KEY));
    assertThat(ended.isStatus(401).body())
        .contains("Api key, which you have to type again")
        .doesNotContain(KEY);
    signIn(owner);
    TestResponse typedAgain =
        owner.browser().submit(ended, page + "/key", Map.of("api_key", KEY)).isStatus(403);
    assertThat(typedAgain.body())
        .contains("Api key, which you have to type again")
        .doesNotContain(KEY);
    TestResponse asked =
        owner.browser().submit(ended, page + "/key", Map.of("api_key", "")).isStatus(403);
    assertThat(asked.body())
        .as("the key was typed before, and left out on the page that asked for it again")
        .contains("Api key, which you have to type again");
    owner.browser().submit(asked, page + "/key", Map.of("api_key", KEY)).isStatus(303);
    assertThat(owner.api().get("/v1/llm-services/karl/chat").body())
        .contains("\"has_api_key\":true");
  }

  @Test
  void a_form_that_names_a_typed_secret_twice_is_given_back() {
    Person owner = withService("kim");
    String page = "/console/services/kim/chat/key";
    Map<String, String> fields = FormBrowser.fields(owner.open(page), page);
    fields.put("typed_secrets", "api_key api_key  a a");
    owner.browser().cookies().clear();
    TestResponse ended = owner.browser().post(page, fields, "Sec-Fetch-Site", "same-origin");
    assertThat(ended.isStatus(401).body()).contains("Api key, which you have to type again");
  }

  @Test
  void no_secret_of_any_kind_of_credential_is_given_back() {
    Person owner = withService("kaya");
    String page = "/console/services/kaya/chat/credential";
    Set<String> linesAreKept = new HashSet<>();
    Map<String, Map<String, String>> secrets =
        Map.of(
            "oauth_client", Map.of("client_secret", KEY, "assertion_key", KEY),
            "google_service_account", Map.of("key", KEY),
            "aws", Map.of("secret_access_key", KEY));
    secrets.forEach(
        (kind, typed) -> {
          TestResponse open = owner.open(page + "?credential=" + kind);
          owner.browser().cookies().clear();
          TestResponse ended = owner.browser().submit(open, page, typed).isStatus(401);
          assertThat(ended.body())
              .as(kind)
              .contains("which you have to type again")
              .doesNotContain(KEY);
          typed.keySet().stream()
              .filter(name -> open.body().contains("<textarea name=\"" + name + "\""))
              .forEach(
                  name -> {
                    linesAreKept.add(name);
                    assertThat(ended.body())
                        .containsPattern("<textarea[^>]* name=\"" + name + "\"")
                        .doesNotContainPattern("<input[^>]* name=\"" + name + "\"");
                  });
          signIn(owner);
        });
    assertThat(linesAreKept).containsExactlyInAnyOrder("key", "assertion_key");
  }

  @Test
  void a_form_of_another_site_is_not_given_back() {
    Person owner = withService("kira");
    String settings = "/console/services/kira/chat/settings";
    Map<String, String> fields = FormBrowser.fields(owner.open(settings), settings);
    owner.browser().cookies().clear();
    TestResponse answer = owner.browser().post(settings, fields, "Sec-Fetch-Site", "cross-site");
    assertThat(answer.isStatus(303).header("Location")).startsWith("/console/sign-in");
  }

  @Test
  void a_form_as_large_as_forms_of_users_is_given_back_too() {
    Person owner = withService("kuno");
    String settings = "/console/services/kuno/chat/settings";
    TestResponse open = owner.open(settings);
    String models = "\u00e9".repeat(30_000);
    Map<String, String> typed =
        Map.of("models", models, "central_key", "yes", "user_keys", "", "fallback_to_central", "");
    owner.browser().cookies().clear();
    TestResponse ended = owner.browser().submit(open, settings, typed).isStatus(401);
    assertThat(ended.body()).contains("Your session has ended", models);
    signIn(owner);
    TestResponse asked = owner.browser().submit(ended, settings, Map.of()).isStatus(403);
    assertThat(asked.body()).contains("Send this now?", models);
  }

  @Test
  void the_name_of_a_field_is_read_in_a_moment_whatever_it_is() {
    String name = "1".repeat(400_000) + "x";
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(Form.isSecret(name)).isFalse());
    assertThat(Form.isSecret("header_value12")).isTrue();
    assertThat(Form.isSecret("12")).isFalse();
  }

  @Test
  void a_preview_says_that_the_session_has_ended_and_leaves_the_form_alone() {
    Person owner = withService("klara");
    String lend = "/console/services/klara/chat/lend";
    Map<String, String> fields = FormBrowser.fields(owner.open(lend), lend);
    owner.browser().cookies().clear();
    TestResponse part =
        owner
            .browser()
            .post(lend + "/preview", fields, "Sec-Fetch-Site", "same-origin", "HX-Request", "true");
    assertThat(part.isStatus(200).body()).contains("Your session has ended.");
    assertThat(part.headers().firstValue("HX-Redirect")).isEmpty();
  }

  @Test
  void all_fields_for_secrets_are_known() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> templates = Files.list(Path.of("src/main/jte"))) {
      for (Path template : templates.toList()) {
        Matcher found = PASSWORD.matcher(Files.readString(template));
        while (found.find()) {
          names.add(found.group(1));
        }
      }
    }
    assertThat(names).isNotEmpty();
    assertThat(names).allMatch(Form::isSecret);
  }

  private static void signIn(Person person) {
    TestResponse page = person.browser().open("/console/sign-in").isStatus(200);
    String token =
        person
            .api()
            .post(
                "/v1/users/" + person.handle() + "/tokens",
                Map.of("name", "again", "scope", "manage"))
            .isStatus(201)
            .text("/token");
    TestResponse unused =
        person
            .browser()
            .submit(page, "/console/sign-in/token", Map.of("token", token))
            .isStatus(303);
  }

  private static Person withService(String handle) {
    return SERVED.owner(handle, Map.of("provider", "openai", "model", "m"));
  }
}
