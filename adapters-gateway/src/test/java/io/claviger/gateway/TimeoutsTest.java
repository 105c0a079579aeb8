package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.Undisturbed;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which silence counts against {@code timeout_ms}, and which calls are not repeated. */
@Tag("slow")
class TimeoutsTest {
  private static final int TIMEOUT_MILLIS = 1_000;
  private static final long LONGER = TIMEOUT_MILLIS * 1_500_000L;

  @Test
  void a_caller_who_is_slow_to_send_is_not_taken_for_a_silent_provider() throws Exception {
    undisturbed(
        rig -> {
          String body = Rig.embedding("m") + " ".repeat(1_000);
          try (RawCaller caller = new RawCaller(rig)) {
            caller.send(
                RawCaller.head("POST", "embeddings")
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n");
            int sent = 0;
            for (long began = System.nanoTime(); System.nanoTime() - began < LONGER; sent++) {
              caller.send(body.substring(sent, sent + 1));
              LockSupport.parkNanos(LONGER / 100);
            }
            caller.send(body.substring(sent));

            assertThat(caller.until("}")).startsWith("HTTP/1.1 200 ");
          }
        });
  }

  @Test
  void a_caller_who_sends_nothing_for_long_is_not_taken_for_a_silent_provider() throws Exception {
    undisturbed(
        rig -> {
          String body = Rig.embedding("m");
          try (RawCaller caller = new RawCaller(rig)) {
            caller.send(
                RawCaller.head("POST", "embeddings")
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n{");
            pass();

            assertThat(caller.send(body.substring(1)).until("}")).startsWith("HTTP/1.1 200 ");
          }
        });
  }

  @Test
  void a_caller_who_is_slow_to_read_is_not_taken_for_a_silent_provider() throws Exception {
    undisturbed(
        rig -> {
          long length = 64L << 20;
          HttpResponse<InputStream> answer =
              rig.stream("embeddings", Rig.embedding("stub-big-" + length));
          pass();

          try (InputStream body = answer.body()) {
            assertThat(body.skip(length + 1)).isEqualTo(length);
          }
        });
  }

  @Test
  void a_caller_who_stops_reading_does_not_keep_the_providers_call() {
    try (Rig impatient = new Rig(s -> s.withCallerPatience(Duration.ofMillis(300)));
        RawCaller caller = new RawCaller(impatient)) {
      String body = Rig.embedding("stub-big-" + (64L << 20));
      caller.send(
          RawCaller.head("POST", "embeddings")
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);

      impatient.stub.awaitCancelled(1, Rig.PATIENCE);
    }
  }

  /**
   * The request is not even sent again if it was sent on a connection from the pool, although the
   * old connection might have caused the failure.
   */
  @ParameterizedTest
  @ValueSource(strings = {"stub-reset", "stub-half-header"})
  void what_a_provider_has_taken_is_not_sent_again(String model) {
    try (Rig rig = new Rig()) {
      assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);
      TestResponse answer = rig.post("embeddings", Rig.embedding(model));

      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.values("x-claviger-error")).containsExactly("provider_broke_off");
      assertThat(rig.stub.requests()).hasSize(2);
    }
  }

  /** What a test does with a gateway. */
  private interface OnRig {
    void run(Rig rig) throws IOException;
  }

  private static void undisturbed(OnRig test) throws Exception {
    Undisturbed.run(
        () -> {
          try (Rig rig = new Rig()) {
            rig.lend(rig.at(WireFormat.OPENAI).timeout(TIMEOUT_MILLIS));
            test.run(rig);
          }
        });
  }

  /** Nothing is to be waited for: what would come, if it came at all, is the end. */
  private static void pass() {
    long began = System.nanoTime();
    while (System.nanoTime() - began < LONGER) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
