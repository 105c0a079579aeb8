package io.claviger.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages that say that something went wrong keep the way to the others. */
class LostPagesTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void an_error_keeps_the_navigation_of_who_is_signed_in() {
    Person somebody = SERVED.person("lost-lars");
    for (String lost :
        new String[] {"/console/no-such-page", "/console/services/a/b", "/console/people"}) {
      assertThat(ServedConsole.sound(somebody.open(lost)).body())
          .contains("role=\"alert\"", "href=\"/console/services\"", "href=\"/console/why\"")
          .contains(">lost-lars</a>", "<a class=\"skip\" href=\"#content\">", "id=\"content\"")
          .doesNotContain("href=\"/console/operations\"");
    }
    assertThat(SERVED.root().open("/console/no-such-page").isStatus(404).body())
        .contains("href=\"/console/operations\"");
  }

  /** The API speaks of null and of the names of its fields. */
  @Test
  void an_error_speaks_of_the_page_and_not_of_the_api() {
    Person somebody = SERVED.person("lost-lea");
    somebody
        .api()
        .put("/v1/llm-services/lost-lea/chat", Map.of("provider", "openai", "model", "gpt-4o"))
        .isStatus(201);
    String page = "/console/services/lost-lea/chat";
    TestResponse limit =
        somebody.send(page + "/lend", Map.of("to", "root", "requests_per_minute", "0"));
    assertThat(limit.isStatus(422).body())
        .contains("1 to 1,000,000, or nothing for no limit")
        .doesNotContain("or null");
    String lent = "/v1/llm-services/lost-lea/chat/shares/root";
    somebody.api().put(lent, Map.of("role", "reader")).isStatus(201);
    TestResponse opened = somebody.open(page + "/key");
    somebody.api().patch("/v1/llm-services/lost-lea/chat", Map.of("note", "new")).isStatus(200);
    TestResponse late =
        somebody.browser().submit(opened, page + "/key", Map.of("api_key", "sk-0123456789"));
    assertThat(late.isStatus(412).body())
        .contains("Somebody else has changed this since you opened the page.")
        .doesNotContain("The stored resource");
    TestResponse lost = somebody.open("/console/groups/No%20Group?after=%20!");
    assertThat(lost.isStatus(422).body())
        .contains("Handle: 1 to 64 of a-z 0-9 . _ -")
        .doesNotContain("errors says");
  }

  @Test
  void a_stranger_is_shown_no_navigation() {
    FormBrowser browser = FormBrowser.of(URI.create("http://127.0.0.1:" + SERVED.served().port()));
    assertThat(browser.open("/console/no-such-page").isStatus(404).body())
        .doesNotContain("/console/services");
  }
}
