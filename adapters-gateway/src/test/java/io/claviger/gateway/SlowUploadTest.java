package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.wire.BodyTimeouts;
import io.claviger.testkit.Undisturbed;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies that stream to a provider must not arrive too slowly. */
@Tag("slow")
class SlowUploadTest {
  private static final BodyTimeouts HASTY =
      new BodyTimeouts(Duration.ofMinutes(1), Duration.ofMillis(300), 10_000);
  private static final String HEAD =
      RawCaller.head("POST", "embeddings") + "Content-Type: application/json\r\n";

  @Test
  void a_body_that_trickles_does_not_hold_a_providers_connection() throws Exception {
    Undisturbed.run(
        () -> {
          try (Rig rig = new Rig(s -> s.withBodyPatience(HASTY));
              RawCaller caller = new RawCaller(rig)) {
            caller.send(HEAD + "Content-Length: 10000000\r\n\r\n{");

            assertThat(caller.trickle(" "))
                .startsWith("HTTP/1.1 400 ")
                .contains("request_incomplete");
            rig.awaitClosedByProvider();
          }
        });
  }

  /**
   * The timer fires during the wait, when the caller must not send yet, and soon after the wait.
   */
  @Test
  void a_caller_who_had_to_wait_has_the_whole_time_to_send_the_body() throws Exception {
    Undisturbed.run(
        () -> {
          ScriptedTurns turns = new ScriptedTurns();
          try (Rig rig =
                  new Rig(s -> s.withTurns(turns).withCallerPatience(Duration.ofMillis(1_000)));
              RawCaller caller = new RawCaller(rig)) {
            rig.lend(rig.at(WireFormat.OPENAI).takingTurns());
            String body =
                "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--x\r\n"
                    + "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
                    + " ".repeat(5_000_000)
                    + "\r\n--x--\r\n";
            long connected = System.nanoTime();
            caller.send(
                RawCaller.head("POST", "audio/transcriptions")
                    + "Content-Type: multipart/form-data; boundary=x\r\n"
                    + "Expect: 100-continue\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n");
            sleepUntil(connected, 1_750);
            turns.letNextGo(Duration.ZERO);
            assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            sleepUntil(connected, 2_300);

            assertThat(caller.send(body).until("}")).startsWith("HTTP/1.1 200 ");
          }
        });
  }

  private static void sleepUntil(long start, long millis) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(start + TimeUnit.MILLISECONDS.toNanos(millis) - System.nanoTime());
  }

  @Test
  void a_refused_call_keeps_no_secret_while_the_rest_of_its_body_comes() {
    try (Rig rig = new Rig();
        RawCaller caller = new RawCaller(rig)) {
      rig.lend(TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI).from(KeySource.USER));
      caller.send(HEAD + "Content-Length: 60000\r\n\r\n{");
      assertThat(caller.untilErrorEnds()).startsWith("HTTP/1.1 502 ");
      rig.events.await(() -> rig.authorizer.handedOut().stream().allMatch(Rig::isWiped));

      // The connection is as good as before, so the first call was not over until now.
      rig.lend(WireFormat.OPENAI);
      String body = Rig.embedding("m");
      caller.send(
          " ".repeat(59_999) + HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body);
      assertThat(caller.until("\r\n")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Tag("thorough")
  @Test
  void the_rest_of_a_refused_request_is_not_waited_for_without_end() {
    try (Rig rig = new Rig();
        RawCaller caller = new RawCaller(rig)) {
      rig.lend(TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI).from(KeySource.USER));
      caller.send(HEAD + "Content-Length: 60000\r\n\r\n{");

      assertThat(caller.untilClosed()).startsWith("HTTP/1.1 502 ");
    }
  }

  @Test
  void a_body_that_goes_on_evenly_is_let_go_on_for_many_windows() throws Exception {
    Undisturbed.run(
        () -> {
          BodyTimeouts brief = new BodyTimeouts(Duration.ofMinutes(1), Duration.ofMillis(600), 10);
          try (Rig rig = new Rig(s -> s.withBodyPatience(brief));
              RawCaller caller = new RawCaller(rig)) {
            String body = Rig.embedding("m");
            String padding = " ".repeat(1_000);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_000);
            caller.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
            while (System.nanoTime() < end) {
              caller.send("3e8\r\n" + padding + "\r\n").pause();
            }
            caller.send(Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");

            assertThat(caller.until("}")).startsWith("HTTP/1.1 200 ");
          }
        });
  }
}
