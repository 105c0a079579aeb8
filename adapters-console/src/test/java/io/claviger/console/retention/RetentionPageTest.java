package io.claviger.console.retention;

import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Administrators set for how long usage and the audit trail are kept. */
class RetentionPageTest {
  private static final String PAGE = "/console/operations/retention";

  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();

  @Test
  void what_is_typed_is_kept_within_what_the_operator_allows() {
    Person root = CONSOLE.root();
    assertThat(root.open("/console/operations").body()).contains(PAGE);
    assertThat(sound(root.open(PAGE).isStatus(200)).body())
        .contains("At most 24, as the operator set it", "the audit trail for ever");
    String version = root.api().get("/v1/retention").isStatus(200).at("/version").toString();

    root.send(PAGE, Map.of("version", version, "usage_months", "12", "audit_months", ""))
        .isStatus(303);

    assertThat(sound(root.open(PAGE).isStatus(200)).body())
        .contains("Usage is kept for 12 months, the audit trail for ever");
    assertThat(root.api().get("/v1/retention").at("/usage_months").asInt()).isEqualTo(12);
    root.send(PAGE, Map.of("version", version, "usage_months", "11")).isStatus(412);
    for (String wrong : new String[] {"0", "25", "1201", "few", "99999999999"}) {
      assertThat(root.send(PAGE, Map.of("usage_months", wrong)).isStatus(422).body())
          .contains("id=\"usage_months-more\"><span class=\"field-error\">");
    }
    assertThat(root.api().get("/v1/retention").at("/usage_months").asInt()).isEqualTo(12);
  }

  @Test
  void only_administrators_see_it() {
    CONSOLE.person("eve").open(PAGE).isStatus(403);
  }
}
