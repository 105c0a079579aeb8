package io.claviger.journeys;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("thorough")
class HaproxyJourneyTest extends BehindADocumentedProxy {
  @Override
  String program() {
    return "haproxy";
  }

  @Override
  String language() {
    return "haproxy";
  }

  /** Two intervals of the health checks that the document sets, and a second. */
  @Override
  int drainSeconds() {
    return 5;
  }

  @Override
  String configuration(String block, int port, Path directory) {
    return block.replaceFirst("bind :443 .*", "bind 127.0.0.1:" + port);
  }

  @Override
  List<String> command(Path configuration, Path directory) {
    return List.of("haproxy", "-db", "-f", configuration.toString());
  }
}
