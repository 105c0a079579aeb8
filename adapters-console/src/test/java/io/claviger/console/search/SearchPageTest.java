package io.claviger.console.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SearchPageTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();
  private static final String PATH = "/console/search?q=";

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static Person nina;

  @BeforeAll
  static void furnish() {
    Map<String, String> service = Map.of("provider", "openai", "model", "gpt-4o");
    nina = SERVED.owner("nina", service);
    nina.api().put("/v1/llm-services/nina/nightly", named(ServedConsole.HOSTILE)).isStatus(201);
    for (int n = 10; n < 22; n++) {
      nina.api().put("/v1/llm-services/nina/many-" + n, service).isStatus(201);
    }
    Person zoe = SERVED.owner("zoe", service);
    zoe.api().put("/v1/llm-services/zoe/night-hidden", service).isStatus(201);
    SERVED.served().root().put("/v1/groups/night-owls", Map.of()).isStatus(201);
    nina.api().put("/v1/projects/nina/night-study", Map.of()).isStatus(201);
  }

  private static Map<String, String> named(String name) {
    return Map.of("provider", "openai", "model", "gpt-4o", "display_name", name);
  }

  @Test
  void every_page_has_the_field_and_it_works_without_a_script() {
    assertThat(nina.open("/console").isStatus(200).body())
        .contains("role=\"search\" method=\"get\" action=\"/console/search\"", "id=\"find\"");
  }

  @Test
  void what_is_found_is_shown_by_kind_with_links() {
    TestResponse page = ServedConsole.sound(nina.open(PATH + "night").isStatus(200));
    assertThat(page.body())
        .contains("href=\"/console/services/nina/nightly\"")
        .contains("href=\"/console/groups/night-owls\"", "@night-owls")
        .contains("href=\"/console/projects/nina/night-study\"")
        .doesNotContain("zoe", "night-hidden");
    assertThat(SERVED.root().open(PATH + "night").body()).contains("zoe/night-hidden");
  }

  @Test
  void the_only_thing_found_and_a_full_name_lead_straight_there() {
    assertThat(nina.open(PATH + "nightl").isStatus(303).header("Location"))
        .isEqualTo("/console/services/nina/nightly");
    assertThat(nina.open(PATH + "nina%2Fchat").isStatus(303).header("Location"))
        .isEqualTo("/console/services/nina/chat");
    assertThat(nina.open(PATH + "%40night-owls").isStatus(303).header("Location"))
        .isEqualTo("/console/groups/night-owls");
    assertThat(SERVED.root().open(PATH + "zoe").isStatus(303).header("Location"))
        .isEqualTo("/console/people/zoe");
  }

  @Test
  void a_long_answer_is_cut_and_leads_to_the_list_that_has_all() {
    String page = nina.open(PATH + "many").isStatus(200).body();
    assertThat(page)
        .contains("nina/many-10", "nina/many-19", "href=\"/console/services?q=many\"")
        .doesNotContain("nina/many-20");
  }

  @Test
  void what_cannot_be_seen_is_answered_as_what_is_not_there() {
    String hidden = content(nina.open(PATH + "zoe%2Fnight-hidden"));
    String missing = content(nina.open(PATH + "zoe%2Fnight-missing"));
    assertThat(hidden.replace("hidden", "missing")).isEqualTo(missing);
    assertThat(nina.open(PATH + "night-hidden").isStatus(200).body()).contains("Nothing that you");
  }

  /** What is on a page apart from its frame, which has a secret of its own. */
  private static String content(TestResponse page) {
    String body = page.isStatus(200).body();
    return body.substring(body.indexOf("<main"));
  }

  @Test
  void texts_of_any_kind_are_answered() {
    for (String text : new String[] {"", "a", "%25", "%27%3A*", "x".repeat(3000), "%F0%9F%99%82"}) {
      TestResponse page = ServedConsole.sound(nina.open(PATH + text).isStatus(200));
      assertThat(page.body()).doesNotContain("href=\"/console/services/nina");
    }
    assertThat(nina.open(PATH + "a").body()).contains("two letters or digits");
  }

  @Test
  void names_are_suggested_to_who_is_signed_in_only() {
    String path = "/console/search/names?q=night";
    assertThat(nina.open(path).isStatus(200).body())
        .contains("value=\"nina/nightly\" label=\"service\"", "value=\"@night-owls\"")
        .doesNotContain("zoe", "<html");
    TestClient nobody = TestClient.of(URI.create("http://127.0.0.1:" + SERVED.served().port()));
    assertThat(nobody.get(path).isStatus(200).body()).isEmpty();
  }
}
