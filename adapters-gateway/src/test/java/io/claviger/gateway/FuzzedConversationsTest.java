package io.claviger.gateway;

import static io.claviger.gateway.RawFrames.BINARY;
import static io.claviger.gateway.RawFrames.CLOSE;
import static io.claviger.gateway.RawFrames.CONTINUATION;
import static io.claviger.gateway.RawFrames.LAST;
import static io.claviger.gateway.RawFrames.PING;
import static io.claviger.gateway.RawFrames.PONG;
import static io.claviger.gateway.RawFrames.TEXT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.RawFrames.Frame;
import io.claviger.gateway.head.WebSocketHandshake;
import io.claviger.testkit.http.FuzzRun;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A caller and a provider send random frames. Each message reaches the other side unchanged, in its
 * order and in valid frames. A violation of the protocol ends this connection on both sides with
 * the right code.
 */
@Isolated("It counts the open buffers of the whole JVM.")
class FuzzedConversationsTest {
  private static final int MESSAGES_A_CASE = 20;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final String CREATE = "\"type\":\"response.create\"";
  private static final Pattern NUMBERS = Pattern.compile("\"input\" ?: ?\"(\\d+)\\.(\\d+)\\.");
  private static final Pattern KEY =
      Pattern.compile("sec-websocket-key: *(\\S+)", Pattern.CASE_INSENSITIVE);

  private static final String[] CHARACTERS = {
    "a",
    "B",
    " ",
    "7",
    "{",
    "]",
    ":",
    "é",
    "漢",
    "😀",
    "\u0301",
    "\uFFFD",
    "\\\\",
    "\\n",
    "\\ud800",
    "\\\"type\\\":\\\"response.completed\\\"",
    "\\u0022",
    "sk-stu"
  };
  private static final String[] WHITE = {"", "", "", " ", "\n", "\r\n\t"};
  private static final String[] NOT_UTF_8 = {
    "\u00c3(", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00c0\u0080", "ok\u00e2\u0082"
  };
  private static final int[] RESERVED = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};
  private static final int[] BAD_CODES = {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535};
  private static final int[] GOOD_CODES = {1000, 1001, 1008, 1011, 3000, 4999};

  /** What each provider did and saw, by the number of the case. */
  private final Map<Integer, CompletableFuture<String>> ends = new ConcurrentHashMap<>();

  private long seed;

  @Test
  void messages_pass_as_they_are_and_what_breaks_the_protocol_ends_the_connection() {
    FuzzRun run = FuzzRun.of(4_000, 8);
    seed = run.seed();
    try (LoopbackServer provider = new LoopbackServer(this::provide);
        FuzzedGateway gateway =
            new FuzzedGateway(
                TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI)
                    .from(KeySource.USER))) {
      run.runEach(
          (random, number) -> {
            ends.put(number, new CompletableFuture<>());
            try (Caller caller = new Caller(gateway, random, number)) {
              for (int i = 0; i < MESSAGES_A_CASE; i++) {
                caller.exchange(i);
              }
              caller.leave();
            }
            assertThat(gateway.errors()).isEmpty();
            ends.remove(number);
            return MESSAGES_A_CASE;
          });
    }
  }

  private SplittableRandom random(int number, int message, int what) {
    long mixed = (seed * 31 + number) * 31 + message * 0x9E3779B97F4A7C15L + what;
    return new SplittableRandom(new SplittableRandom(mixed).nextLong());
  }

  private static <T> T any(SplittableRandom random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static String text(SplittableRandom random) {
    int most = random.nextInt(100) == 0 ? 40_000 : random.nextInt(10) == 0 ? 130 : 30;
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }

  /** What asks for a response. It says which it is, so that the provider knows what was sent. */
  private String asked(int number, int message) {
    SplittableRandom random = random(number, message, 0);
    List<String> members = new ArrayList<>();
    members.add(CREATE);
    members.add("\"model\":\"gpt-5\"");
    members.add("\"input\" : \"%d.%d.%s\"".formatted(number, message, text(random)));
    if (random.nextBoolean()) {
      members.add("\"metadata\":{\"type\":\"x\",\"response\":[1e5,{}]}");
    }
    Collections.shuffle(members, new java.util.Random(random.nextLong()));
    String white = WHITE[random.nextInt(WHITE.length)];
    return white + "{" + white + String.join(white + "," + white, members) + "}" + white;
  }

  /** What a provider that is in order sends; the last one ends the response. */
  private List<String> answers(int number, int message) {
    SplittableRandom random = random(number, message, 1);
    List<String> answers = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      answers.add(
          random.nextInt(4) == 0
              ? text(random)
              : "{\"type\":\"response.output_text.delta\",\"delta\":\"" + text(random) + "\"}");
    }
    answers.add(
        any(
            random,
            List.of(
                "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"usage\":{\"input_tokens\":-1}}}",
                "{\"response\":{\"id\":7},\n\"type\":\"response.incomplete\"}",
                "{\"type\":\"response.failed\",\"x\":\"" + text(random) + "\"}",
                "{\"type\":\"error\"}")));
    return answers;
  }

  /** The last exchange of some cases, in which the provider misbehaves after good messages. */
  private Optional<Misdeed> misdeed(int number, int message) {
    SplittableRandom random = random(number, message, 2);
    boolean isDue = message == MESSAGES_A_CASE - 1 && number % 3 == 0;
    return isDue ? Optional.of(Misdeed.of(random, false)) : Optional.empty();
  }

  /**
   * What ends a connection.
   *
   * @param frames the last ones
   * @param codes one of these tells the innocent side; empty where the connection breaks
   * @param isFault whether it is a fault, and not a close
   */
  private record Misdeed(RawFrames frames, List<Integer> codes, boolean isFault) {
    static Misdeed of(SplittableRandom random, boolean masked) {
      RawFrames frames = new RawFrames(masked, random);
      byte[] odd = NOT_UTF_8[random.nextInt(NOT_UTF_8.length)].getBytes(ISO_8859_1);
      return switch (random.nextInt(16)) {
        case 0 -> fault(frames.add(LAST | TEXT, !masked, 0, (byte) '{'), 1002);
        case 1 -> fault(frames.add(LAST | CONTINUATION, "{}"), 1002);
        case 2 -> fault(frames.add(TEXT, "{").add(LAST | TEXT, "}"), 1002);
        case 3 -> fault(frames.add(LAST | TEXT | 0x10 << random.nextInt(3), "{}"), 1002);
        case 4 -> fault(frames.add(LAST | PING, new byte[126]), 1002);
        case 5 -> fault(frames.add(random.nextBoolean() ? PING : CLOSE), 1002);
        case 6 -> fault(frames.add(LAST | RESERVED[random.nextInt(RESERVED.length)]), 1002);
        case 7 -> fault(frames.add(LAST | TEXT, odd), 1007);
        case 8 -> fault(frames.add(TEXT, odd).add(LAST | CONTINUATION), 1007);
        case 9 -> fault(frames.add(LAST | BINARY, "{}"), 1003);
        case 10 -> fault(frames.add(LAST | TEXT, masked, 2, (byte) '{', (byte) '}'), 1002);
        case 11 -> fault(frames.add(LAST | TEXT, masked, 8, (byte) '{', (byte) '}'), 1002);
        case 12 -> {
          int large = random.nextBoolean() ? 0 : 0xff;
          byte[] length = {
            (byte) (LAST | TEXT),
            (byte) (masked ? 0xff : 0x7f),
            (byte) large,
            0,
            0,
            0,
            1,
            0x10,
            0,
            1
          };
          yield new Misdeed(frames.bytes(length).bytes(new byte[4]), List.of(1002, 1009), true);
        }
        case 13 -> {
          int code = BAD_CODES[random.nextInt(BAD_CODES.length)];
          yield fault(
              random.nextBoolean()
                  ? frames.add(LAST | CLOSE, (byte) 3)
                  : frames.add(LAST | CLOSE, (byte) (code >> 8), (byte) code),
              1002);
        }
        case 14 -> {
          int code = GOOD_CODES[random.nextInt(GOOD_CODES.length)];
          yield random.nextInt(4) == 0
              ? new Misdeed(frames.add(LAST | CLOSE), List.of(1005), false)
              : new Misdeed(
                  frames.add(LAST | CLOSE, (byte) (code >> 8), (byte) code), List.of(code), false);
        }
        // Half a frame, and the end of the connection.
        default -> new Misdeed(frames.bytes((byte) (LAST | TEXT)), List.of(), true);
      };
    }

    private static Misdeed fault(RawFrames frames, int code) {
      return new Misdeed(frames, List.of(code), true);
    }

    boolean breaks() {
      return codes.isEmpty();
    }
  }

  private void provide(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    Matcher key = KEY.matcher(head(in));
    assertThat(key.find()).isTrue();
    socket
        .getOutputStream()
        .write(
            ("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: "
                    + WebSocketHandshake.accept(key.group(1))
                    + "\r\n\r\n")
                .getBytes(ISO_8859_1));
    CompletableFuture<String> end = new CompletableFuture<>();
    try {
      Optional<Frame> next = RawFrames.read(in, true);
      while (next.isPresent()) {
        Frame frame = next.get();
        if (frame.opcode() == CLOSE) {
          end.complete("close " + frame.code());
          return;
        }
        if (frame.opcode() == TEXT) {
          Matcher numbers = NUMBERS.matcher(frame.text());
          assertThat(numbers.find()).as(frame.text()).isTrue();
          int number = Integer.parseInt(numbers.group(1));
          int message = Integer.parseInt(numbers.group(2));
          end = ends.getOrDefault(number, end);
          assertThat(frame.text()).isEqualTo(asked(number, message));
          if (answerAndBreak(socket, number, message)) {
            end.complete("broke");
            return;
          }
        }
        next = RawFrames.read(in, true);
      }
      end.complete("no close");
    } catch (AssertionError e) {
      end.complete(e.toString());
    }
  }

  private boolean answerAndBreak(Socket socket, int number, int message) throws IOException {
    SplittableRandom random = random(number, message, 3);
    RawFrames frames = new RawFrames(false, random);
    List<String> answers = answers(number, message);
    Optional<Misdeed> misdeed = misdeed(number, message);
    for (String each : misdeed.isPresent() ? answers.subList(0, answers.size() - 1) : answers) {
      frames.message(
          each.getBytes(UTF_8),
          () -> frames.add(LAST | (random.nextBoolean() ? PING : PONG), "between"));
    }
    misdeed.ifPresent(bad -> frames.bytes(bad.frames().all()));
    write(socket, random, frames.all());
    return misdeed.filter(Misdeed::breaks).isPresent();
  }

  private static void write(Socket socket, SplittableRandom random, byte[] all) throws IOException {
    int from = 0;
    while (from < all.length) {
      int length = random.nextInt(4) > 0 ? all.length : 1 + random.nextInt(all.length);
      int to = Math.min(all.length, from + length);
      socket.getOutputStream().write(all, from, to - from);
      from = to;
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("closed after: %s", head).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  private final class Caller implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;
    private final SplittableRandom random;
    private final int number;
    private final Deque<String> pings = new ArrayDeque<>();

    Caller(FuzzedGateway gateway, SplittableRandom random, int number) throws IOException {
      this.random = random;
      this.number = number;
      socket.connect(gateway.address());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
      socket
          .getOutputStream()
          .write(
              String.join(
                      "\r\n",
                      "GET " + Rig.path("responses") + " HTTP/1.1",
                      "Host: x",
                      "Authorization: Bearer "
                          + (number % 2 == 0 ? FuzzedGateway.AT_ONCE : FuzzedGateway.LATER),
                      "Connection: Upgrade",
                      "Upgrade: websocket",
                      "Sec-WebSocket-Version: 13",
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                      "",
                      "")
                  .getBytes(ISO_8859_1));
      assertThat(head(in)).startsWith("HTTP/1.1 101 ").contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    void exchange(int message) throws IOException {
      Optional<Misdeed> misdeed = misdeed(number, message);
      if (message > 0 && misdeed.isEmpty() && random.nextInt(4) == 0) {
        String unfit =
            any(
                random,
                List.of(
                    "",
                    "{}",
                    "[{" + CREATE + "}]",
                    "{" + CREATE,
                    "{" + CREATE + ",\"Type\":1}",
                    "{" + CREATE + ",\"response\":{}}",
                    "{\"type\":\"" + text(random) + "\"}",
                    text(random)));
        send(unfit);
        assertThat(nextMessage()).as(unfit).contains("\"type\":\"error\"");
        return;
      }
      send(asked(number, message));
      List<String> due = answers(number, message);
      if (misdeed.isPresent()) {
        due = due.subList(0, due.size() - 1);
      }
      for (String each : due) {
        assertThat(nextMessage())
            .as(() -> misdeed.map(bad -> FuzzRun.shown(bad.frames().all())).orElse("good"))
            .isEqualTo(each);
      }
      if (misdeed.isPresent()) {
        checkEnd(misdeed.get());
      }
    }

    private void send(String message) throws IOException {
      RawFrames frames = new RawFrames(true, random);
      frames.message(
          message.getBytes(UTF_8),
          () -> {
            if (random.nextBoolean()) {
              pings.add("é".repeat(random.nextInt(63)));
              frames.add(LAST | PING, pings.getLast());
            } else {
              frames.add(LAST | PONG, "unasked");
            }
          });
      write(socket, random, frames.all());
    }

    private String nextMessage() throws IOException {
      Frame next = next();
      assertThat(next.opcode())
          .as("code %s", next.opcode() == CLOSE ? next.code() : 0)
          .isEqualTo(TEXT);
      return next.text();
    }

    /** The next message or close. Pings are answered in their order. */
    private Frame next() throws IOException {
      while (true) {
        Frame next = RawFrames.read(in, false).orElseThrow(() -> new AssertionError("closed"));
        if (next.opcode() != PONG) {
          return next;
        }
        assertThat(next.text()).isEqualTo(pings.poll());
      }
    }

    private void checkEnd(Misdeed ofProvider) throws IOException {
      if (ofProvider.isFault()) {
        assertThat(nextMessage()).contains("\"type\":\"error\"");
      }
      int code = next().code();
      assertThat(code).isEqualTo(ofProvider.isFault() ? 1011 : ofProvider.codes().getFirst());
      assertThat(providersEnd()).isEqualTo(ofProvider.breaks() ? "broke" : "close " + code);
    }

    /** Ends the connection, if the provider has not. */
    void leave() throws IOException {
      if (number % 3 == 0) {
        checkNothingFollows();
        return;
      }
      Misdeed own = Misdeed.of(random, true);
      write(socket, random, own.frames().all());
      if (own.breaks()) {
        socket.close();
        assertThat(providersEnd()).isEqualTo("close 1001");
        return;
      }
      int code = next().code();
      assertThat(own.codes()).contains(code);
      assertThat(pings).isEmpty();
      assertThat(providersEnd()).isEqualTo("close " + code);
      checkNothingFollows();
    }

    private void checkNothingFollows() throws IOException {
      if (number % 10 == 0) {
        socket.shutdownOutput();
        assertThat(in.read()).isNegative();
      }
    }

    private String providersEnd() {
      try {
        return ends.get(number).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (Exception e) {
        throw new AssertionError("the provider's side did not end", e);
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
