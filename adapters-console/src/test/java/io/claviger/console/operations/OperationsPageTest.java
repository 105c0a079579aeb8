package io.claviger.console.operations;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.keys.port.NodeStore.About;
import io.claviger.console.served.ServedConsole;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** How the installation is, for administrators alone. */
class OperationsPageTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String PATH = "/console/operations";

  @Test
  void an_administrator_sees_nodes_keys_and_readiness() {
    EncryptionKeyId key = CONSOLE.ports().sealer().sealingKey();
    UUID one = new UUID(0, 1);
    CONSOLE.ports().nodes().heartbeat(one, new NodeKeys(HOSTILE, Set.of(key), key));
    CONSOLE
        .ports()
        .nodes()
        .tell(one, new About("1.2.3", Optional.of(Duration.ofNanos(17_340_000))));
    assertThat(sound(CONSOLE.browserOf("root").open(PATH).isStatus(200)).body())
        .contains("database", "ready", "&lt;script&gt;alert", "live", key.toString())
        .contains("1.2.3", "17.3 ms", "nothing is encrypted", "look at it")
        .doesNotContain("different versions");
  }

  @Test
  void nodes_of_two_versions_are_told_apart() {
    EncryptionKeyId key = CONSOLE.ports().sealer().sealingKey();
    UUID older = new UUID(0, 2);
    CONSOLE.ports().nodes().heartbeat(older, new NodeKeys("older", Set.of(key), key));
    UUID newer = new UUID(0, 3);
    CONSOLE.ports().nodes().heartbeat(newer, new NodeKeys("newer", Set.of(key), key));
    CONSOLE.ports().nodes().tell(newer, new About("1.3.0", Optional.empty()));

    assertThat(sound(CONSOLE.browserOf("root").open(PATH).isStatus(200)).body())
        .contains("Nodes run different versions.", "unknown", "1.3.0");
    boolean unused =
        CONSOLE.ports().nodes().unregister(older) && CONSOLE.ports().nodes().unregister(newer);
  }

  @Test
  void an_administrator_sees_the_keys_that_sign_and_what_happens_to_them_next() {
    Client root = CONSOLE.apiOf("root");
    root.post("/v1/issuer/_revoke", Map.of()).isStatus(200);
    root.post("/v1/issuer/_rotate", Map.of()).isStatus(200);
    TestResponse keys = root.get("/v1/issuer").isStatus(200);
    assertThat(keys.at("/keys").size()).isGreaterThan(1);

    String page = sound(CONSOLE.browserOf("root").open(PATH).isStatus(200)).body();

    assertThat(page)
        .contains("<bdi>" + keys.text("/issuer") + "</bdi>", keys.text("/key_set_url"))
        .contains("signs after the public address has shown it");
    for (JsonNode key : keys.at("/keys")) {
      assertThat(page)
          .contains("<bdi>" + key.path("kid").asString() + "</bdi>")
          .contains("\">" + key.path("state").asString() + "</span>");
    }
  }

  @Test
  void others_are_neither_offered_nor_shown_it() {
    assertThat(CONSOLE.browserOf("alice").open("/console").body()).doesNotContain(PATH);
    CONSOLE.browserOf("alice").open(PATH).isStatus(403);
  }
}
