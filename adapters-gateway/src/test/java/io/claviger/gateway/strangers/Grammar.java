package io.claviger.gateway.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The requests that a format knows, from a file that {@code strangers/README} describes. */
final class Grammar {
  /** How a piece may be used. */
  enum Use {
    BASE("="),
    ALLOWED("+"),
    REFERENCE("@"),
    STORING("!"),
    DOUBTFUL("?"),
    FORM("F"),
    REFERENCE_IN_FORM("@F"),
    QUERY("Q");

    private final String sign;

    Use(String sign) {
      this.sign = sign;
    }
  }

  /**
   * @param json an empty object if this is a query
   */
  record Piece(Use use, ObjectNode json, String text) {}

  /** Operations that take the same pieces. */
  static final class Shape {
    final List<String> operations;

    /** Whether a service lends the operations without any setting. */
    final boolean lent;

    /** Whether no service lends the operations, whatever it stores. */
    final boolean never;

    /** Whether the bodies can refer to anything. */
    final boolean refers;

    final Places places = new Places();
    private final List<Piece> pieces = new ArrayList<>();

    Shape(List<String> operations, boolean lent, boolean never, boolean refers) {
      this.operations = operations;
      this.lent = lent;
      this.never = never;
      this.refers = refers;
    }

    /** How much there is to try. */
    int weight() {
      return 2 + pieces.size();
    }

    List<Piece> pieces(Use use) {
      return pieces.stream().filter(each -> each.use() == use).toList();
    }
  }

  private static final JsonMapper JSON = new JsonMapper();
  private static final String NOT_LENT = "NOT ";
  private static final String NEVER = "NEVER ";
  private static final String WITHOUT = "WITHOUT ";

  private final List<Shape> shapes = new ArrayList<>();

  private Grammar() {}

  List<Shape> shapes(boolean lent) {
    return shapes.stream().filter(each -> each.lent == lent).toList();
  }

  /** The lent operation that a request calls. */
  Optional<Shape> lent(String method, String path) {
    String operation = method + " " + path;
    return shapes.stream()
        .filter(each -> each.lent && each.operations.contains(operation))
        .findAny();
  }

  static Grammar of(String format) {
    Grammar grammar = new Grammar();
    List<Shape> open = new ArrayList<>();
    for (String line : lines("/strangers/" + format + ".txt")) {
      if (line.isBlank()) {
        open.clear();
      } else if (line.startsWith(" ")) {
        Piece piece = piece(line.strip());
        open.forEach(shape -> grammar.add(shape, piece));
      } else if (!line.startsWith("#")) {
        boolean never = line.startsWith(NEVER);
        boolean lent = !never && !line.startsWith(NOT_LENT);
        boolean refers = !line.startsWith(WITHOUT);
        String operations = line.replaceFirst("^(NOT|NEVER|WITHOUT) ", "");
        open.add(new Shape(Arrays.asList(operations.split(" \\| ")), lent, never, refers));
        grammar.shapes.add(open.getLast());
      }
    }
    return grammar;
  }

  private void add(Shape shape, Piece piece) {
    shape.pieces.add(piece);
    shape.places.learn(piece.json());
  }

  private static Piece piece(String line) {
    String sign = line.substring(0, line.indexOf(' '));
    String text = line.substring(sign.length()).strip();
    Use use =
        Arrays.stream(Use.values())
            .filter(each -> each.sign.equals(sign))
            .findFirst()
            .orElseThrow();
    return new Piece(
        use, use == Use.QUERY ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(text), text);
  }

  private static List<String> lines(String resource) {
    try (InputStream in = Objects.requireNonNull(Grammar.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a piece to a body: objects are merged, arrays joined, other values replaced. */
  static void merge(ObjectNode into, ObjectNode piece) {
    for (var member : piece.properties()) {
      JsonNode there = into.get(member.getKey());
      JsonNode here = member.getValue();
      if (there instanceof ObjectNode object && here instanceof ObjectNode more) {
        merge(object, more);
      } else if (there != null && there.isArray() && here.isArray()) {
        here.forEach(each -> ((tools.jackson.databind.node.ArrayNode) there).add(each.deepCopy()));
      } else {
        into.set(member.getKey(), here.deepCopy());
      }
    }
  }
}
