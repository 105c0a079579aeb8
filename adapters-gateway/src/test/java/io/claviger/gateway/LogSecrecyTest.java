package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.standards.WireFormat;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** Query strings may contain a token. The log contains neither. */
@Isolated("It reads the log of the whole JVM.")
class LogSecrecyTest {
  private static final String QUERY = "query-canary";

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();
  private final Rig rig = new Rig();

  @BeforeEach
  void hear() {
    rig.lend(WireFormat.GEMINI);
    heard.start();
    root.setLevel(Level.TRACE);
    root.addAppender(heard);
  }

  @AfterEach
  void close() {
    root.detachAppender(heard);
    root.setLevel(before);
    rig.close();
  }

  @Test
  void no_line_of_the_log_holds_a_query_or_a_token() {
    call("&pageToken=" + QUERY, 200);
    call("&unlisted=" + QUERY, 400);
    call("&pageToken=%" + QUERY, 400);
    call("&key=clv_other-" + QUERY, 400);
    call("&pageToken=" + QUERY.repeat(1_000), 414);
    rig.lend(TestService.at("http://127.0.0.1:1", WireFormat.GEMINI));
    call("&pageToken=" + QUERY, 502);
    rig.lend(TestService.at("https://127.0.0.1:" + rig.stub.port(), WireFormat.GEMINI));
    call("&pageToken=" + QUERY, 502);
    rig.authorizer.answer(
        Rig.TOKEN,
        c -> {
          throw new StoreUnavailable(new IOException("gone"));
        });
    call("&pageToken=" + QUERY, 503);
    rig.authorizer.answer(
        Rig.TOKEN,
        c -> {
          throw new IllegalStateException("broken");
        });
    call("&pageToken=" + QUERY, 500);
    rig.events.awaitFinished(9);

    List<String> lines =
        List.copyOf(heard.list).stream().map(e -> e.getFormattedMessage() + thrown(e)).toList();
    assertThat(lines)
        .anyMatch(line -> line.contains("the authorization failed"))
        .anyMatch(line -> line.contains("the database can't be asked"))
        .noneMatch(line -> line.contains(QUERY))
        .noneMatch(line -> line.contains(Rig.TOKEN))
        .noneMatch(line -> line.contains("Zx81"));
  }

  private static String thrown(ILoggingEvent event) {
    return event.getThrowableProxy() == null
        ? ""
        : ThrowableProxyUtil.asString(event.getThrowableProxy());
  }

  private void call(String query, int status) {
    try (RawCaller caller = new RawCaller(rig)) {
      String answer =
          caller
              .send(
                  "GET /gateway/services/alice/my-openai/v1beta/models?key="
                      + Rig.TOKEN
                      + query
                      + " HTTP/1.1\r\nConnection: close\r\n\r\n")
              .untilClosed();

      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    }
  }
}
