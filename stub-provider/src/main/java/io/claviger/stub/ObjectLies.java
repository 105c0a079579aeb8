package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gives wrong answers about stored objects, which could mislead a gateway. */
final class ObjectLies {
  private static final Pattern ID =
      Pattern.compile(
          "\"(?:id|name)\"\\s*:\\s*\""
              + "((?:[a-z]+[-_]|(?:files|cachedContents|batches)/)[A-Za-z0-9-]{9,})\"");
  private static final Pattern LIST =
      Pattern.compile("\"(data|files|cachedContents|operations)\"\\s*:\\s*\\[");
  private static final Pattern ORIGIN = Pattern.compile("https?://[^/\"]+");
  private static final String FOREIGN_SHAPES =
      "null, 7, true, \"text\", [], [{}], {}, {\"id\": null}, {\"id\": 7}, {\"id\": {}}, "
          + "{\"id\": \"\"}, {\"name\": []}, {\"id\": \"../files\"}";
  private static final int ENTRIES_AT_ONCE = 256;

  private ObjectLies() {}

  /** Returns a behaviour that sends a healthy answer with a changed body. */
  private static Consumer<StubExchange> changing(BiFunction<StubCall, String, String> change) {
    return exchange -> {
      StubCall call = exchange.call();
      String whole = whole(exchange);
      @Nullable TextStream stream = call.route().operation().streamed(call);
      String type = stream == null ? "application/json" : stream.contentType();
      exchange.send(StubResponse.of(200, type, change.apply(call, whole).getBytes(UTF_8)));
    };
  }

  /** Returns the body of the healthy answer, even if this answer would be a stream. */
  private static String whole(StubExchange exchange) {
    StubCall call = exchange.call();
    @Nullable TextStream stream = call.route().operation().streamed(call);
    return stream == null
        ? new String(call.route().operation().answer(call).body(), UTF_8)
        : stream.opening() + stream.piece(call.reply()) + stream.closing(call.reply());
  }

  private static String replaceFirstId(String body, String replacement) {
    Matcher id = ID.matcher(body);
    return id.find()
        ? body.substring(0, id.start(1)) + replacement + body.substring(id.end(1))
        : body;
  }

  private static String firstId(String body) {
    Matcher id = ID.matcher(body);
    return id.find() ? id.group(1) : "";
  }

  /**
   * States the id of another object of the same account, or a nonexistent id if the account has no
   * other object.
   */
  static void otherId(StubExchange exchange) {
    changing((call, body) -> replaceFirstId(body, otherThan(call, firstId(body)))).accept(exchange);
  }

  private static String otherThan(StubCall call, String id) {
    for (Account.Kind kind : Account.Kind.values()) {
      BoundedObjects objects = call.account().of(kind);
      if (objects.get(id) != null) {
        for (String other : objects.ids()) {
          if (!other.equals(id)) {
            return other;
          }
        }
      }
    }
    return id.replaceFirst(".{4}$", "0lie");
  }

  /** States two ids in the same JSON object. The second id is the true one. */
  static void twoIds(StubExchange exchange) {
    changing(
            (call, body) -> {
              Matcher id = ID.matcher(body);
              if (!id.find()) {
                return body;
              }
              String lie = id.group().replace(id.group(1), otherThan(call, id.group(1)));
              return body.substring(0, id.start()) + lie + ", " + body.substring(id.start());
            })
        .accept(exchange);
  }

  /** Sends a response in which the id of the object is missing. */
  static void noId(StubExchange exchange) {
    changing((call, body) -> ID.matcher(body).replaceAll("\"was\": \"an id\"")).accept(exchange);
  }

  static Consumer<StubExchange> longId(MatchResult found) {
    String id = "file-1" + "x".repeat(Integer.parseInt(found.group(1)));
    return changing((call, body) -> replaceFirstId(body, id));
  }

  /** Puts another host into every URL in the headers and in the body. */
  static void foreignUrl(StubExchange exchange) {
    StubCall call = exchange.call();
    StubResponse proper = call.route().operation().answer(call);
    String body = new String(proper.body(), UTF_8);
    StubResponse lie =
        StubResponse.of(proper.status(), proper.contentType(), foreign(body).getBytes(UTF_8));
    for (RecordedRequest.Header header : proper.headers()) {
      lie = lie.with(header.name(), foreign(header.value()));
    }
    exchange.send(lie);
  }

  private static String foreign(String text) {
    return ORIGIN.matcher(text).replaceAll("https://elsewhere.example");
  }

  /** Puts entries that are not objects of the API into a list. */
  static void foreignList(StubExchange exchange) {
    changing(
            (call, body) -> {
              Matcher list = LIST.matcher(body);
              if (!list.find()) {
                return body;
              }
              boolean empty = body.substring(list.end()).stripLeading().startsWith("]");
              return body.substring(0, list.end())
                  + FOREIGN_SHAPES
                  + (empty ? "" : ", ")
                  + body.substring(list.end());
            })
        .accept(exchange);
  }

  /** Answers with a list of this many entries, sent no faster than the caller reads it. */
  static Consumer<StubExchange> list(int entries) {
    return exchange -> {
      exchange.open(StubResponse.of(200, "application/json", new byte[0]), null);
      exchange.write("{\"object\": \"list\", \"has_more\": false, \"data\": [");
      int[] sent = {0};
      exchange.writePieces(
          () -> {
            StringBuilder piece = new StringBuilder();
            for (int i = 0; i < ENTRIES_AT_ONCE && sent[0] < entries; i++) {
              piece
                  .append(sent[0]++ == 0 ? "" : ", ")
                  .append("{\"id\": \"")
                  .append(ObjectIds.of("file-", sent[0]))
                  .append("\", \"object\": \"file\"}");
            }
            exchange.write(piece.toString());
            if (sent[0] < entries) {
              return true;
            }
            exchange.write("]}");
            exchange.end();
            return false;
          });
    };
  }

  /** Closes the connection within the answer, before the first id in the answer. */
  static void endBeforeId(StubExchange exchange) {
    String whole = whole(exchange);
    Matcher id = ID.matcher(whole);
    endAt(exchange, whole, id.find() ? id.start() : whole.length() / 2);
  }

  /** Closes the connection within the answer, after the first id in the answer. */
  static void endAfterId(StubExchange exchange) {
    String whole = whole(exchange);
    Matcher id = ID.matcher(whole);
    endAt(exchange, whole, id.find() ? id.end() : whole.length() / 2);
  }

  private static void endAt(StubExchange exchange, String whole, int end) {
    StubCall call = exchange.call();
    @Nullable TextStream stream = call.route().operation().streamed(call);
    byte[] bytes = whole.getBytes(UTF_8);
    StubResponse head =
        StubResponse.of(
            200, stream == null ? "application/json" : stream.contentType(), new byte[0]);
    exchange.open(head, stream == null ? (Long) (long) bytes.length : null);
    exchange.write(Unpooled.wrappedBuffer(whole.substring(0, end).getBytes(UTF_8)));
    exchange.whenWritten(exchange::close);
  }
}
