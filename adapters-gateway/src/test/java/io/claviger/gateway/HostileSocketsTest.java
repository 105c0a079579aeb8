package io.claviger.gateway;

import static io.claviger.gateway.RawFrames.BINARY;
import static io.claviger.gateway.RawFrames.CLOSE;
import static io.claviger.gateway.RawFrames.CONTINUATION;
import static io.claviger.gateway.RawFrames.LAST;
import static io.claviger.gateway.RawFrames.PING;
import static io.claviger.gateway.RawFrames.TEXT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.RawFrames.Frame;
import io.claviger.gateway.wire.BodyTimeouts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests invalid handshakes and frames. Another connection of the caller continues to work. */
@Tag("slow")
class HostileSocketsTest {
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";
  private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  private static final String TOKEN = "Authorization: Bearer " + Rig.TOKEN + "\r\n";
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
  private static final String ASK =
      "{\"type\":\"response.create\",\"model\":\"gpt-5\",\"input\":\"Hi\"}";

  @AutoClose private static final Rig rig = new Rig(settings -> settings);

  private SocketCaller neighbour;

  @BeforeEach
  void begin() {
    rig.lend(WireFormat.OPENAI);
    neighbour = new SocketCaller(rig, Rig.path("responses"));
  }

  @AfterEach
  void theOtherConnectionWasNotTouched() {
    try (SocketCaller other = neighbour) {
      assertThat(other.messages()).isEmpty();
      assertThat(other.send(ASK).await(1, "response.completed")).isNotEmpty();
    }
    rig.events.await(() -> rig.events.openConnections() == 0);
    Rig.await(() -> rig.stub.openConnections() == 0);
  }

  private static String handshake(String path, String lines) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n";
  }

  /** A field of the handshake with a wrong value. */
  private enum Wrong {
    NO_CONNECTION(lines -> lines.replace("Connection: Upgrade\r\n", ""), 400),
    OTHER_UPGRADE(lines -> lines.replace("websocket\r\n", "websocket, h2c\r\n"), 400),
    TWO_UPGRADES(lines -> lines + "Upgrade: websocket\r\n", 400),
    NO_KEY(lines -> lines.replace(KEY, ""), 400),
    TWO_KEYS(lines -> lines + KEY, 400),
    SHORT_KEY(lines -> lines.replace("dGhlIHNhbXBsZSBub25jZQ==", "dGhl"), 400),
    NO_BASE64(lines -> lines.replace("dGhlIHNhbXBsZSBub25jZQ==", "!"), 400),
    NO_VERSION(lines -> lines.replace(VERSION, ""), 400),
    OLD_VERSION(lines -> lines.replace("Version: 13", "Version: 8"), 400),
    TWO_VERSIONS(lines -> lines + VERSION, 400),
    BODY(lines -> lines + "Content-Length: 2\r\n", 400),
    CHUNKS(lines -> lines + "Transfer-Encoding: chunked\r\n", 400),
    EXPECTATION(lines -> lines + "Expect: 100-continue\r\n", 400),
    UNKNOWN_PROTOCOL(lines -> lines + "Sec-WebSocket-Protocol: graphql-ws\r\n", 400),
    TWO_TOKENS(lines -> lines + "api-key: another-token\r\n", 400),
    NO_TOKEN(lines -> lines.replace(TOKEN, ""), 401),
    BAD_TOKEN(lines -> lines.replace(Rig.TOKEN, "nobody"), 401);

    private final UnaryOperator<String> change;
    private final int status;

    Wrong(UnaryOperator<String> change, int status) {
      this.change = change;
      this.status = status;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_handshake_with_a_wrong_field_is_refused(Wrong wrong) {
    try (RawCaller caller = new RawCaller(rig)) {
      String lines = wrong.change.apply(UPGRADE + KEY + VERSION + TOKEN);
      assertThat(caller.send(handshake(Rig.path("responses"), lines)).until("\r\n"))
          .startsWith("HTTP/1.1 " + wrong.status + " ");
    }
  }

  private static RawFrames frames() {
    return new RawFrames(true, new SplittableRandom(1));
  }

  /** Sends frames and returns the code with which the gateway closes. */
  private static int closing(String lines, RawFrames sent) {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(handshake(Rig.path("responses"), UPGRADE + KEY + VERSION + TOKEN + lines));
      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
      caller.send(new String(sent.all(), ISO_8859_1));
      InputStream in = new ByteArrayInputStream(caller.untilClosed().getBytes(ISO_8859_1));
      Optional<Frame> next = RawFrames.read(in, false);
      while (next.filter(frame -> frame.opcode() != CLOSE).isPresent()) {
        next = RawFrames.read(in, false);
      }
      return next.orElseThrow().code();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void frames_that_break_the_protocol_close_with_its_code() {
    assertThat(closing("", frames().add(LAST | TEXT, false, 0, (byte) '{')))
        .as("no mask")
        .isEqualTo(1002);
    assertThat(closing("", frames().add(LAST | CONTINUATION, "{}"))).isEqualTo(1002);
    assertThat(closing("", frames().add(TEXT, "{").add(LAST | TEXT, "}"))).isEqualTo(1002);
    assertThat(closing("", frames().add(LAST | PING, new byte[126]))).isEqualTo(1002);
    assertThat(closing("", frames().add(PING))).as("a ping in parts").isEqualTo(1002);
    assertThat(closing("", frames().add(LAST | 0x40 | TEXT, "{}"))).as("not asked").isEqualTo(1002);
    assertThat(closing("", frames().add(LAST | 3, "{}"))).as("reserved").isEqualTo(1002);
    assertThat(closing("", frames().add(LAST | BINARY, "{}"))).isEqualTo(1003);
    assertThat(closing("", frames().add(LAST | TEXT, (byte) 0xc3, (byte) 0x28))).isEqualTo(1007);
    assertThat(closing("", frames().add(LAST | CLOSE))).as("no code").isEqualTo(1005);
    assertThat(closing("", frames().add(LAST | CLOSE, (byte) 3))).isEqualTo(1002);
  }

  @Test
  void a_message_whose_end_does_not_come_ends_the_connection() throws IOException {
    BodyTimeouts hasty = new BodyTimeouts(Duration.ofMillis(200), Duration.ofMinutes(1), 60 << 10);
    try (Rig impatient = new Rig(settings -> settings.withBodyPatience(hasty));
        RawCaller caller = new RawCaller(impatient)) {
      impatient.lend(WireFormat.OPENAI);
      caller.send(handshake(Rig.path("responses"), UPGRADE + KEY + VERSION + TOKEN));
      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
      caller.send(new String(frames().add(TEXT, "{").all(), ISO_8859_1));

      Optional<Frame> close = RawFrames.read(caller.in(), false);
      assertThat(close.map(Frame::opcode)).contains(CLOSE);
      assertThat(close.map(Frame::code)).contains(1008);
    }
  }

  @Test
  void a_message_in_parts_without_end_is_bounded() {
    RawFrames parts = frames().add(TEXT, new byte[1 << 20]);
    for (int i = 0; i < 16; i++) {
      parts.add(CONTINUATION, new byte[1 << 20]);
    }
    assertThat(closing("", parts)).isEqualTo(1009);
  }

  private static byte[] deflated(byte[] input) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(input);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    byte[] piece = new byte[1 << 16];
    int n = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
    while (n > 0) {
      whole.write(piece, 0, n);
      n = n < piece.length ? 0 : deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
    }
    deflater.end();
    byte[] all = whole.toByteArray();
    return java.util.Arrays.copyOf(all, all.length - 4);
  }

  @Test
  void compressed_messages_are_bounded_and_only_those_who_asked_send_them() {
    byte[] bomb = deflated(new byte[64 << 20]);
    assertThat(closing(DEFLATE, frames().add(LAST | 0x40 | TEXT, bomb))).isEqualTo(1009);
    assertThat(closing(DEFLATE, frames().add(LAST | 0x40 | TEXT, "garbage"))).isEqualTo(1007);
    assertThat(closing(DEFLATE, frames().add(LAST | 0x20 | TEXT, "{}"))).isEqualTo(1002);
    assertThat(closing(DEFLATE, frames().add(LAST | 0x40 | PING, "{}"))).isEqualTo(1002);
    byte[] odd = deflated(new byte[] {(byte) 0xc3, (byte) 0x28});
    assertThat(closing(DEFLATE, frames().add(LAST | 0x40 | TEXT, odd))).isEqualTo(1007);
  }

  @Test
  void a_compressed_message_is_read_like_any_other() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(handshake(Rig.path("responses"), UPGRADE + KEY + VERSION + TOKEN + DEFLATE));
      assertThat(caller.until("\r\n\r\n"))
          .containsIgnoringCase(
              "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
                  + " client_no_context_takeover\r\n");
      RawFrames ask = frames().add(LAST | 0x40 | TEXT, deflated(ASK.getBytes(UTF_8)));
      assertThat(caller.send(new String(ask.all(), ISO_8859_1)).until("response.created"))
          .isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "permessage-deflate; client_max_window_bits, true",
    "'permessage-deflate; server_max_window_bits=9, permessage-deflate', true",
    "permessage-deflate; server_max_window_bits=9, false",
    "permessage-deflate; unheard_of, false",
    "x-webkit-deflate-frame, false"
  })
  void offers_that_the_gateway_cant_keep_are_declined(String offer, boolean taken) {
    try (RawCaller caller = new RawCaller(rig)) {
      String lines =
          UPGRADE + KEY + VERSION + TOKEN + "Sec-WebSocket-Extensions: " + offer + "\r\n";
      String head = caller.send(handshake(Rig.path("responses"), lines)).until("\r\n\r\n");
      assertThat(head).startsWith("HTTP/1.1 101 ");
      assertThat(head.contains("permessage-deflate;")).isEqualTo(taken);
    }
  }

  @Test
  void a_provider_that_closes_at_once_or_answers_nothing_is_told_apart() {
    try (RawProvider closes = new RawProvider("", true);
        RawProvider silent = new RawProvider("", false)) {
      rig.lend(TestService.at("http://127.0.0.1:" + closes.port() + "/v1", WireFormat.OPENAI));
      assertThat(refusal()).startsWith("HTTP/1.1 502 ");
      rig.lend(
          TestService.at("http://127.0.0.1:" + silent.port() + "/v1", WireFormat.OPENAI)
              .timeout(300));
      assertThat(refusal()).startsWith("HTTP/1.1 504 ");
    }
    rig.lend(WireFormat.OPENAI);
  }

  private static String refusal() {
    try (RawCaller caller = new RawCaller(rig)) {
      return caller
          .send(handshake(Rig.path("responses"), UPGRADE + KEY + VERSION + TOKEN))
          .untilErrorEnds();
    }
  }
}
