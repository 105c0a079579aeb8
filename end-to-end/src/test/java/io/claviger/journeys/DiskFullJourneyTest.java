package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the embedded database is full for a while. Needs root, to mount one so small. */
@Tag("thorough")
class DiskFullJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ENOUGH_TO_FILL = 4_000;

  @TempDir private Path directory = Path.of("");

  private Path disk = Path.of("");

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a disk");
    String refused =
        run("mount", "-t", "tmpfs", "-o", "size=400m,mode=0700", "tmpfs", disk.toString());
    assumeTrue(refused.isEmpty(), "the mount was refused: " + refused);
  }

  /** Unmounts the disk lazily, because a process of the database may still need a moment to end. */
  @AfterEach
  void unmount() throws Exception {
    run("umount", "--lazy", disk.toString());
  }

  @Test
  void writes_are_refused_in_clear_words_and_nothing_acknowledged_is_lost() throws Exception {
    try (EmbeddedNode node = new EmbeddedNode(directory, disk.resolve("data"))) {
      Path ballast = disk.resolve("ballast");
      fill(ballast);
      List<String> written = new ArrayList<>();
      Set<Integer> refusals = new TreeSet<>();
      for (int i = 0; refusals.isEmpty() && i < ENOUGH_TO_FILL; i++) {
        write(node, "big-" + i, written, refusals);
      }
      assertThat(refusals).as("after %d writes", written.size()).containsExactly(503);
      TestResponse refused =
          node.alice.patch("/v1/llm-services/alice/mine", Map.of("description", "x".repeat(9_000)));
      if (refused.status() != 200) {
        refused.isProblem(503, "unavailable");
        assertThat(refused.header("Retry-After")).isNotEmpty();
      }
      assertThat(node.errors())
          .containsPattern("WARN .*No space left on device")
          .doesNotContain(EmbeddedNode.KEY);

      Files.delete(ballast);
      // A server that could not write its log has ended itself: the next start recovers it.
      if (!answers(node)) {
        node.restart();
      }
      Eventually.holds(PATIENCE, () -> answers(node));
      for (String handle : written) {
        assertThat(
                node.alice
                    .get("/v1/llm-services/alice/" + handle)
                    .isStatus(200)
                    .text("/description"))
            .hasSize(9_000);
      }
      write(node, "afterwards", written, refusals);
      assertThat(written).contains("afterwards");
      node.alice.embed(EmbeddedNode.SERVICE).isStatus(200);
    }
  }

  private static boolean answers(EmbeddedNode node) {
    return node.alice.get("/health/ready").status() == 200
        && node.alice.embed(EmbeddedNode.SERVICE).status() == 200;
  }

  private static void write(
      EmbeddedNode node, String handle, List<String> written, Set<Integer> refusals) {
    TestResponse reply =
        node.alice.put(
            "/v1/llm-services/alice/" + handle,
            Map.of("definition", "_system/openai-small", "description", incompressible(handle)));
    if (reply.status() == 201) {
      written.add(handle);
    } else {
      refusals.add(reply.status());
    }
  }

  private static String incompressible(String seed) {
    return new Random(seed.hashCode())
        .ints(9_000, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Fills the disk except for a small rest. */
  private void fill(Path ballast) throws IOException {
    byte[] block = new byte[1 << 16];
    long left = Files.getFileStore(disk).getUsableSpace() - (2 << 20);
    try (OutputStream out = Files.newOutputStream(ballast)) {
      for (; left > 0; left -= block.length) {
        out.write(block);
      }
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : said.strip();
  }
}
