package io.claviger.gateway.strangers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.gateway.strangers.Grammar.Piece;
import io.claviger.gateway.strangers.Grammar.Shape;
import io.claviger.gateway.strangers.Grammar.Use;
import io.claviger.testkit.http.Mutation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/** Makes the requests of one caller from a grammar. */
final class Composer {
  /** What has to become of a request. */
  enum Fate {
    /**
     * The request refers to nothing and leaves nothing at the provider, so it has to be forwarded.
     */
    PASSES,
    /** The request must be refused, and the message must not depend on the object. */
    IS_REFUSED,
    /** Only the rules decide that hold for every request. */
    OPEN
  }

  /**
   * A request below the URL of a service.
   *
   * @param operation method and path as the grammar has them
   * @param piece the piece of the grammar that matters, if it was sent as it is written there
   * @param named the object to which the request refers, if it refers to one alone
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record Request(
      Shape shape,
      String operation,
      String method,
      String target,
      List<String> fields,
      byte[] body,
      boolean chunked,
      Fate fate,
      Account.@Nullable Thing named,
      @Nullable Piece piece) {}

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern REFERENCE = Pattern.compile("\\$ref:([a-z]+)");
  private static final Pattern INSIDE = Pattern.compile("\\$ref:[a-z]+/[a-z]");
  private static final String NAMES = "lookup_weather";
  private static final String TYPE = "Content-Type: ";

  private final SplittableRandom random;
  private final Account account;
  private final Grammar grammar;
  private final List<String> kinds;
  private final String caller;
  private final int heldBytes;
  private final boolean stores;

  private Account.@Nullable Thing named;
  private int references;
  private int foreign;

  /**
   * @param kinds the kinds that the format's grammar has
   * @param heldBytes how many bytes of a body the gateway reads at most
   * @param stores whether callers may store objects, and refer to their own
   */
  Composer(
      SplittableRandom random,
      Account account,
      Grammar grammar,
      List<String> kinds,
      String caller,
      int heldBytes,
      boolean stores) {
    this.stores = stores;
    this.random = random;
    this.account = account;
    this.grammar = grammar;
    this.kinds = kinds;
    this.caller = caller;
    this.heldBytes = heldBytes;
  }

  Request next() {
    named = null;
    references = 0;
    foreign = 0;
    int dice = random.nextInt(100);
    if (dice < (stores ? 45 : 10)) {
      return elsewhere(oneOf(grammar.shapes(false)));
    }
    Shape shape = weighted(grammar.shapes(true));
    String operation = oneOf(shape.operations);
    if (operation.startsWith("GET ")) {
      return get(shape, operation);
    }
    List<Piece> forms = shape.pieces(Use.FORM);
    if (!forms.isEmpty() && (shape.pieces(Use.BASE).isEmpty() || oneIn(2))) {
      return form(shape, operation);
    }
    return json(shape, operation, dice);
  }

  // Bodies in JSON

  private Request json(Shape shape, String operation, int dice) {
    ObjectNode body = oneOf(shape.pieces(Use.BASE)).json().deepCopy();
    List<Piece> allowed = shape.pieces(Use.ALLOWED);
    for (int i = random.nextInt(4); i > 0 && !allowed.isEmpty(); i--) {
      Grammar.merge(body, oneOf(allowed).json());
    }
    Piece piece = null;
    Fate fate = Fate.PASSES;
    Use use = dice < 50 ? null : dice < 85 ? Use.REFERENCE : dice < 92 ? Use.STORING : Use.DOUBTFUL;
    List<Piece> all = use == null ? List.of() : shape.pieces(use);
    if (!all.isEmpty()) {
      piece = oneOf(all);
      Grammar.merge(body, piece.json());
      boolean kept = use != Use.STORING || !operation.contains("responses/");
      fate = use != Use.DOUBTFUL && kept ? Fate.IS_REFUSED : Fate.OPEN;
    }
    ObjectNode filled = (ObjectNode) filled(body);
    if (stores && (foreign == 0 || use != Use.REFERENCE)) {
      fate = Fate.OPEN;
    }
    if (fate != Fate.IS_REFUSED && oneIn(12)) {
      strange(filled);
      fate = Fate.OPEN;
    }
    boolean odd = fate == Fate.IS_REFUSED && oneIn(2);
    OddWriter writer = new OddWriter(random, odd ? piece : null);
    byte[] bytes = writer.write(filled).getBytes(UTF_8);
    if (odd) {
      fate = Fate.OPEN;
    }
    List<String> fields = new ArrayList<>(List.of(TYPE + "application/json"));
    if (oneIn(8)) {
      byte[] encoded = encoded(bytes, fields);
      fate = encoded == bytes ? fate : Fate.OPEN;
      bytes = encoded;
    } else if (oneIn(20)) {
      bytes = Mutation.of(bytes, random);
      fate = Fate.OPEN;
    } else if (oneIn(300)) {
      bytes = padded(bytes);
      fate = bytes.length <= heldBytes ? fate : Fate.OPEN;
    }
    if (oneIn(30)) {
      fields.set(0, TYPE + oneOf(TYPES));
      fate = Fate.OPEN;
    }
    if (oneIn(10)) {
      fields.add("Idempotency-Key: raw-key-" + caller);
    }
    String target = target(operation, shape);
    if (oneIn(25)) {
      target = strangeTarget(target);
      fate = Fate.OPEN;
    }
    return new Request(
        shape,
        operation,
        "POST",
        target,
        fields,
        bytes,
        oneIn(10),
        fate,
        references == 1 ? named : null,
        fate == Fate.OPEN ? null : piece);
  }

  private static final List<String> TYPES =
      List.of(
          "text/plain",
          "application/json; charset=utf-16",
          "application/json; charset=iso-8859-1",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/vnd.api+json",
          "APPLICATION/JSON;charset=\"UTF-8\"",
          "application/octet-stream",
          "");

  /** A member that no grammar has, with an id as its whole value. */
  private void strange(ObjectNode body) {
    String id = account.anyFormed(kinds).id();
    named = null;
    ObjectNode into = body;
    for (JsonNode inner :
        body.findValues(oneOf(List.of("content", "tools", "parts", "messages")))) {
      if (oneIn(2) && inner.isArray() && inner.size() > 0 && inner.get(0) instanceof ObjectNode o) {
        into = o;
      }
    }
    String name = oneOf(STRANGE_NAMES);
    switch (random.nextInt(4)) {
      case 0 -> into.put(name, id);
      case 1 -> into.putArray(name).add(id);
      case 2 -> into.putObject(name).put("id", id);
      default -> into.putArray(name).addObject().putArray("ids").add("x").add(id);
    }
  }

  private static final List<String> STRANGE_NAMES =
      List.of(
          "source_file",
          "resume_from",
          "attachments",
          "file_id",
          "file_ids",
          "fileUri",
          "parent",
          "knowledge",
          "x",
          "extra_body",
          "response_id",
          "thread",
          "memory",
          "cached_content",
          "container",
          "resource");

  private byte[] encoded(byte[] bytes, List<String> fields) {
    String text = new String(bytes, UTF_8);
    return switch (random.nextInt(16)) {
      case 0 -> ("\uFEFF" + text).getBytes(UTF_8);
      case 1 -> text.getBytes(Charset.forName("UTF-16LE"));
      case 2 -> text.getBytes(Charset.forName("UTF-16BE"));
      case 3 -> text.getBytes(Charset.forName("UTF-16"));
      case 4 -> text.getBytes(Charset.forName("UTF-32BE"));
      case 5 -> {
        fields.add("Content-Encoding: gzip");
        yield zipped(bytes);
      }
      case 6 -> zipped(bytes);
      case 7 -> {
        fields.add("Content-Encoding: " + oneOf(List.of("br", "zstd", "identity, gzip", "x-gzip")));
        yield zipped(bytes);
      }
      case 8 -> (text + "}").getBytes(UTF_8);
      case 9 -> ("{}\n" + text).getBytes(UTF_8);
      case 10 -> (text + "\n{\"model\": \"gpt-4.1-mini\"}").getBytes(UTF_8);
      case 11 -> ("[" + text + "]").getBytes(UTF_8);
      case 12 -> text.substring(0, text.length() - 1).getBytes(UTF_8);
      case 13 -> ("/* */" + text).getBytes(UTF_8);
      case 14 -> text.replace('"', '\'').getBytes(UTF_8);
      default -> (")]}'\n" + text).getBytes(UTF_8);
    };
  }

  private static byte[] zipped(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Blanks up to about as many bytes as the gateway reads. */
  private byte[] padded(byte[] bytes) {
    int size = heldBytes - 2 + random.nextInt(5);
    StringBuilder text = new StringBuilder(new String(bytes, UTF_8));
    int at = oneIn(2) ? 1 : text.length() - 1;
    text.insert(at, " ".repeat(Math.max(0, size - bytes.length)));
    return text.toString().getBytes(UTF_8);
  }

  // Other requests

  private Request get(Shape shape, String operation) {
    String target = target(operation, shape);
    boolean asWritten = named == null;
    return new Request(
        shape,
        operation,
        "GET",
        target,
        List.of(),
        new byte[0],
        false,
        asWritten ? Fate.PASSES : Fate.OPEN,
        null,
        null);
  }

  private Request form(Shape shape, String operation) {
    boolean refers = !shape.pieces(Use.REFERENCE_IN_FORM).isEmpty() && oneIn(2);
    Piece piece = oneOf(shape.pieces(refers ? Use.REFERENCE_IN_FORM : Use.FORM));
    String boundary = "----boundary-of-" + caller;
    StringBuilder body = new StringBuilder();
    for (var field : filled(piece.json()).properties()) {
      String value =
          field.getValue() instanceof POJONode reference
              ? ((Account.Thing) reference.getPojo()).id()
              : field.getValue().asString();
      String name = "name=\"" + field.getKey() + "\"";
      body.append("--")
          .append(boundary)
          .append("\r\nContent-Disposition: form-data; ")
          .append(name);
      body.append(
          value.equals("<file>")
              ? "; filename=\"a.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                  + "x".repeat(random.nextInt(300))
              : "\r\n\r\n" + value);
      body.append("\r\n");
    }
    body.append("--").append(boundary).append("--\r\n");
    byte[] bytes = body.toString().getBytes(UTF_8);
    Fate fate = refers ? Fate.IS_REFUSED : Fate.PASSES;
    if (stores && foreign == 0) {
      fate = Fate.OPEN;
    }
    if (oneIn(10)) {
      bytes = Mutation.of(bytes, random);
      fate = Fate.OPEN;
    }
    String quoted = oneIn(2) ? boundary : "\"" + boundary + "\"";
    return new Request(
        shape,
        operation,
        "POST",
        operation.substring(5),
        List.of(TYPE + "multipart/form-data; boundary=" + quoted),
        bytes,
        oneIn(3),
        fate,
        named,
        fate == Fate.OPEN ? null : piece);
  }

  /** An operation that is not lent. */
  private Request elsewhere(Shape shape) {
    String operation = oneOf(shape.operations);
    String method = operation.substring(0, operation.indexOf(' '));
    boolean bare = method.equals("GET") || method.equals("DELETE") || oneIn(6);
    String target = target(operation, shape);
    boolean inside = INSIDE.matcher(operation).find() && foreign < references;
    Fate fate = stores && foreign > 0 && !shape.never && !inside ? Fate.IS_REFUSED : Fate.OPEN;
    Account.Thing alone = references == 1 ? named : null;
    if (oneIn(4)) {
      target = strangeTarget(target);
      fate = Fate.OPEN;
    }
    if (!bare && oneIn(4) && !shape.pieces(Use.FORM).isEmpty()) {
      Request form = form(shape, operation);
      return new Request(
          shape,
          operation,
          method,
          target,
          form.fields(),
          form.body(),
          false,
          Fate.OPEN,
          null,
          null);
    }
    ObjectNode body = oneOf(shape.pieces(Use.BASE)).json().deepCopy();
    if (!shape.pieces(Use.REFERENCE).isEmpty() && oneIn(2)) {
      Grammar.merge(body, oneOf(shape.pieces(Use.REFERENCE)).json());
    }
    if (oneIn(20)) {
      method = oneOf(List.of("PUT", "PATCH", "HEAD", "GET", "POST", "DELETE"));
      fate = Fate.OPEN;
    }
    byte[] written =
        bare ? new byte[0] : new OddWriter(random, null).write(filled(body)).getBytes(UTF_8);
    return new Request(
        shape,
        operation,
        method,
        target,
        bare ? List.of() : List.of(TYPE + "application/json"),
        written,
        false,
        fate,
        bare ? alone : null,
        null);
  }

  private String target(String operation, Shape shape) {
    String path = withIds(operation.substring(operation.indexOf(' ') + 1));
    List<Piece> queries = shape.pieces(Use.QUERY);
    return queries.isEmpty() || !oneIn(3) ? path : path + "?" + withIds(oneOf(queries).text());
  }

  private String withIds(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(m -> Matcher.quoteReplacement(reference(m.group(1)).id()));
  }

  /** Returns the target as an attacker might write it, so that programs read it differently. */
  private String strangeTarget(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    String id = account.anyFormed(kinds).id();
    return switch (random.nextInt(12)) {
      case 0 -> "/" + target;
      case 1 -> "v1/" + target;
      case 2 -> path.replaceFirst("/", "//");
      case 3 -> path.replaceFirst("/", "%2F");
      case 4 -> path + "/" + id;
      case 5 -> path + "?file_id=" + id;
      case 6 -> path + "?alt=sse&cachedContent=" + id + "&beta=" + id;
      case 7 -> path + "%2f..%2f..%2ffiles%2f" + id;
      case 8 -> "models/../files/" + id;
      case 9 -> path + ";x=" + id;
      case 10 -> "models/" + id;
      default -> path + "?limit=" + id + "&after_id=" + id + "&pageToken=" + id;
    };
  }

  // What the marks of a grammar stand for

  private JsonNode filled(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode filled = JSON.createObjectNode();
      object
          .properties()
          .forEach(
              e ->
                  filled.set(
                      e.getKey().equals("*") ? "note" + random.nextInt(9) : e.getKey(),
                      filled(e.getValue())));
      return filled;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode filled = JSON.createArrayNode();
      array.forEach(each -> filled.add(filled(each)));
      return filled;
    }
    return node.isString() ? filled(node.asString()) : node;
  }

  private JsonNode filled(String mark) {
    if (mark.startsWith("$ref:")) {
      return JSON.getNodeFactory().pojoNode(reference(mark.substring(5)));
    }
    if (mark.startsWith("$item:")) {
      String id = stores ? "msg_" + random.nextLong(1L << 60) : account.any("item").id();
      return text(mark.substring(6) + id.substring(id.indexOf('_') + 1));
    }
    return switch (mark) {
      case "$text" -> text(words());
      case "$plain" -> text("some words with " + Account.canary(caller));
      case "$name" ->
          text(
              !stores && oneIn(4)
                  ? account.anyFormed(kinds).id().replaceAll("[^A-Za-z0-9_-]", "_")
                  : NAMES);
      case "$key" -> text("raw-key-" + (oneIn(2) ? "of-all" : caller));
      case "$free" -> free();
      default -> text(mark);
    };
  }

  private Account.Thing reference(String kind) {
    Account.Thing thing = account.any(kind);
    named = thing;
    references++;
    foreign += thing.maker().equals(caller) ? 0 : 1;
    return thing;
  }

  private static JsonNode text(String value) {
    return JSON.getNodeFactory().stringNode(value);
  }

  /** What people write, in which ids are only words. */
  private String words() {
    if (stores) {
      return "Hello, I am " + Account.canary(caller);
    }
    String id = account.anyFormed(kinds).id();
    String canary = Account.canary(caller);
    return switch (random.nextInt(12)) {
      case 0 -> id;
      case 1 -> id + " ";
      case 2 -> "Please read " + id + " and remember " + canary;
      case 3 -> "{\"file_id\": \"" + id + "\", \"note\": \"" + canary + "\"}";
      case 4 -> "file_id=" + id + "\n\t\"previous_response_id\"";
      case 5 -> "\u00fc\u4e2d\ud83d\ude00\u0000\u2028 " + canary;
      case 6 -> oneIn(20) ? canary.repeat(200) : "resp_";
      default -> "Hello, I am " + canary;
    };
  }

  /** Any JSON, as in a schema or in arguments of a tool. */
  private JsonNode free() {
    if (stores) {
      return JSON.createObjectNode().put("type", "object");
    }
    String id = account.anyFormed(kinds).id();
    ObjectNode free = JSON.createObjectNode();
    free.put("type", "object");
    ObjectNode member = free.putObject("properties").putObject("file_id").put("type", "string");
    switch (random.nextInt(4)) {
      case 0 -> member.putArray("enum").add(id);
      case 1 -> member.put("default", id).put("description", id);
      case 2 -> free.put("file_id", id).put("container", id);
      default -> free.putObject("input").putArray("file_ids").addObject().put("id", id);
    }
    return free;
  }

  private Shape weighted(List<Shape> shapes) {
    int left = random.nextInt(shapes.stream().mapToInt(Shape::weight).sum());
    int chosen = 0;
    while (left >= shapes.get(chosen).weight()) {
      left -= shapes.get(chosen).weight();
      chosen++;
    }
    return shapes.get(chosen);
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** Returns the request with another object of the same kind. */
  static Request with(Request request, Account.Thing other) {
    Account.Thing named = java.util.Objects.requireNonNull(request.named());
    byte[] body =
        new String(request.body(), ISO_8859_1).replace(named.id(), other.id()).getBytes(ISO_8859_1);
    return new Request(
        request.shape(),
        request.operation(),
        request.method(),
        request.target().replace(named.id(), other.id()),
        request.fields(),
        body,
        request.chunked(),
        Fate.OPEN,
        other,
        null);
  }
}
