package io.claviger.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages on which people sign in look as those of the console. */
class SignInLookTest {
  private static final Pattern STYLE_SHEET =
      Pattern.compile("<link rel=\"stylesheet\" href=\"([^\"]+)\">");
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/sign-in",
        "/console/nothing",
        "/console/services/",
        "/console/services/alice",
        "/console/services/alice/chat/nothing/at/all"
      })
  void they_have_the_same_style_sheets(String path) {
    FormBrowser visitor = visitor();
    TestResponse page = visitor.open(path);
    Matcher sheets = STYLE_SHEET.matcher(page.body());
    int count = 0;
    while (sheets.find()) {
      assertThat(visitor.open(sheets.group(1)).isStatus(200).header("Content-Type"))
          .startsWith("text/css");
      count++;
    }
    assertThat(count).isEqualTo(1);
    assertThat(page.body()).containsPattern("<link rel=\"icon\"[^>]* href=\"/console/assets/");
    assertThat(page.header("Content-Security-Policy")).contains("style-src 'self'");
  }

  @Test
  void a_slash_behind_the_address_of_the_console_leads_to_the_console() {
    assertThat(visitor().open("/console/").isStatus(303).header("Location")).isEqualTo("/console");
  }

  private static FormBrowser visitor() {
    return FormBrowser.of(URI.create("http://127.0.0.1:" + CONSOLE.served().port()));
  }
}
