package io.claviger.console.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where people consent to changes of others, and take back their own. */
class ApprovalPagesTest {
  private static final String PAGE = "/console/approvals";
  private static final Map<String, String> MOVED =
      Map.of(
          "endpoint",
          "https://other.example/v1",
          "central_key",
          "yes",
          "user_keys",
          "",
          "fallback_to_central",
          "");
  private static final Map<String, Object> SERVICE =
      Map.of(
          "provider", "openai",
          "model", "gpt-4o",
          "endpoint", "https://api.example/v1",
          "approvals", 2);
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void a_change_in_the_console_waits_until_a_second_person_consents() {
    Person owner = guarded("olga");
    Person root = SERVED.root();

    TestResponse saved = owner.send("/console/services/olga/chat/settings", MOVED);
    assertThat(ServedConsole.sound(saved).body())
        .containsPattern("class=\"notice\" role=\"alert\">[^<]* waits for the consent[^<]*<time ")
        .contains("<a href=\"/console/approvals\">")
        .doesNotContain("class=\"problem\"");
    assertThat(endpoint(owner)).isEqualTo("https://api.example/v1");
    assertThat(ServedConsole.sound(owner.open(PAGE)).body())
        .contains("olga/chat", "https://other.example/v1", "Take back")
        .doesNotContain(">Consent<");

    assertThat(SERVED.person("oskar").open(PAGE).body()).doesNotContain("olga");
    assertThat(ServedConsole.sound(root.open(PAGE)).body()).contains(">Consent<", "Decline");
    root.send(PAGE, path(root, "approve"), Map.of()).isStatus(303);
    assertThat(endpoint(owner)).isEqualTo("https://other.example/v1");
    assertThat(root.open(PAGE).body()).contains("Nothing waits.");
  }

  /** Whoever consents has to see all of it, also what has no value that can be shown. */
  @Test
  void the_page_names_everything_that_would_change() {
    Person owner = guarded("otto");
    String service = "/v1/llm-services/otto/chat";
    Person unusedHeir = SERVED.person("heidi");

    owner
        .api()
        .patch(
            service,
            Map.of(
                "display_name", "New name",
                "endpoint", "https://api.example/v1",
                "api_key", "sk-0123456789",
                "custom_headers", Map.of("X-Host", "elsewhere.example")))
        .isStatus(202);
    assertThat(changes())
        .containsExactly(
            "api_key", "display_name: chat → New name", "custom_headers: nothing → X-Host");
    owner.send(PAGE, path(owner, "decline"), Map.of()).isStatus(303);

    owner.api().put(service + "/shares/heidi", Map.of("role", "owner")).isStatus(202);
    assertThat(changes()).contains("share:heidi", "role: nothing → owner");
    owner.send(PAGE, path(owner, "decline"), Map.of()).isStatus(303);

    owner
        .api()
        .patch(
            service,
            Map.of(
                "endpoint",
                "https://api.example/v1",
                "credential",
                Map.of(
                    "kind", "oauth_client",
                    "token_url", "https://login.example/token",
                    "client_id", "chat",
                    "client_secret", "sk-0123456789")))
        .isStatus(202);
    assertThat(changes())
        .contains("api_key", "credential/token_url: nothing → https://login.example/token")
        .doesNotContain("sk-0123456789");
  }

  @Test
  void a_value_can_not_be_read_as_a_part_of_the_change() {
    Person owner = guarded("opal");
    owner
        .api()
        .patch(
            "/v1/llm-services/opal/chat",
            Map.of(
                "display_name", "chat\u2028endpoint: a → b\u202e",
                "endpoint", "https://elsewhere.example/v1"))
        .isStatus(202);

    assertThat(ServedConsole.sound(SERVED.root().open(PAGE)).body())
        .contains(
            "display_name: %s → %s"
                .formatted(
                    ServedConsole.named("chat"),
                    ServedConsole.named("chat‹U+2028›endpoint: a → b‹U+202E›")));
    owner.send(PAGE, path(owner, "decline"), Map.of()).isStatus(303);
  }

  /** The one header that matters could be the last of many. */
  @Test
  void the_page_shows_every_name_of_many_headers() {
    Person owner = guarded("olaf");
    Map<String, String> headers =
        IntStream.range(0, 32)
            .boxed()
            .collect(Collectors.toMap(n -> "X-%02d-".formatted(n) + "a".repeat(90), n -> "1"));

    owner
        .api()
        .patch("/v1/llm-services/olaf/chat", Map.of("custom_headers", headers))
        .isStatus(202);

    assertThat(changes())
        .singleElement()
        .satisfies(line -> assertThat(line).contains(headers.keySet()).doesNotContain("…"));
    owner.send(PAGE, path(owner, "decline"), Map.of()).isStatus(303);
  }

  /** The lines of the first change on the page, as an administrator sees them. */
  private static List<String> changes() {
    String cell =
        SERVED
            .root()
            .open(PAGE)
            .body()
            .replaceAll("(?s).*?<td data-label=\"Change\">(.*?)</td>.*", "$1");
    return Stream.of(cell.split("<br>"))
        .map(line -> line.replaceAll("</?(bdi|code)>", "").strip())
        .toList();
  }

  @Test
  void many_changes_are_listed_page_by_page() {
    Person owner = guarded("otis");
    for (int n = 0; n < 26; n++) {
      String path = "/v1/llm-services/otis/one-%02d".formatted(n);
      owner.api().put(path, SERVICE).isStatus(201);
      owner.api().patch(path, Map.of("endpoint", "https://other.example/v1")).isStatus(202);
    }

    String first = ServedConsole.sound(owner.open(PAGE).isStatus(200)).body();
    Matcher next = Pattern.compile("href=\"(" + PAGE + "\\?after=[^\"]+)\"").matcher(first);
    assertThat(next.find()).isTrue();
    String second = owner.open(next.group(1)).isStatus(200).body();

    assertThat(first.split("https://other.example/v1", -1)).hasSize(26);
    assertThat(second.split("https://other.example/v1", -1)).hasSize(2);
    assertThat(second).doesNotContain("Next page");
    owner
        .api()
        .get("/v1/approvals?limit=200")
        .at("/items")
        .forEach(
            waiting -> {
              owner
                  .api()
                  .post("/v1/approvals/" + waiting.path("id").asString() + "/decline", Map.of())
                  .isStatus(200);
            });
  }

  @Test
  void who_has_consented_is_not_asked_again() {
    Person owner = SERVED.person("ottilie");
    Person second = SERVED.person("ortrun");
    String service = "/v1/llm-services/ottilie/chat";
    owner.api().put(service, SERVICE).isStatus(201);
    owner.api().put(service + "/shares/ortrun", Map.of("role", "owner")).isStatus(202);
    Person root = SERVED.root();
    root.send(PAGE, path(root, "approve"), Map.of()).isStatus(303);
    owner.api().patch(service, Map.of("approvals", 3)).isStatus(200);
    owner.api().patch(service, Map.of("endpoint", "https://other.example/v1")).isStatus(202);

    root.send(PAGE, path(root, "approve"), Map.of()).isStatus(303);

    assertThat(ServedConsole.sound(root.open(PAGE)).body())
        .contains("You have consented. 1 more person has to.", "Decline")
        .doesNotContain(">Consent<");
    assertThat(second.open(PAGE).body()).contains(">Consent<").doesNotContain("You have consented");
    second.send(PAGE, path(second, "approve"), Map.of()).isStatus(303);
    assertThat(endpoint(owner)).isEqualTo("https://other.example/v1");
  }

  @Test
  void who_asked_takes_it_back() {
    Person owner = guarded("oda");
    TestResponse unused = owner.send("/console/services/oda/chat/settings", MOVED);

    owner.send(PAGE, path(owner, "decline"), Map.of()).isStatus(303);

    assertThat(owner.open(PAGE).body()).contains("Nothing waits.");
    assertThat(endpoint(owner)).isEqualTo("https://api.example/v1");
  }

  private static Person guarded(String handle) {
    Person owner = SERVED.person(handle);
    owner.api().put("/v1/llm-services/" + handle + "/chat", SERVICE).isStatus(201);
    return owner;
  }

  private static String endpoint(Person owner) {
    return owner.api().get("/v1/llm-services/" + owner.handle() + "/chat").text("/endpoint");
  }

  /** The address of the first form on the page that decides so. */
  private static String path(Person person, String decision) {
    return person
        .open(PAGE)
        .body()
        .replaceAll("(?s).*?action=\"(" + PAGE + "/[^\"/]+/" + decision + ")\".*", "$1");
  }
}
