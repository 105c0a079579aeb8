package io.claviger.console.scim;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SCIM tokens, which administrators make and end. */
class ScimPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String PAGE = "/console/scim";
  private static final Person ROOT = CONSOLE.root();

  @Test
  void administrators_make_and_end_tokens() {
    assertThat(sound(ROOT.open(PAGE)).body()).contains("/scim/v2", "No identity provider");
    TestResponse made =
        sound(ROOT.send(PAGE, Map.of("name", HOSTILE, "issuer", "https://id.example")));
    assertThat(made.isStatus(200).body()).contains("This is shown once.", "clv_");
    assertThat(sound(ROOT.open(PAGE)).body()).doesNotContain("clv_").contains("https://id.example");
    TestResponse refused =
        sound(ROOT.send(PAGE, Map.of("name", "b", "issuer", "https://other.example")));
    assertThat(refused.isStatus(409).body()).contains("Only one identity provider at a time");
    assertThat(sound(ROOT.send(PAGE, Map.of("name", "", "issuer", HOSTILE))).isStatus(422).body())
        .contains("field-error");
    String id = ROOT.api().get("/v1/scim-tokens").text("/items/0/id");
    ROOT.send(PAGE, PAGE + "/" + id + "/end", Map.of()).isStatus(303);
    assertThat(ROOT.api().get("/v1/scim-tokens").items("id")).isEmpty();
  }

  @Test
  void others_see_no_token() {
    assertThat(CONSOLE.person("sam").open(PAGE).status()).isEqualTo(403);
  }
}
