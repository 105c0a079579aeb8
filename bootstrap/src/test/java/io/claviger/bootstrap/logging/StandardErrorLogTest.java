package io.claviger.bootstrap.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.settings.LogSettings;
import io.claviger.bootstrap.settings.LogSettings.LogFormat;
import io.claviger.bootstrap.settings.LogSettings.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.util.HostPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@Isolated("It replaces the standard error stream of the whole JVM.")
class StandardErrorLogTest {
  private final PrintStream standardError = System.err;

  @AfterEach
  void giveBack() {
    System.setErr(standardError);
    StandardErrorLog.configure(LogSettings.STANDARD);
  }

  @Test
  void text_is_one_line_an_event_whatever_the_message_holds() {
    String log =
        logged(
            new LogSettings(LogLevel.INFO, LogFormat.TEXT, 0),
            () -> LoggerFactory.getLogger("io.claviger.x").info("a\r\nb {}", 1));
    assertThat(log).hasLineCount(1).matches("(?s)\\d{4}-.*Z INFO  io\\.claviger\\.x a b 1\n");
  }

  @Test
  void json_is_one_object_a_line() {
    String log =
        logged(
            new LogSettings(LogLevel.INFO, LogFormat.JSON, 0),
            () -> LoggerFactory.getLogger("io.claviger.x").info("a\n\"b\" {}", 1));
    assertThat(log)
        .hasLineCount(1)
        .startsWith("{")
        .endsWith("}\n")
        .containsPattern(
            "\\{\"timestamp\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\",")
        .contains("\"level\":\"INFO\"", "\"message\":\"a\\n\\\"b\\\" 1\"");
  }

  @Test
  void fields_of_an_event_stand_beside_its_message() {
    String log =
        logged(
            new LogSettings(LogLevel.INFO, LogFormat.JSON, 0),
            () -> {
              MDC.put("request_id", "req_1");
              LoggerFactory.getLogger("io.claviger.x")
                  .atInfo()
                  .addKeyValue("caller", "bob\u2028\t\\")
                  .addKeyValue("status", 200)
                  .addKeyValue("refusal", (Object) null)
                  .addKeyValue("level", "forged")
                  .log("done", new IllegalStateException("odd"));
              MDC.clear();
            });
    assertThat(log)
        .hasLineCount(1)
        .contains("\"message\":\"done\",\"request_id\":\"req_1\",")
        .contains("\"caller\":\"bob\\u2028\\t\\\\\",\"status\":200,\"refusal\":null,")
        .contains("\"exception\":\"java.lang.IllegalStateException: odd\\n")
        .doesNotContain("forged");
  }

  @Test
  void libraries_say_warnings_only_even_where_claviger_says_all() {
    String log =
        logged(
            new LogSettings(LogLevel.TRACE, LogFormat.TEXT, 0),
            () -> {
              LoggerFactory.getLogger("com.library").info("quiet");
              LoggerFactory.getLogger("com.library").warn("loud");
              LoggerFactory.getLogger("io.claviger.x").trace("own");
            });
    assertThat(log).contains("loud", "own").doesNotContain("quiet");
  }

  @Test
  void at_level_error_libraries_say_no_warnings_either() {
    String log =
        logged(
            new LogSettings(LogLevel.ERROR, LogFormat.TEXT, 0),
            () -> LoggerFactory.getLogger("com.library").warn("quiet"));
    assertThat(log).isEmpty();
  }

  /**
   * If a client inserts a line break at the wrong place, the value of the header Host contains the
   * client's token.
   */
  @Test
  void a_malformed_host_is_not_repeated() {
    String log =
        logged(
            LogSettings.STANDARD,
            () ->
                assertThatThrownBy(() -> new HostPort("localhost: Bearer clv_secret"))
                    .isInstanceOf(RuntimeException.class));
    assertThat(log).isEmpty();
  }

  private static String logged(LogSettings settings, Runnable action) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    StandardErrorLog.configure(settings);
    action.run();
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
