package io.claviger.journeys;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;

@Order(1)
@Tag("thorough")
class CaddyJourneyTest extends BehindADocumentedProxy {
  @Override
  String program() {
    return "caddy";
  }

  @Override
  String language() {
    return "caddyfile";
  }

  /** Two intervals of the health checks that the document sets, and a second. */
  @Override
  int drainSeconds() {
    return 5;
  }

  @Override
  String configuration(String block, int port, Path directory) {
    return "{\n\tadmin off\n}\n"
        + block
            .replace("llm.example.org {", "http://127.0.0.1:" + port + " {")
            .replace(GATEWAY_NAME + " {", "http://" + GATEWAY_NAME + ":" + port + " {");
  }

  @Override
  List<String> command(Path configuration, Path directory) {
    return List.of("caddy", "run", "--config", configuration.toString(), "--adapter", "caddyfile");
  }
}
