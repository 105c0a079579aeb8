package io.claviger.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import java.net.URI;
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
          .contains(">lost-lars</a>")
          .doesNotContain("href=\"/console/operations\"");
    }
    assertThat(SERVED.root().open("/console/no-such-page").isStatus(404).body())
        .contains("href=\"/console/operations\"");
  }

  @Test
  void a_stranger_is_shown_no_navigation() {
    FormBrowser browser = FormBrowser.of(URI.create("http://127.0.0.1:" + SERVED.served().port()));
    assertThat(browser.open("/console/no-such-page").isStatus(404).body())
        .doesNotContain("/console/services");
  }
}
