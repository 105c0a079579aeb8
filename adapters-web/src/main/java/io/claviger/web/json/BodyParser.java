package io.claviger.web.json;

import io.claviger.domain.Fault;
import io.claviger.domain.credentials.CredentialKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.RecyclerPool;

/**
 * Parses one JSON object. Duplicate fields, and strings that the database could not store, are
 * recorded as faults. Secrets such as {@code api_key} and {@code custom_headers} are taken from the
 * parser's buffer and never become a String. The parser does not reuse its buffers. The parser
 * wipes the last text that it had to copy into a buffer, because the text might be half of a secret
 * if the body is truncated.
 */
final class BodyParser {
  static final int LONGEST_NUMBER = 100;
  private static final int DEEPEST = 32;
  private static final int LONGEST_NAME = 256;

  /**
   * The maximum number of values of any kind in one body. Without this limit, a body of one-byte
   * values would take about fifty times its size in memory.
   */
  static final int MOST_VALUES = 10_000;

  private static final String TOO_COMPLEX =
      "A body has at most %d levels of nesting, %,d values, and %d characters in a field name."
          .formatted(DEEPEST, MOST_VALUES, LONGEST_NAME);

  private static final String CREDENTIAL = "credential";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .recyclerPool(new ParserBuffers())
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNameLength(LONGEST_NAME)
                  .maxNumberLength(Body.LARGEST)
                  .maxStringLength(Body.LARGEST)
                  .build())
          .build();

  private final JsonParser parser;
  private final Faults faults;
  private final List<HiddenText> hidden;
  private int values;

  private BodyParser(JsonParser parser, Faults faults, List<HiddenText> hidden) {
    this.parser = parser;
    this.faults = faults;
    this.hidden = hidden;
  }

  /**
   * Parses a body.
   *
   * @param hidden the list that receives every secret that is found, even if parsing fails halfway
   * @throws NotJson if the text is not JSON
   * @throws InvalidInput if the body is not an object, is nested too deeply, or contains too many
   *     values
   */
  static Json.Members parse(char[] text, int length, Faults faults, List<HiddenText> hidden) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text, 0, length)) {
      return new BodyParser(parser, faults, hidden).document();
    } catch (StreamConstraintsException e) {
      throw new InvalidInput(new Fault("", "too_complex", TOO_COMPLEX));
    } catch (JacksonException e) {
      throw new NotJson(where(e.getLocation()));
    }
  }

  private Json.Members document() {
    if (parser.nextToken() == null) {
      throw new NotJson("The body is empty; send a JSON object.");
    }
    Json value = value(Pointer.ROOT, false);
    if (parser.nextToken() != null) {
      throw new NotJson(where(parser.currentTokenLocation()));
    }
    if (value instanceof Json.Members members) {
      return members;
    }
    throw new InvalidInput(new Fault("", "wrong_type", "Send a JSON object."));
  }

  private Json value(Pointer at, boolean secret) {
    if (++values > MOST_VALUES) {
      throw new InvalidInput(new Fault("", "too_complex", TOO_COMPLEX));
    }
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> members(at, secret);
      case START_ARRAY -> items(at, secret);
      case VALUE_STRING -> secret ? hiddenText() : text(at);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(at, token);
      case VALUE_TRUE -> new Json.Flag(true);
      case VALUE_FALSE -> new Json.Flag(false);
      case VALUE_NULL -> new Json.Null();
      default -> throw new NotJson(where(parser.currentTokenLocation()));
    };
  }

  private Json members(Pointer at, boolean secret) {
    Map<String, Json> members = new LinkedHashMap<>();
    boolean credential = at.text().endsWith("/" + CREDENTIAL);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      boolean storable = isStorable(name);
      Pointer there = storable ? at.to(name) : at;
      Json value = value(there, secret || CredentialKind.isSecret(name, credential));
      if (!storable) {
        faults.add(
            at, "invalid_text", "A field name must not contain NUL or half of a surrogate pair.");
      } else if (members.putIfAbsent(name, value) != null) {
        faults.add(there, "duplicate_field", "This field is given twice.");
      }
    }
    return new Json.Members(members);
  }

  private Json items(Pointer at, boolean secret) {
    List<Json> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(at.to(items.size()), secret));
    }
    return new Json.Items(items);
  }

  private Json hiddenText() {
    HiddenText text =
        HiddenText.of(
            parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
    hidden.add(text);
    return new Json.Hidden(text);
  }

  private Json text(Pointer at) {
    String text = parser.getString();
    if (isStorable(text)) {
      return new Json.Text(text);
    }
    faults.add(at, "invalid_text", "A text must not contain NUL or half of a surrogate pair.");
    return new Json.Unusable();
  }

  private Json number(Pointer at, JsonToken token) {
    if (parser.getStringLength() > LONGEST_NUMBER) {
      faults.add(at, "invalid_value", "Write the number with at most 100 digits.");
      return new Json.Unusable();
    }
    return new Json.Numeral(parser.getString(), token == JsonToken.VALUE_NUMBER_INT);
  }

  private static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  private static String where(TokenStreamLocation at) {
    return "The body is not JSON: look at line "
        + at.getLineNr()
        + ", column "
        + at.getColumnNr()
        + ".";
  }

  /**
   * The buffers of one parser, which are wiped when the parser is closed. A parser copies a text
   * into these buffers if the text contains escapes, or if the end of the text is missing. A text
   * that fits into the first buffer is wiped. The parts of a longer text are not wiped, but left to
   * the garbage collector.
   */
  static class WipedBuffers extends BufferRecycler {
    /**
     * The size of the first buffer in characters. The longest secrets are the key files of cloud
     * providers, which have about 2,500 characters.
     */
    static final int FIRST_BUFFER = 8_192;

    @Override
    protected int charBufferLength(int index) {
      return FIRST_BUFFER;
    }

    @Override
    public void releaseCharBuffer(int index, char[] buffer) {
      Arrays.fill(buffer, '\0');
    }
  }

  /** Gives each parser its own buffers. */
  private static final class ParserBuffers
      extends RecyclerPool.NonRecyclingPoolBase<BufferRecycler> {
    @Override
    public BufferRecycler acquirePooled() {
      return new WipedBuffers();
    }
  }
}
