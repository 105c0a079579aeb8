package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.client.ClientProgram;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.journeys.Api;
import io.claviger.journeys.Eventually;
import io.claviger.journeys.Journey;
import io.claviger.testkit.OtherJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of {@code apply} that is killed between two of its steps. */
@Tag("thorough")
class KilledApplyTest {
  private static final int SERVICES = 100;
  private static final int REQUESTS_A_MINUTE = 60;
  private static final Pattern COUNTS =
      Pattern.compile("(\\d+) created, 0 changed, 0 deleted, (\\d+) unchanged");

  @TempDir private Path directory = Path.of("");

  private static SavedSignIn signIn(Node node, Api alice) {
    return new SavedSignIn(
        node.api(), "alice", "manage", alice.token(), Optional.empty(), Optional.empty(), Map.of());
  }

  private static String numbered(int service) {
    return "s%03d".formatted(service);
  }

  @Test
  void the_next_run_does_the_rest_and_nothing_twice() throws Exception {
    try (Journey journey = new Journey()) {
      Map<String, String> slow = journey.environment();
      slow.put("CLAVIGER_API_REQUESTS_PER_MINUTE", Integer.toString(REQUESTS_A_MINUTE));
      Node first = journey.startNode(slow);
      Node second = journey.startNode();
      Api alice = journey.user(second, "alice");
      Path file = directory.resolve("many.yaml");
      Files.writeString(
          file,
          IntStream.range(0, SERVICES)
              .mapToObj(n -> "  - {ref: %s, provider: openai, model: m}\n".formatted(numbered(n)))
              .collect(Collectors.joining("", "name: many\nservices:\n", "")));
      Machine machine = new Machine(directory.resolve("home")).signedIn(signIn(first, alice));
      try (OtherJvm apply =
          new OtherJvm(
              directory,
              machine.environment(),
              ClientProgram.class,
              "apply",
              "-f",
              file.toString())) {
        // After a minute's requests it waits, as the first node asks it to.
        Eventually.holds(Duration.ofSeconds(60), () -> done(journey) > 20);
        apply.kill();
      }

      Machine other = new Machine(directory.resolve("other")).signedIn(signIn(second, alice));
      Matcher counts = COUNTS.matcher(other.run("apply", "-f", file.toString()).done().out());
      assertThat(counts.find()).isTrue();
      int created = Integer.parseInt(counts.group(1));
      int unchanged = Integer.parseInt(counts.group(2));
      // The server may have carried out requests that were in flight when the process was killed.
      assertThat(unchanged).isBetween(20, REQUESTS_A_MINUTE);
      assertThat(created + unchanged).isEqualTo(SERVICES);
      assertThat(done(journey)).isEqualTo(SERVICES);
      assertThat(other.run("apply", "-f", file.toString()).done().out())
          .contains("0 created, 0 changed, 0 deleted, %d unchanged".formatted(SERVICES));
    }
  }

  private static int done(Journey journey) {
    return Integer.parseInt(
        journey.column("select count(*) from instances where owner_handle = 'alice'").getFirst());
  }
}
