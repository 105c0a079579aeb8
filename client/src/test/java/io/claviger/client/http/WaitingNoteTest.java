package io.claviger.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingNoteTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CountDownLatch written = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private WaitingNote note(boolean seen) {
    PrintStream out =
        new PrintStream(bytes, true, StandardCharsets.UTF_8) {
          @Override
          public void flush() {
            super.flush();
            written.countDown();
          }
        };
    return new WaitingNote(
        out,
        "claviger.example.com",
        () -> {
          asked.countDown();
          return seen;
        });
  }

  @Test
  void whoever_waits_for_a_second_is_told_for_whom_and_the_line_is_removed() throws Exception {
    long began = System.nanoTime();
    try (WaitingNote note = note(true)) {
      note.begin();
      assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
      note.end();
    }
    assertThat(said()).contains("claviger.example.com: 1 s").endsWith("\r\u001b[K");
  }

  @Test
  void elsewhere_than_on_a_terminal_nothing_is_written() throws Exception {
    try (WaitingNote note = note(false)) {
      note.begin();
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      note.end();
    }
    assertThat(said()).isEmpty();
  }

  @Test
  void a_short_request_is_not_mentioned() {
    try (WaitingNote note = note(true)) {
      note.begin();
      note.end();
    }
    assertThat(said()).isEmpty();
    assertThat(asked.getCount()).isEqualTo(1);
  }
}
