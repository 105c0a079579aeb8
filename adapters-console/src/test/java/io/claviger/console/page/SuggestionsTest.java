package io.claviger.console.page;

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

/** What fields suggest to whom. */
class SuggestionsTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();
  private static final String PATH = "/console/suggestions?of=";

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static Person nina;

  @BeforeAll
  static void furnish() {
    nina = SERVED.owner("nina", Map.of("provider", "openai", "model", "gpt-4o"));
    SERVED.person("met-ned");
    SERVED.person("met-nora");
    SERVED.person("hidden-nils");
    nina.api().put("/v1/llm-services/nina/chat/shares/met-ned", Map.of("role", "reader"));
    SERVED.served().root().put("/v1/groups/night-owls", Map.of()).isStatus(201);
    SERVED.served().root().put("/v1/groups/night-owls/members/nina", Map.of("role", "member"));
    SERVED.served().root().put("/v1/groups/night-owls/members/met-nora", Map.of("role", "member"));
  }

  @Test
  void a_form_has_the_first_names_without_a_script_and_asks_for_others_by_one() {
    String page = nina.open("/console/services/nina/chat/lend").isStatus(200).body();
    assertThat(page)
        .contains("list=\"to-names\"", "<datalist id=\"to-names\">")
        .contains("<option value=\"@night-owls\">", "<option value=\"met-ned\">")
        .contains("hx-get=\"/console/suggestions?of=grantees&amp;in=to\"")
        .doesNotContain("hidden-nils");
    assertThat(nina.open("/console/why").isStatus(200).body())
        .contains("<option value=\"nina/chat\">");
  }

  @Test
  void what_is_typed_is_completed_by_names_that_the_viewer_sees_anyway() {
    assertThat(typed(nina, "grantees", "ne"))
        .contains("\"met-ned\"")
        .doesNotContain("nora", "night", "hidden");
    assertThat(typed(nina, "people", "")).contains("met-ned", "met-nora").doesNotContain("hidden");
    assertThat(typed(nina, "people", "hidden-nils")).doesNotContain("option");
    assertThat(typed(nina, "grantees", "%40OWL")).contains("\"@night-owls\"");
    assertThat(typed(nina, "groups", "owl")).contains("\"night-owls\"");
    assertThat(typed(nina, "services", "cha")).contains("\"nina/chat\"");
    assertThat(typed(nina, "services", "nina/c")).contains("\"nina/chat\"");
    assertThat(typed(nina, "services", "other/c")).doesNotContain("option");
    assertThat(typed(SERVED.root(), "people", "hidden")).contains("\"hidden-nils\"");
    assertThat(typed(SERVED.person("stranger"), "people", "")).doesNotContain("option");
    assertThat(typed(SERVED.person("outsider"), "services", "")).doesNotContain("nina");
  }

  @Test
  void nothing_that_is_typed_is_a_wildcard_or_more_than_a_text() {
    for (String wild : new String[] {"%25", "_", "%5C", "met%25ned", "x".repeat(300)}) {
      assertThat(typed(nina, "people", wild)).doesNotContain("option");
    }
    assertThat(nina.open(PATH + "everything&in=q&q=a").status()).isEqualTo(422);
    assertThat(nina.open(PATH + "people").isStatus(200).body()).contains("met-ned");
  }

  @Test
  void nothing_is_suggested_and_no_page_is_left_after_a_session_has_ended() {
    TestClient nobody = TestClient.of(URI.create("http://127.0.0.1:" + SERVED.served().port()));
    for (String[] headers : new String[][] {{}, {"HX-Request", "true"}}) {
      TestResponse answer = nobody.get(PATH + "people", headers);
      assertThat(answer.isStatus(200).body()).isEmpty();
      assertThat(answer.header("HX-Redirect")).isEmpty();
    }
  }

  private static String typed(Person who, String what, String text) {
    return who.open(PATH + what + "&in=to&to=" + text).isStatus(200).body();
  }
}
