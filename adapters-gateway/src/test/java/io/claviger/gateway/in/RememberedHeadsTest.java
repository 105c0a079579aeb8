package io.claviger.gateway.in;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.gateway.DecoderChannel;
import io.claviger.gateway.head.RememberedRequest;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection that remembers heads decodes, beside one that has none to remember. */
class RememberedHeadsTest {
  private static final String TOKEN = "Authorization: Bearer clv_0123456789\r\n";
  private static final String HEAD =
      "POST /gateway/services/alice/s/embeddings HTTP/1.1\r\nHost: h\r\n" + TOKEN;

  /** Fields, and beginnings of fields, that decide where a request ends or who makes it. */
  private static final List<String> FIELDS =
      List.of(
          "Content-Length: 5\r\n",
          "Content-Length: 5\r\n",
          "Content-Length: 12\r\n",
          "content-length:5\r\n",
          "Content-Length: 0\r\n",
          "Content-Length: 05\r\n",
          "Content-Length: +5\r\n",
          "Content-Length: 5, 5\r\n",
          "Content-Length: 5 \r\n",
          "Content-Length : 5\r\n",
          "Content-Length: 99999999999999999999\r\n",
          "Content-Length: 5\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding : chunked\r\n",
          "X-A: Content-Length: 7\r\n",
          " Content-Length: 7\r\n",
          "Expect: 100-continue\r\n",
          "Upgrade: websocket\r\n",
          "Connection: close\r\n",
          "X-A: b\r\n",
          "x-a: b\r\n",
          "X-A: \u00e9\r\n",
          "X-A: b\r\n\tc\r\n",
          TOKEN,
          TOKEN.replace('9', '8'));

  /** One connection, and what was decoded on it. */
  private static final class Connection implements AutoCloseable {
    private final DecoderChannel channel =
        new DecoderChannel(new CallerDecoder(new CallerDecoderTest.Taker()));
    private final StringBuilder decoded = new StringBuilder();
    private int remembered;
    private boolean broken;

    Connection send(String bytes) {
      channel.send(bytes);
      for (HttpObject part = channel.read(); part != null; part = channel.read()) {
        note(part);
      }
      return this;
    }

    private void note(HttpObject part) {
      broken |= part.decoderResult().isFailure();
      if (part instanceof HttpRequest request) {
        remembered += request instanceof RememberedRequest ? 1 : 0;
        decoded
            .append("\n")
            .append(request.method())
            .append(request.uri())
            .append(request.protocolVersion())
            .append(request.decoderResult().isSuccess());
        if (request.decoderResult().isSuccess()) {
          request
              .headers()
              .iteratorCharSequence()
              .forEachRemaining(
                  field -> decoded.append("|" + field.getKey() + ":" + field.getValue()));
        }
        decoded.append('#');
      }
      if (part instanceof HttpContent content) {
        decoded.append(content.content().toString(ISO_8859_1));
        content.release();
      }
      if (part instanceof LastHttpContent last) {
        decoded.append('.').append(last.trailingHeaders().size());
      }
    }

    boolean isOver() {
      return decoded.length() > 1 && decoded.charAt(decoded.length() - 2) == '.';
    }

    @Override
    public void close() {
      channel.close();
    }
  }

  private static String first(String name, String value) {
    return HEAD + name + ": " + value + "\r\n\r\n";
  }

  /** What is decoded of each message on a connection of its own, until one is malformed. */
  private static String plainly(List<String> messages) {
    StringBuilder all = new StringBuilder();
    for (String message : messages) {
      try (Connection one = new Connection().send(message)) {
        all.append(one.decoded);
        if (one.broken) {
          break;
        }
      }
    }
    return all.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void heads_at_random_are_decoded_as_if_each_were_the_first(int seed) {
    Random random = new Random(seed);
    int remembered = 0;
    for (int history = 0; history < 150; history++) {
      List<String> messages = new ArrayList<>();
      List<String> heads = new ArrayList<>(List.of(head(random)));
      for (int i = 0; i < 12; i++) {
        String head = heads.get(random.nextInt(heads.size()));
        if (random.nextInt(3) == 0) {
          head = changed(head, random);
          heads.add(head);
        }
        messages.add(whole(head));
      }
      String expected = plainly(wellEnded(messages));
      try (Connection kept = new Connection()) {
        String stream = String.join("", wellEnded(messages));
        for (int at = 0; at < stream.length() && !kept.broken; ) {
          int to = Math.min(stream.length(), at + 1 + random.nextInt(history % 2 == 0 ? 3 : 400));
          kept.send(stream.substring(at, to));
          at = to;
        }
        assertThat(kept.decoded.toString())
            .as("history %d of %d", history, seed)
            .isEqualTo(expected);
        remembered += kept.remembered;
      }
    }
    assertThat(remembered).isGreaterThan(150);
  }

  /** The messages up to the first one that is malformed or has not ended. */
  private static List<String> wellEnded(List<String> messages) {
    List<String> ended = new ArrayList<>();
    for (String message : messages) {
      ended.add(message);
      try (Connection one = new Connection().send(message)) {
        if (one.broken || !one.isOver() || one.decoded.lastIndexOf("\n") > 0) {
          return ended;
        }
      }
    }
    return ended;
  }

  private static String head(Random random) {
    StringBuilder head = new StringBuilder(HEAD);
    for (int i = random.nextInt(3); i > 0; i--) {
      head.append(FIELDS.get(random.nextInt(FIELDS.size())));
    }
    return head.append("Content-Length: 5\r\n\r\n").toString();
  }

  /** A head that differs in a byte, a field, or the order of its fields. */
  private static String changed(String head, Random random) {
    List<String> lines = new ArrayList<>(List.of(head.split("(?<=\n)")));
    int at = random.nextInt(lines.size() - 1);
    switch (random.nextInt(6)) {
      case 0 -> lines.set(at, changedByte(lines.get(at), random));
      case 1 -> lines.add(1 + at, FIELDS.get(random.nextInt(FIELDS.size())));
      case 2 -> lines.remove(at);
      case 3 -> lines.add(1, lines.remove(lines.size() - 2));
      case 4 -> lines.replaceAll(line -> line.replace(": 5\r", ": " + random.nextInt(30) + "\r"));
      default -> lines.set(0, lines.get(0).replace("POST", random.nextBoolean() ? "GET" : "PUT"));
    }
    return String.join("", lines);
  }

  private static String changedByte(String line, Random random) {
    int at = random.nextInt(line.length());
    char other = (char) (random.nextInt(4) == 0 ? random.nextInt(256) : 32 + random.nextInt(95));
    return line.substring(0, at) + other + line.substring(at + 1);
  }

  /** The head with a body that is as long as the decoder takes it to be. */
  private static String whole(String head) {
    String body = head.toLowerCase(Locale.ROOT).contains("chunked") ? "3\r\nabc\r\n0\r\n\r\n" : "";
    try (Connection one = new Connection().send(head + body)) {
      StringBuilder message = new StringBuilder(head + body);
      for (int i = 0; i < 32 && !one.broken && !one.isOver(); i++) {
        message.append('b');
        one.send("b");
      }
      return message.toString();
    }
  }

  @Test
  void a_head_is_taken_from_memory_wherever_its_bytes_are_split() {
    String message = first("Content-Length", "5") + "hello";
    String expected = plainly(List.of(message, message));
    for (int at = 1; at < message.length(); at++) {
      try (Connection kept = new Connection()) {
        kept.send(message).send(message.substring(0, at)).send(message.substring(at));

        assertThat(kept.decoded.toString()).isEqualTo(expected);
        assertThat(kept.remembered).isEqualTo(2);
      }
    }
  }

  @Test
  void a_token_that_differs_in_one_byte_is_read_anew() {
    String message = first("Content-Length", "0");
    int from = message.indexOf("clv_");
    for (int at = from; at < from + 14; at++) {
      String other = message.substring(0, at) + "~" + message.substring(at + 1);
      try (Connection kept = new Connection()) {
        kept.send(message).send(message).send(other);

        assertThat(kept.decoded.toString()).isEqualTo(plainly(List.of(message, message, other)));
      }
    }
  }

  /** As a proxy sends the calls of several programs on one connection. */
  @Test
  void the_heads_of_several_programs_are_remembered_side_by_side() {
    List<String> messages = new ArrayList<>();
    for (int call = 0; call < 5; call++) {
      for (int program = 0; program < RememberedHeads.MOST_HEADS; program++) {
        messages.add(
            first("Content-Length", Integer.toString(call)).replace('9', (char) ('a' + program))
                + "x".repeat(call));
      }
    }
    try (Connection kept = new Connection()) {
      kept.send(String.join("", messages));

      assertThat(kept.decoded.toString()).isEqualTo(plainly(messages));
      assertThat(kept.remembered).isEqualTo(messages.size());
    }
  }

  @Test
  void the_oldest_head_gives_way_to_a_new_one() {
    RememberedHeads heads = new RememberedHeads();
    for (int i = 0; i <= RememberedHeads.MOST_HEADS; i++) {
      HttpRequest unused = kept(heads, first("X-Id", "id" + i));
    }

    assertThat(found(heads, first("X-Id", "id0"))).isFalse();
    for (int i = 1; i <= RememberedHeads.MOST_HEADS; i++) {
      assertThat(found(heads, first("X-Id", "id" + i))).isTrue();
    }
    heads.forget();
    assertThat(found(heads, first("X-Id", "id1"))).isFalse();
  }

  @Test
  void large_heads_leave_room_for_fewer() {
    RememberedHeads heads = new RememberedHeads();
    String large = "x".repeat(RememberedHeads.MOST_BYTES_IN_ALL / 3);
    for (int i = 0; i < 3; i++) {
      HttpRequest unused = kept(heads, first("X-" + i, large));
    }

    assertThat(found(heads, first("X-0", large))).isFalse();
    assertThat(found(heads, first("X-1", large))).isTrue();
    assertThat(found(heads, first("X-2", large))).isTrue();
  }

  private static HttpRequest kept(RememberedHeads heads, String head) {
    return heads.keep(
        Unpooled.copiedBuffer(head, ISO_8859_1),
        0,
        head.length(),
        decoded(new HttpRequestDecoder(), head));
  }

  private static boolean found(RememberedHeads heads, String head) {
    return heads.find(Unpooled.copiedBuffer(head, ISO_8859_1), head.length()) != null;
  }

  @Test
  void a_body_of_another_length_is_read_to_its_end() {
    try (Connection kept = new Connection()) {
      List<String> messages = new ArrayList<>();
      for (int length : new int[] {5, 5, 0, 12, 12, 131_072, 9, 10}) {
        messages.add(first("Content-Length", Integer.toString(length)) + "x".repeat(length));
      }
      kept.send(String.join("", messages));

      assertThat(kept.decoded.toString()).isEqualTo(plainly(messages));
      assertThat(kept.remembered).isEqualTo(8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 05",
        "Content-Length: +5",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5, 5",
        "Content-Length: 0x5",
        "Content-Length: 5\r\n folded",
        "Content-Length: 4294967301"
      })
  void a_length_that_is_not_plain_is_judged_by_the_decoder(String field) {
    String usual = first("Content-Length", "5") + "hello";
    String odd = HEAD + field + "\r\n\r\nhello";
    try (Connection kept = new Connection()) {
      kept.send(usual).send(usual).send(odd);

      assertThat(kept.decoded.toString()).isEqualTo(plainly(List.of(usual, usual, odd)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Transfer-Encoding: chunked", "Upgrade: websocket", "Expect: 100-continue"})
  void a_head_that_changes_how_the_connection_is_read_is_not_remembered(String field) {
    String body = field.startsWith("T") ? "1\r\nx\r\n0\r\n\r\n" : "";
    try (Connection kept = new Connection()) {
      kept.send((HEAD + field + "\r\n\r\n" + body).repeat(3));

      assertThat(kept.remembered).isZero();
    }
  }

  @Test
  void a_large_head_is_not_remembered() {
    String fits = first("X-A", "x".repeat(RememberedHeads.MOST_BYTES - HEAD.length() - 9));
    try (Connection kept = new Connection()) {
      kept.send(fits).send(fits.replace("X-A", "X-AB"));

      assertThat(fits).hasSize(RememberedHeads.MOST_BYTES);
      assertThat(kept.remembered).isEqualTo(1);
    }
  }

  @Test
  void a_connection_whose_heads_all_differ_stops_to_remember_them() {
    try (Connection kept = new Connection()) {
      for (int i = 0; i <= RememberedHeads.MOST_MISSES; i++) {
        kept.send(first("X-Id", "id" + i));
      }
      int before = kept.remembered;
      kept.send(first("X-Id", "same").repeat(3));

      assertThat(kept.remembered).isEqualTo(before);
    }
  }

  @Test
  void what_a_remembered_head_has_cannot_be_changed() {
    HttpHeaders headers =
        decoded(new CallerDecoder(new CallerDecoderTest.Taker()), first("X-A", "b")).headers();

    List<ThrowingCallable> changes =
        List.of(
            () -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer other"),
            () -> headers.set("x-a", List.of("c")),
            () -> headers.set(HttpHeaderNames.HOST, List.of("c")),
            () -> headers.add("x-a", List.of("c")),
            () -> headers.add("x-a", "c"),
            () -> headers.add(new DefaultHttpHeaders().add("x-b", "c")),
            () -> headers.set(new DefaultHttpHeaders().add("x-b", "c")),
            () -> headers.setAll(new DefaultHttpHeaders().add("x-b", "c")),
            () -> headers.addInt("x-a", 1),
            () -> headers.setShort("x-a", (short) 1),
            () -> headers.remove("x-a"),
            () -> headers.remove(HttpHeaderNames.HOST),
            headers::clear);
    assertThat(changes)
        .allSatisfy(
            change -> assertThatThrownBy(change).isInstanceOf(UnsupportedOperationException.class));
    assertThat(headers.copy().set("x-a", "c").get("X-A")).isEqualTo("c");
    assertThat(headers.get("X-A")).isEqualTo("b");
    assertThat(headers.entries()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "x, Close", "keep-alive", "x", "Keep-Alive, x", "x,close ,y"})
  void a_remembered_head_says_of_its_connection_what_a_decoded_one_says(String said) {
    String message = first("Connection", said);
    HttpRequest plain = decoded(new HttpRequestDecoder(), message);
    HttpRequest remembered = decoded(new CallerDecoder(new CallerDecoderTest.Taker()), message);

    assertThat(remembered).isInstanceOf(RememberedRequest.class);
    assertThat(HttpUtil.isKeepAlive(remembered)).isEqualTo(HttpUtil.isKeepAlive(plain));
    assertThat(remembered.headers().containsValue("connection", "x", true))
        .isEqualTo(plain.headers().containsValue("connection", "x", true));
  }

  private static HttpRequest decoded(ChannelHandler decoder, String message) {
    try (DecoderChannel channel = new DecoderChannel(decoder)) {
      channel.send(message);
      return channel.read();
    }
  }
}
