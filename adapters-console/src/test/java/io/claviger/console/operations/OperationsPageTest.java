package io.claviger.console.operations;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.NodeKeys;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** How the installation is, for administrators alone. */
class OperationsPageTest {
  private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String PATH = "/console/operations";

  @AfterAll
  static void close() {
    CONSOLE.close();
  }

  @Test
  void an_administrator_sees_nodes_keys_and_readiness() {
    EncryptionKeyId key = CONSOLE.ports().sealer().sealingKey();
    CONSOLE.ports().nodes().heartbeat(new UUID(0, 1), new NodeKeys(HOSTILE, Set.of(key), key));
    assertThat(sound(CONSOLE.browserOf("root").open(PATH).isStatus(200)).body())
        .contains("database", "ready", "&lt;script&gt;alert", "live", key.toString());
  }

  @Test
  void others_are_neither_offered_nor_shown_it() {
    assertThat(CONSOLE.browserOf("alice").open("/console").body()).doesNotContain(PATH);
    CONSOLE.browserOf("alice").open(PATH).isStatus(403);
  }
}
