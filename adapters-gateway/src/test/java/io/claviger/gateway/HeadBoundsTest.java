package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.in.ConnectionLimits;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory that a caller without a token can make the gateway use. */
class HeadBoundsTest {
  private static final String PATH = "/gateway/services/alice/my-openai/";
  private static final String HEAD =
      "POST " + PATH + "embeddings HTTP/1.1\r\nAuthorization: Bearer " + Rig.TOKEN + "\r\n";
  private static final String BODY = Rig.embedding("m");
  private static final String WHOLE = HEAD + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
  private static final String FIELD = "a:\r\n";

  @AutoClose private Rig rig = new Rig();

  private void hurry() {
    rig.close();
    ConnectionLimits limits = ConnectionLimits.standard().withHeadTime(Duration.ofSeconds(1));
    rig = new Rig(settings -> settings.withConnections(limits));
  }

  @Test
  void a_head_of_101_fields_is_refused_before_it_ends() {
    try (RawCaller caller = new RawCaller(rig)) {
      String answer = caller.send(HEAD + FIELD.repeat(100)).untilClosed();

      assertThat(answer).startsWith("HTTP/1.1 431 ").contains("headers_too_large");
    }
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @Test
  void a_head_of_100_fields_is_served() {
    try (RawCaller caller = new RawCaller(rig)) {
      String fields = FIELD.repeat(98) + "Content-Length: " + BODY.length() + "\r\n\r\n";

      assertThat(caller.send(HEAD + fields + BODY).until("}")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void fields_are_counted_however_the_bytes_arrive() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(HEAD);
      for (int i = 0; i < 100; i++) {
        caller.send("a").send(":\r").send("\n");
      }

      assertThat(caller.untilClosed()).startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void a_refusal_of_an_unfinished_head_wears_the_clothes_of_the_path() {
    try (RawCaller caller = new RawCaller(rig)) {
      String answer =
          caller
              .send("POST " + PATH + "v1/messages HTTP/1.1\r\n" + FIELD.repeat(101))
              .untilClosed();

      assertThat(answer).startsWith("HTTP/1.1 431 ").contains("{\"type\":\"error\"");
    }
  }

  @Test
  void one_field_of_more_than_8_kib_is_refused_before_it_ends() {
    try (RawCaller caller = new RawCaller(rig)) {
      assertThat(caller.send(HEAD + "X-Fill: " + "x".repeat(9_000)).untilClosed())
          .startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void a_request_line_of_more_than_8_kib_is_refused_before_it_ends() {
    try (RawCaller caller = new RawCaller(rig)) {
      assertThat(caller.send("GET " + PATH + "x".repeat(9_000)).untilClosed())
          .startsWith("HTTP/1.1 414 ");
    }
  }

  @Test
  void empty_lines_before_a_request_are_skipped_but_not_without_end() {
    try (RawCaller few = new RawCaller(rig);
        RawCaller many = new RawCaller(rig)) {
      assertThat(few.send("\r\n".repeat(2) + WHOLE).until("}")).startsWith("HTTP/1.1 200 ");
      assertThat(many.send("\r\n".repeat(5)).untilClosed()).startsWith("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\u000b", "\u001f", " "})
  void other_characters_before_a_request_are_refused(String before) {
    try (RawCaller caller = new RawCaller(rig)) {
      assertThat(caller.send(before + WHOLE).untilClosed()).startsWith("HTTP/1.1 4");
    }
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @Test
  void trailers_of_101_fields_end_the_call() {
    try (RawCaller caller = new RawCaller(rig)) {
      String answer =
          caller
              .send(
                  HEAD
                      + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n"
                      + FIELD.repeat(101)
                      + "\r\n")
              .untilClosed();

      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("bad_request");
    }
  }

  @Test
  void folded_trailers_end_the_call() {
    try (RawCaller caller = new RawCaller(rig)) {
      String answer =
          caller
              .send(HEAD + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\nX: a\r\n b\r\n\r\n")
              .untilClosed();

      assertThat(answer).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void chunks_that_are_almost_all_extension_end_the_call() {
    try (RawCaller caller = new RawCaller(rig)) {
      String chunk = "1;" + "x".repeat(4_000) + "\r\n{\r\n";
      String answer =
          caller.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(20)).untilClosed();

      assertThat(answer).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void chunks_of_one_byte_are_served() {
    try (RawCaller caller = new RawCaller(rig)) {
      StringBuilder chunks = new StringBuilder();
      String body = BODY + " ".repeat(20_000);
      for (int i = 0; i < body.length(); i++) {
        chunks.append("1\r\n").append(body.charAt(i)).append("\r\n");
      }
      caller.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\nX-T: y\r\n\r\n");

      assertThat(caller.until("}")).startsWith("HTTP/1.1 200 ");
    }
    assertThat(rig.stub.requests().get(0).text()).startsWith(BODY);
  }

  @Test
  void a_head_that_trickles_in_has_to_be_whole_in_time() {
    hurry();
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send("POST ");
      // Whatever comes meanwhile gives no more time; the end is seen by reading.
      Thread trickle =
          Thread.startVirtualThread(
              () -> {
                try {
                  while (true) {
                    caller.send("x");
                    LockSupport.parkNanos(20_000_000);
                  }
                } catch (java.io.UncheckedIOException closed) {
                  // as it should be
                }
              });

      assertThat(caller.untilClosed()).isIn("", "<reset>");
      trickle.interrupt();
    }
  }

  @Test
  void a_whole_head_ends_its_time() {
    hurry();
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(HEAD);
      caller.send(
          "Content-Length: "
              + Rig.embedding("stub-slow-first-byte-1500").length()
              + "\r\n\r\n"
              + Rig.embedding("stub-slow-first-byte-1500"));

      assertThat(caller.until("}")).startsWith("HTTP/1.1 200 ");
    }
  }

  /** Thousands of requests fit into what is read at once. */
  @Test
  void requests_behind_a_slow_call_are_not_decoded_before_their_turn() {
    try (RawCaller caller = new RawCaller(rig)) {
      String slow = Rig.embedding("stub-slow-first-byte-500");
      caller.send(HEAD + "Content-Length: " + slow.length() + "\r\n\r\n" + slow);
      rig.stub.awaitRequests(1, Rig.PATIENCE);
      int more = 500;
      caller.send("GET /x HTTP/1.1\r\n\r\n".repeat(more));

      assertThat(caller.until("}")).startsWith("HTTP/1.1 200 ");
      rig.events.awaitFinished(1 + more);
    }
  }
}
