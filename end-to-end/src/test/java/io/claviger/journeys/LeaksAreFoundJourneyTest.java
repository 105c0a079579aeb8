package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.node.Node;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The search for leaked keys finds one wherever it is planted. */
@Tag("thorough")
class LeaksAreFoundJourneyTest {
  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private final String key = journey.key("planted");
  private Api alice = journey.root(node);

  @BeforeEach
  void service() {
    alice = journey.user(node, "alice");
    journey.service(alice, "alice/mine");
    journey.assertNothingLeaked();
  }

  @Test
  void in_an_answer() {
    alice.patch("/v1/llm-services/alice/mine", Map.of("description", "Basic " + base64()));
    assertFound("in answers");
  }

  @Test
  void in_a_stream() {
    try (OpenStream stream = OpenStream.of(alice, "services/alice/mine", "m")) {
      Eventually.holds(Eventually.SOON, stream::isOver);
      alice.responses().accept(stream.text() + key);
    }
    assertFound("in answers");
  }

  @Test
  void in_the_log() {
    LoggerFactory.getLogger("io.claviger.planted").trace("a header was {}", base64());
    assertFound("in the log");
  }

  @Test
  void in_the_stack_trace_of_a_library() {
    LoggerFactory.getLogger("org.eclipse.jetty").info("fault", new IllegalStateException(key));
    assertFound("in the log");
  }

  @Test
  void in_the_database_as_text_and_as_bytes() {
    journey.tamper("update instances set description = '" + key + "'");
    assertFound("in the database");
    String hex = HexFormat.of().formatHex(key.getBytes(StandardCharsets.UTF_8));
    journey.tamper("update instances set description = ''");
    journey.tamper("create table planted as select decode('" + hex + "', 'hex') as bytes");
    assertFound("in the database");
  }

  private String base64() {
    return Base64.getEncoder().encodeToString((":" + key).getBytes(StandardCharsets.UTF_8));
  }

  private void assertFound(String where) {
    assertThatThrownBy(journey::assertNothingLeaked)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(where);
  }
}
