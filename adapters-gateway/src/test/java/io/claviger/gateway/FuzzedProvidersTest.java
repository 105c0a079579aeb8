package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.FuzzRun;
import io.claviger.testkit.http.Message;
import io.claviger.testkit.http.StrictReader;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A provider answers with random bytes. The caller gets a valid answer that is their own and does
 * not contain the key, or a broken answer if the provider's answer was broken.
 */
@Isolated("It counts the open buffers of the whole JVM.")
class FuzzedProvidersTest {
  /** Above this a gateway may refuse what a provider says before and in an answer's head. */
  private static final int MOST_BYTES_TO_PASS = 8_000;

  private static final int MOST_FIELDS_TO_PASS = 60;
  private static final int MOST_CLOSED_AT_ONCE = 3;
  private static final int CALLS_A_CASE = 20;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final Set<String> VERDICTS_ON_THE_PROVIDER =
      Set.of(
          "provider_answer_unusable",
          "provider_broke_off",
          "provider_timeout",
          "provider_rejected_key",
          "provider_redirected");

  @Tag("slow")
  @Test
  void each_call_gets_its_own_answer_or_the_verdict_that_the_provider_is_at_fault() {
    FuzzRun run = FuzzRun.of(20_000, 16);
    try (FuzzedProvider provider = new FuzzedProvider(run.seed());
        FuzzedGateway gateway =
            new FuzzedGateway(
                TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI))) {
      run.runEach(
          (random, number) -> {
            try (Caller caller = new Caller(gateway)) {
              for (int i = 0; i < CALLS_A_CASE; i++) {
                call(caller, provider, number * CALLS_A_CASE + i);
              }
            }
            assertThat(gateway.errors()).isEmpty();
            return CALLS_A_CASE;
          });
    }
  }

  private static void call(Caller caller, FuzzedProvider provider, int number) throws IOException {
    FuzzedProvider.Reaction reaction = provider.reaction(number);
    Optional<Message> got = caller.call(number);
    for (int i = 0;
        i < MOST_CLOSED_AT_ONCE && got.filter(FuzzedProvidersTest::brokeOff).isPresent();
        i++) {
      got = caller.call(number);
    }
    try {
      assertThat(caller.received()).doesNotContain(TestService.KEY);
      if (got.isPresent()) {
        checkSecrecy(got.get());
        check(reaction, got.get());
      } else {
        assertThat(reaction.read())
            .as("an answer was broken off")
            .doesNotMatch(FuzzedProvidersTest::isInOrder);
      }
    } catch (AssertionError e) {
      throw new AssertionError(
          "call %d: %s%nthe provider sent (closed: %s):%n%s%nthe caller got:%n%s"
              .formatted(
                  number,
                  e.getMessage(),
                  reaction.closed(),
                  FuzzRun.shown(reaction.bytes()),
                  FuzzRun.shown(caller.received().getBytes(ISO_8859_1))),
          e);
    }
  }

  /**
   * A provider may close a kept connection at the moment when the gateway uses it again. A call may
   * fail for this reason, but the same call must not always fail.
   */
  private static boolean brokeOff(Message answer) {
    return answer.values("x-claviger-error").contains("provider_broke_off");
  }

  private static boolean isInOrder(StrictReader.Result result) {
    return result instanceof StrictReader.Whole whole && !whole.message().refusable();
  }

  /** A key may contain spaces. */
  private static void checkSecrecy(Message answer) {
    for (Message.Field field : answer.fields()) {
      assertThat(field.value().replaceAll("\\s", "")).doesNotContain(TestService.KEY);
    }
    assertThat(new String(answer.body(), ISO_8859_1)).doesNotContain(TestService.KEY);
  }

  private static void check(FuzzedProvider.Reaction reaction, Message got) {
    List<String> verdict = got.values("x-claviger-error");
    if (!verdict.isEmpty()) {
      assertThat(verdict).isSubsetOf(VERDICTS_ON_THE_PROVIDER);
      assertThat(!verdict.contains("provider_timeout") || reaction.silent())
          .as("timed out")
          .isTrue();
    }
    switch (reaction.read()) {
      case StrictReader.Whole whole -> {
        if (verdict.isEmpty()) {
          checkPassed(whole.message(), got);
        } else {
          assertThat(verdict).as("a verdict on a good answer").isSubsetOf(due(reaction, whole));
        }
      }
      case StrictReader.Incomplete incomplete ->
          assertThat(verdict).as("half an answer was passed on as a whole one").isNotEmpty();
      case StrictReader.Malformed malformed ->
          assertThat(verdict.isEmpty() && got.status() >= 500 && !names(reaction, got.status()))
              .as("a status that nobody gave")
              .isFalse();
    }
  }

  private static boolean names(FuzzedProvider.Reaction reaction, int status) {
    return new String(reaction.bytes(), ISO_8859_1).contains(Integer.toString(status));
  }

  /** Asserts that the key is replaced by asterisks, and that everything else is unchanged. */
  private static void checkPassed(Message from, Message got) {
    assertThat(got.status()).isEqualTo(from.status());
    if (from.status() == 429) { // may tell of others, and gets another body unless it is empty
      if (from.body().length == 0 && got.body().length == 0) {
        return;
      }
      assertThat(new String(got.body(), ISO_8859_1))
          .containsAnyOf("rate_limit_exceeded", "insufficient_quota");
      return;
    }
    assertThat(got.body()).hasSameSizeAs(from.body());
    for (int i = 0; i < got.body().length; i++) {
      if (got.body()[i] != from.body()[i]) {
        assertThat((char) got.body()[i]).as("byte " + i).isEqualTo('*');
      }
    }
  }

  /** Which outcomes are correct for a well-formed answer. */
  private static Set<String> due(FuzzedProvider.Reaction reaction, StrictReader.Whole whole) {
    Message answer = whole.message();
    if (answer.end() < reaction.bytes().length) {
      return VERDICTS_ON_THE_PROVIDER; // more than an answer is none
    }
    if (answer.status() == 401) {
      return Set.of("provider_rejected_key", "provider_answer_unusable");
    }
    if (answer.status() >= 300 && answer.status() < 400) {
      return Set.of("provider_redirected", "provider_answer_unusable");
    }
    List<String> codings = answer.values("content-encoding");
    boolean coded =
        codings.size() > 1 || codings.stream().anyMatch(c -> !c.equalsIgnoreCase("identity"));
    int head = answer.end() - answer.body().length;
    boolean immoderate =
        answer.status() > 599
            || answer.refusable()
            || answer.fields().size() > MOST_FIELDS_TO_PASS
            || answer.values("content-length").size() > 1
            || head > MOST_BYTES_TO_PASS;
    return coded || immoderate ? Set.of("provider_answer_unusable") : Set.of();
  }

  /** Makes one call after the other, on a connection as long as it lasts. */
  private static final class Caller implements AutoCloseable {
    private final FuzzedGateway gateway;
    private Socket socket = new Socket();
    private byte[] bytes = new byte[1 << 12];
    private int length;

    Caller(FuzzedGateway gateway) {
      this.gateway = gateway;
    }

    /** The answer; none where it was broken off. */
    Optional<Message> call(int number) throws IOException {
      if (!socket.isConnected() || socket.isClosed()) {
        socket = new Socket();
        socket.connect(gateway.address());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
      }
      length = 0;
      socket
          .getOutputStream()
          .write(
              String.join(
                      "\r\n",
                      "GET /gateway/services/alice/my-openai/models/fuzz-%d HTTP/1.1",
                      "Host: x",
                      "Authorization: Bearer %s",
                      "",
                      "")
                  .formatted(number, number % 2 == 0 ? FuzzedGateway.AT_ONCE : FuzzedGateway.LATER)
                  .getBytes(ISO_8859_1));
      Optional<Message> got = read();
      if (got.isEmpty() || got.get().closes()) {
        socket.close();
      }
      return got;
    }

    private Optional<Message> read() throws IOException {
      while (true) {
        int count = receive();
        length += Math.max(0, count);
        StrictReader.Result result = StrictReader.answer(bytes, 0, length, "GET", count < 0);
        if (result instanceof StrictReader.Malformed malformed) {
          throw new AssertionError(
              "the gateway's own answer is malformed: " + malformed + received());
        }
        if (result instanceof StrictReader.Whole whole) {
          assertThat(whole.message().end()).as("bytes behind an answer").isEqualTo(length);
          return Optional.of(whole.message());
        }
        if (count < 0) {
          return Optional.empty();
        }
      }
    }

    private int receive() throws IOException {
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
      return socket.getInputStream().read(bytes, length, bytes.length - length);
    }

    String received() {
      return new String(bytes, 0, length, ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
