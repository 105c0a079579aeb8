package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.in.ConnectionLimits;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many simultaneous failures leave no buffers and no connections open. */
@Isolated("It counts the open buffers of the whole JVM.")
class FaultsTest {
  private static final List<String> FAULTS =
      List.of(
          "stub-reset",
          "stub-half-header",
          "stub-lying-length",
          "stub-slow-first-byte-60000",
          "stub-stall-after-headers",
          "stub-stall-mid-stream",
          "stub-reset-mid-stream",
          "stub-close-mid-stream",
          "stub-early-answer",
          "stub-close",
          "stub-gzip",
          "stub-redirect",
          "stub-unauthorized",
          "stub-status-500",
          "stub-many-headers-10000",
          "stub-big-1000000",
          "good");
  private static final int AT_ONCE = 8;

  /** With more faults at the same time, one token could have more than 128 calls to authorize. */
  private static final int FAULTS_AT_ONCE = 7;

  private long buffers;
  private Rig rig = new Rig();

  @BeforeEach
  void count() {
    rig.close();
    buffers = OpenBuffers.count();
    rig = new Rig();
  }

  @AfterEach
  void nothing_is_kept() {
    rig.close();
    OpenBuffers.awaitAtMost(buffers);
  }

  @Tag("slow")
  @Test
  void whatever_a_provider_does_nothing_of_it_is_left() {
    rig.lend(rig.at(WireFormat.OPENAI).timeout(300));
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int first = 0; first < FAULTS.size(); first += FAULTS_AT_ONCE) {
      for (String fault : FAULTS.subList(first, Math.min(FAULTS.size(), first + FAULTS_AT_ONCE))) {
        for (int i = 0; i < AT_ONCE; i++) {
          calls.add(rig.postAsync("embeddings", Rig.embedding(fault)));
          calls.add(rig.postAsync("chat/completions", Rig.chat(fault)));
        }
      }
      calls.forEach(call -> call.handle((answer, broken) -> "over").join());
      rig.events.awaitFinished(calls.size());
    }

    rig.events.await(() -> rig.events.openAnswers() == 0);
    assertThat(rig.authorizer.handedOut()).hasSize(calls.size()).allMatch(Rig::isWiped);
    rig.events.await(
        () ->
            rig.gateway.providerConnections().open() == rig.gateway.providerConnections().idle()
                && rig.stub.openConnections() == rig.gateway.providerConnections().open());
    assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"stub-many-headers-100, 200", "stub-many-headers-10000, 502"})
  void headers_without_end_are_no_answer(String model, int status) {
    assertThat(rig.post("embeddings", Rig.embedding(model)).status()).isEqualTo(status);
  }

  @Test
  void five_thousand_idle_callers_hold_no_threads_and_others_are_served() throws Exception {
    rig.close();
    rig = new Rig(s -> s.withConnections(ConnectionLimits.standard().withMost(6_000, 6_000)));
    assertThat(rig.get("models").status()).isEqualTo(200);
    int threads = Thread.activeCount();
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 5_000; i++) {
        idle.add(new Socket(rig.gateway.address().getAddress(), rig.gateway.address().getPort()));
      }
      rig.events.await(() -> rig.events.openConnections() > 5_000);

      assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
      assertThat(rig.get("models").status()).isEqualTo(200);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
    rig.events.await(() -> rig.events.openConnections() <= 1);
  }
}
