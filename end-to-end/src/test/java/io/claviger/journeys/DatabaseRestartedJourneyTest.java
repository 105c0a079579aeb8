package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database restarted, and crashed, while calls and writes run. */
@Tag("thorough")
class DatabaseRestartedJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CALLERS = 6;
  private static final String PATH = "/v1/llm-services/" + EmbeddedNode.SERVICE;

  @TempDir private Path directory = Path.of("");

  private final AtomicBoolean over = new AtomicBoolean();
  private final Set<Integer> callStatuses = ConcurrentHashMap.newKeySet();
  private final Set<Integer> writeStatuses = ConcurrentHashMap.newKeySet();
  private final AtomicInteger passed = new AtomicInteger();
  private final AtomicLong lastWritten = new AtomicLong();

  @Test
  void no_answer_is_wrong_and_no_acknowledged_write_is_lost() throws Exception {
    try (EmbeddedNode node = new EmbeddedNode(directory, directory.resolve("data"), true)) {
      List<Thread> load = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        load.add(Thread.startVirtualThread(() -> call(node.alice)));
      }
      load.add(Thread.startVirtualThread(() -> write(node.alice)));
      for (String mode : List.of("fast", "immediate", "fast")) {
        awaitMoreCalls();
        node.restartDatabase(mode);
        awaitMoreCalls();
      }
      long written = lastWritten.get();
      Eventually.holds(PATIENCE, () -> lastWritten.get() > written);
      over.set(true);
      for (Thread thread : load) {
        thread.join();
      }
      // 401 would be a token forgotten, 404 a service, 403 a key: none was.
      assertThat(callStatuses).isSubsetOf(200, 503);
      assertThat(writeStatuses).isSubsetOf(200, 503);
      assertThat(node.provider.requests())
          .allMatch(
              request -> ("Bearer " + EmbeddedNode.KEY).equals(request.header("Authorization")));
      assertThat(Long.parseLong(node.alice.get(PATH).isStatus(200).text("/description")))
          .isGreaterThanOrEqualTo(lastWritten.get());
      assertThat(node.errors()).doesNotContain(EmbeddedNode.KEY);
    }
  }

  private void awaitMoreCalls() {
    int before = passed.get();
    Eventually.holds(PATIENCE, () -> passed.get() > before + 20);
  }

  private void call(Api alice) {
    while (!over.get()) {
      int status = alice.embed(EmbeddedNode.SERVICE).status();
      callStatuses.add(status);
      if (status == 200) {
        passed.incrementAndGet();
      }
      Eventually.pause();
    }
  }

  private void write(Api alice) {
    for (long number = 1; !over.get(); number++) {
      int status = alice.patch(PATH, Map.of("description", Long.toString(number))).status();
      writeStatuses.add(status);
      if (status == 200) {
        lastWritten.set(number);
      }
      Eventually.pause();
    }
  }
}
