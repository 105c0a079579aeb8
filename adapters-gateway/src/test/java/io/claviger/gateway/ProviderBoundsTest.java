package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the limits on what a hostile provider can make the gateway keep in memory or reveal. */
@Tag("slow")
class ProviderBoundsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String BODY = "Content-Length: 2\r\n\r\nok";
  private static final String HALF_KEY = TestService.KEY.substring(0, TestService.KEY.length() / 2);
  private static final String OTHER_HALF = TestService.KEY.substring(TestService.KEY.length() / 2);

  @AutoClose private final Rig rig = new Rig();

  @Test
  void an_answer_of_201_fields_is_502_and_one_of_200_is_passed_on() {
    assertThat(get(OK + "a:\r\n".repeat(199) + BODY).status()).isEqualTo(200);
    assertUnusable(get(OK + "a:\r\n".repeat(200) + BODY));
  }

  @Test
  void a_head_without_end_is_refused_amid_it() {
    assertUnusable(get(OK + "a:\r\n".repeat(300)));
    assertUnusable(get(OK + "a: " + "x".repeat(20_000)));
    assertUnusable(get("HTTP/1.1 200 " + "x".repeat(20_000)));
    assertUnusable(get("\r\n".repeat(20)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n ", "\r\n\t", "\n ", "\r\n   ", "\r\n \r\n "})
  void a_folded_line_is_502_since_a_key_could_be_split_by_it(String fold) {
    TestResponse got =
        get(OK + "X-Ratelimit-Echo: " + HALF_KEY + fold + OTHER_HALF + "\r\n" + BODY);

    assertUnusable(got);
    assertThat(got.headers().map().toString()).doesNotContain(HALF_KEY).doesNotContain(OTHER_HALF);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\0", "\r\r\n "})
  void control_characters_within_a_value_are_502(String control) {
    assertUnusable(
        get(OK + "X-Ratelimit-Echo: " + HALF_KEY + control + OTHER_HALF + "\r\n" + BODY));
  }

  @Test
  void sixteen_announcements_are_skipped_and_more_are_502() {
    String early = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";

    assertThat(get(early.repeat(16) + OK + BODY).status()).isEqualTo(200);
    assertUnusable(get(early.repeat(17) + OK + BODY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "020", "099", "600", "999"})
  void a_status_that_no_answer_has_is_502(String status) {
    String answer = "HTTP/1.1 " + status + " Odd\r\nContent-Length: 100000\r\n\r\n";

    assertUnusable(get(answer + "x".repeat(100_000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {": 7}}", "HTTP/1.1 200 OK", "\r\n", "\r"})
  void what_follows_an_answer_does_not_meet_the_next_call(String rest) {
    try (RawProvider provider = new RawProvider(OK + BODY + rest, false)) {
      lend(provider);
      for (int call = 1; call <= 3; call++) {
        TestResponse got = rig.get("models");

        assertThat(got.status()).isEqualTo(200);
        assertThat(provider.connections()).isEqualTo(call);
      }
    }
  }

  @Test
  void trailers_of_201_fields_break_the_answer() {
    String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n";
    try (RawProvider provider = new RawProvider(chunked + "a:\r\n".repeat(201) + "\r\n", false);
        RawCaller caller = new RawCaller(rig)) {
      lend(provider);
      caller.send(RawCaller.head("GET", "models") + "\r\n");

      assertThat(caller.untilClosed()).doesNotContain("0\r\n\r\n");
    }
    assertThat(rig.events.awaitFinished(1).code()).contains("provider_answer_unusable");
  }

  @Tag("thorough")
  @Test
  void an_answer_in_chunks_of_one_byte_is_passed_on_whole() {
    int bytes = 200_000;
    String chunks = "1\r\nx\r\n".repeat(bytes) + "0\r\n\r\n";

    TestResponse got = get(OK + "Transfer-Encoding: chunked\r\n\r\n" + chunks);

    assertThat(got.body()).isEqualTo("x".repeat(bytes));
  }

  /**
   * The answer has not begun while its head arrives line by line, or while only statuses below 200
   * arrive.
   */
  @ParameterizedTest
  @ValueSource(strings = {"a: b\r\n", "HTTP/1.1 102 Processing\r\n\r\n"})
  void what_is_not_the_answer_does_not_end_the_providers_silence(String part) throws IOException {
    int timeout = 500;
    try (ServerSocket provider = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      rig.lend(
          TestService.at("http://127.0.0.1:" + provider.getLocalPort(), WireFormat.OPENAI)
              .timeout(timeout));
      Thread unused = Thread.startVirtualThread(() -> trickle(provider, part, timeout / 5));

      TestResponse got = rig.get("models");

      assertThat(got.status()).isEqualTo(504);
    }
  }

  /** Fifteen lines: longer than the timeout in all, and fewer than the limit. */
  private static void trickle(ServerSocket provider, String part, int millis) {
    try (Socket socket = provider.accept()) {
      OutputStream out = socket.getOutputStream();
      if (!part.startsWith("HTTP/")) {
        out.write(OK.getBytes(US_ASCII));
      }
      for (int i = 0; i < 15; i++) {
        out.write(part.getBytes(US_ASCII));
        out.flush();
        LockSupport.parkNanos(millis * 1_000_000L);
      }
      out.write(((part.startsWith("HTTP/") ? OK : "") + BODY).getBytes(US_ASCII));
      int end = socket.getInputStream().read();
      while (end >= 0) {
        end = socket.getInputStream().read();
      }
    } catch (IOException over) {
      // The gateway has given up, as expected.
    }
  }

  private static void assertUnusable(TestResponse got) {
    assertThat(got.status()).isEqualTo(502);
    assertThat(got.values("x-claviger-error")).containsExactly("provider_answer_unusable");
  }

  private TestResponse get(String answer) {
    try (RawProvider provider = new RawProvider(answer, false)) {
      lend(provider);
      return rig.get("models");
    }
  }

  private void lend(RawProvider provider) {
    rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI));
  }
}
