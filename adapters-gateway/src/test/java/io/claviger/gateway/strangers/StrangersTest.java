package io.claviger.gateway.strangers;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.TestHeldObjects;
import io.claviger.testkit.http.FuzzRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Borrowers of one key never reach what another has at the provider, whatever they send, and what
 * they may send passes.
 */
@Tag("slow")
class StrangersTest {
  private static final int REQUESTS = 95_000;
  private static final int ENOUGH_FOR_ALL_PIECES = 15_000;
  private static final int THREADS = 4;

  /** Requests on services that lend storage cost three times as much as others. */
  private static final int REQUESTS_WITH_STORAGE = REQUESTS / 19;

  private static final int REQUESTS_OF_A_CASE = 100;

  private static void fail(AssertionError finding) {
    throw finding;
  }

  @Test
  void nobody_reaches_what_another_has() {
    try (Neighbourhood all = new Neighbourhood(THREADS, StrangersTest::fail)) {
      FuzzRun.of(REQUESTS, THREADS)
          .runEach((random, number) -> all.play(random, REQUESTS_OF_A_CASE));
      int sent = all.coverage.answered();
      assertThat(all.coverage.answers("200")).as(all.coverage.toString()).isGreaterThan(sent / 4);
      assertThat(all.coverage.answers("404 object_not_found")).isGreaterThan(sent / 10);
      if (sent >= ENOUGH_FOR_ALL_PIECES) {
        assertThat(all.coverage.missing(all.grammars)).isEmpty();
      }
    }
  }

  @Test
  void everybody_reaches_only_what_they_made_where_storage_is_lent() {
    try (Neighbourhood all =
        Neighbourhood.storing(THREADS, StrangersTest::fail, new TestHeldObjects())) {
      FuzzRun.of(REQUESTS_WITH_STORAGE, THREADS)
          .runEach((random, number) -> all.playStoring(random, REQUESTS_OF_A_CASE));
      int sent = all.coverage.answered();
      assertThat(all.coverage.answers("200")).as(all.coverage.toString()).isGreaterThan(sent / 4);
      assertThat(all.coverage.answers("404 object_not_found")).isGreaterThan(sent / 10);
    }
  }
}
