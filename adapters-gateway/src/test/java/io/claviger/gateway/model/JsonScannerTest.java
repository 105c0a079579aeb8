package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads what Jackson reads, and refuses what it refuses; Jackson is asked for the same bytes. */
class JsonScannerTest {
  private static final String REFUSED = "refused";
  private static final int DOCUMENTS = Integer.getInteger("test.seeds", 50) * 400;

  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonScanner.DEEPEST)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  @Test
  void random_documents_are_read_as_jackson_reads_them() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomJson json = new RandomJson(random);
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] document = json.document().getBytes(UTF_8);
      assertSame(document, random, seed);
      for (int j = 0; j < 3; j++) {
        assertSame(json.mutation(document), random, seed);
      }
    }
  }

  private static void assertSame(byte[] document, Random random, long seed) {
    assertThat(scanned(document, random))
        .as("seed %d: %s", seed, new String(document, ISO_8859_1))
        .isEqualTo(expected(document));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "10",
        "-",
        "01",
        "-01",
        "1.",
        ".1",
        "1.0",
        "1e",
        "1e+",
        "1e+1",
        "1E-01",
        "+1",
        "1.5e",
        "true",
        "tru",
        "truee",
        "nul",
        "null",
        "fals",
        "",
        " ",
        "[",
        "]",
        "[]",
        "[,]",
        "[1,]",
        "[1 2]",
        "{",
        "{}",
        "{]",
        "[}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "\"",
        "\"\\\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ude00\\ud83d\"",
        "\"\\ud83d\\ud83d\\ude00\"",
        "\"\\ud83dx\"",
        "\"\t\"",
        "\"\\'\"",
        "[1]x",
        "[1] \n",
        "\u00a0[]",
        "\ufeff[]",
        "NaN",
        "Infinity",
        "'a'"
      })
  void short_documents_are_read_as_jackson_reads_them(String document) {
    assertSame(document.getBytes(UTF_8), new Random(1), 1);
  }

  @Test
  void every_two_bytes_in_a_string_are_read_as_jackson_reads_them() {
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        byte[] document = {'"', (byte) first, (byte) second, (byte) 0x80, '"'};
        assertSame(document, new Random(1), 1);
      }
    }
  }

  @Test
  void nesting_is_bounded() {
    int deepest = JsonScanner.DEEPEST;
    String whole = "[".repeat(deepest) + "]".repeat(deepest);

    assertThat(scanned(whole.getBytes(UTF_8), new Random(1))).isNotEqualTo(REFUSED);
    assertThat(scanned(("[" + whole + "]").getBytes(UTF_8), new Random(1))).isEqualTo(REFUSED);
  }

  @Test
  void no_more_of_a_string_is_held_than_a_models_name_may_have() {
    List<String> held = new ArrayList<>();
    byte[] document = ("\"" + "é".repeat(300) + "\"").getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner(new Recorder(held), ScannedText.LONGEST);
    scanner.read(document, 0, document.length);
    scanner.end();

    assertThat(held).containsExactly("text … " + "é".repeat(ScannedText.LONGEST));
  }

  private static String scanned(byte[] document, Random random) {
    List<String> seen = new ArrayList<>();
    JsonScanner scanner = new JsonScanner(new Recorder(seen), ScannedText.LONGEST);
    try {
      int at = 0;
      while (at < document.length) {
        int to = Math.min(document.length, at + 1 + random.nextInt(document.length));
        scanner.read(document, at, to);
        at = to;
      }
      scanner.end();
    } catch (MalformedBody e) {
      return REFUSED;
    }
    return String.join("\n", seen);
  }

  private static final class Recorder implements JsonEvents {
    private final List<String> seen;

    Recorder(List<String> seen) {
      this.seen = seen;
    }

    @Override
    public void opened(boolean array) {
      seen.add(array ? "[" : "{");
    }

    @Override
    public void closed() {
      seen.add("closed");
    }

    @Override
    public void name(ScannedText name) {
      seen.add("name " + (name.isLonger() ? "… " : "") + name);
    }

    @Override
    public boolean wantsText() {
      return true;
    }

    @Override
    public void text(ScannedText text) {
      seen.add("text " + (text.isLonger() ? "… " : "") + text);
    }

    @Override
    public void other() {
      seen.add("other");
    }
  }

  private static String expected(byte[] document) {
    List<String> seen = new ArrayList<>();
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
      try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
        int depth = 0;
        do {
          JsonToken token = parser.nextToken();
          if (token == null) {
            return REFUSED;
          }
          depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
          seen.add(seen(token, parser));
        } while (depth > 0);
        return parser.nextToken() == null ? String.join("\n", seen) : REFUSED;
      }
    } catch (JacksonException | CharacterCodingException e) {
      return REFUSED;
    }
  }

  private static String seen(JsonToken token, JsonParser parser) {
    return switch (token) {
      case START_OBJECT -> "{";
      case START_ARRAY -> "[";
      case END_OBJECT, END_ARRAY -> "closed";
      case PROPERTY_NAME -> "name " + parser.currentName();
      case VALUE_STRING -> {
        parser.getString();
        yield "text " + parser.getString();
      }
      default -> "other";
    };
  }
}
