package io.claviger.bootstrap.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.settings.LogSettings;
import io.claviger.bootstrap.settings.LogSettings.LogFormat;
import io.claviger.bootstrap.settings.LogSettings.LogLevel;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.GatewayEvents.EndedWebSocket;
import io.claviger.testkit.RecordCopy;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("It replaces the standard error stream of the whole JVM.")
class CallLogTest {
  private static final CallDescription DONE =
      new CallDescription(
          "req_1",
          "203.0.113.9",
          Optional.of(new Handle("bob")),
          Optional.of(Instance.Ref.of("alice/my-openai")),
          Optional.of(Project.Ref.of("carol/corpus")),
          Optional.of("gpt-5"),
          "POST",
          "chat/completions",
          200,
          Optional.empty(),
          120,
          3401,
          20_500_000,
          412_345,
          0,
          Optional.empty(),
          Optional.empty());
  private static final CallDescription ANONYMOUS =
      new CallDescription(
          "req_2",
          "203.0.113.9",
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          "GET",
          "models",
          200,
          Optional.empty(),
          0,
          0,
          0,
          1_000,
          0,
          Optional.empty(),
          Optional.empty());
  private static final CallDescription REFUSED =
      with(Map.of("path", "a b\nINFO forged", "status", 401, "refusal", Optional.of("bad_token")));

  /** A copy of {@link #ANONYMOUS} in which these components have other values. */
  private static CallDescription with(Map<String, Object> parts) {
    CallDescription call = ANONYMOUS;
    for (Map.Entry<String, Object> part : parts.entrySet()) {
      call = RecordCopy.with(call, part.getKey(), part.getValue());
    }
    return call;
  }

  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @AfterEach
  void give_back() {
    System.setErr(standardError);
    StandardErrorLog.configure(LogSettings.STANDARD);
  }

  @Test
  void a_call_is_a_line_with_its_fields_in_json() {
    assertThat(logged(LogFormat.JSON, DONE))
        .hasLineCount(1)
        .contains("\"logger\":\"io.claviger.calls\"")
        .contains(
            "\"request_id\":\"req_1\",\"caller\":\"bob\",\"address\":\"203.0.113.9\","
                + "\"service\":\"alice/my-openai\",\"project\":\"carol/corpus\",\"model\":\"gpt-5\","
                + "\"method\":\"POST\",\"operation\":\"chat/completions\",\"status\":200,"
                + "\"refusal\":null,\"bytes_in\":120,\"bytes_out\":3401,"
                + "\"milliseconds\":0.412,\"provider_milliseconds\":20.5}");
  }

  @Test
  void a_call_that_waited_for_its_turn_says_for_how_long() {
    CallDescription waited = with(Map.of("providerNanos", 20_500_000L, "waitedNanos", 1_500_000L));

    assertThat(logged(LogFormat.JSON, waited))
        .contains("\"provider_milliseconds\":20.5,\"waited_milliseconds\":1.5}");
  }

  @Test
  void a_web_socket_says_for_how_long_it_was_open_and_why_it_ended() {
    CallDescription webSocket =
        with(
            Map.of(
                "path",
                "realtime",
                "status",
                101,
                "webSocket",
                Optional.of(new EndedWebSocket("caller_closed", Duration.ofMillis(2_500), 214, 3)),
                "conversed",
                Optional.of(new CallDescription.Conversed(new UUID(0, 7), 51, 6))));

    assertThat(logged(LogFormat.JSON, webSocket))
        .contains(
            "\"open_seconds\":2.5,\"messages\":214,\"responses\":3,"
                + "\"ended_by\":\"caller_closed\","
                + "\"connection\":\"00000000-0000-0000-0000-000000000007\","
                + "\"input_tokens\":51,\"output_tokens\":6}");
    written.reset();
    assertThat(logged(LogFormat.TEXT, webSocket))
        .endsWith(
            " connection=00000000-0000-0000-0000-000000000007, 51 tokens in, 6 tokens out"
                + " open for 2.5 s, 214 messages, 3 responses, ended by caller_closed\n");
  }

  @Test
  void a_call_is_a_line_of_text_otherwise_and_nobody_can_forge_another() {
    assertThat(logged(LogFormat.TEXT, DONE))
        .hasLineCount(1)
        .endsWith(
            " INFO  io.claviger.calls POST alice/my-openai through carol/corpus chat/completions"
                + " 200 0.412 ms here, 20.5 ms at the provider, 120 B in, 3401 B out request=req_1"
                + " user=bob model=gpt-5\n");
    written.reset();
    assertThat(logged(LogFormat.TEXT, REFUSED))
        .hasLineCount(1)
        .contains("GET - a?b?INFO?forged 401 ")
        .endsWith("request=req_2 user=- refusal=bad_token\n");
  }

  @Test
  void of_calls_that_succeed_one_of_so_many_is_wanted_and_of_those_that_fail_each() {
    try (CallLog log = CallLog.start(100)) {
      assertThat(IntStream.range(0, 1_000).filter(i -> log.wants(true, false)).count())
          .isEqualTo(10);
      assertThat(IntStream.range(0, 50).allMatch(i -> log.wants(true, true))).isTrue();
    }
  }

  @Test
  void calls_of_anybody_can_not_fill_the_log() {
    try (CallLog log = CallLog.start(1)) {
      long begun = System.nanoTime() / 1_000_000_000;
      long wanted = IntStream.range(0, 100_000).filter(i -> log.wants(false, true)).count();
      long seconds = System.nanoTime() / 1_000_000_000 - begun + 1;
      assertThat(wanted).isBetween(1L, seconds * CallLog.MOST_UNAUTHORIZED_A_SECOND);
    }
  }

  @Test
  void lines_that_were_left_out_are_counted() {
    assertThat(
            logged(
                LogFormat.JSON,
                log -> IntStream.range(0, 100_000).forEach(i -> log.wants(false, true))))
        .contains("\"left_out\":9");
  }

  @Test
  void while_the_log_is_stuck_a_bounded_number_of_lines_waits_and_no_call_does() {
    CountDownLatch stuck = new CountDownLatch(1);
    StuckStream log = new StuckStream(stuck, written);
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    StandardErrorLog.configure(new LogSettings(LogLevel.INFO, LogFormat.TEXT, 1));
    try (CallLog calls = CallLog.start(1)) {
      IntStream.range(0, 20_000).forEach(i -> calls.add(DONE));
      stuck.countDown();
    }
    List<String> lines = written.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines.stream().filter(line -> line.contains("request=req_1")).count())
        .isBetween((long) CallLog.MOST_WAITING, CallLog.MOST_WAITING + CallLog.AT_ONCE + 1L);
    assertThat(lines).anyMatch(line -> line.contains("calls were left out of this log"));
  }

  /** Takes nothing until it is released. */
  private static final class StuckStream extends FilterOutputStream {
    private final CountDownLatch released;

    StuckStream(CountDownLatch released, OutputStream to) {
      super(to);
      this.released = released;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      out.write(bytes, from, length);
    }
  }

  @Test
  void where_none_is_wanted_or_would_be_shown_none_is_described() {
    try (CallLog off = CallLog.start(0);
        CallLog on = CallLog.start(1)) {
      assertThat(off.wants(true, true)).isFalse();
      assertThat(on.wants(true, false)).isTrue();
      StandardErrorLog.configure(new LogSettings(LogLevel.WARN, LogFormat.TEXT, 1));
      assertThat(on.wants(true, true)).isFalse();
    }
  }

  private String logged(LogFormat format, CallDescription call) {
    return logged(format, log -> log.add(call));
  }

  private String logged(LogFormat format, Consumer<CallLog> action) {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    StandardErrorLog.configure(new LogSettings(LogLevel.INFO, format, 1));
    try (CallLog log = CallLog.start(1)) {
      action.accept(log);
    }
    return written.toString(StandardCharsets.UTF_8);
  }
}
