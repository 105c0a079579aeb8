package io.claviger.gateway.testcalls;

import io.claviger.application.gateway.port.GatewayClient.GatewayResponse;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Finds the model's text in an answer of any format. If the answer is cut off or is not JSON,
 * returns the texts before the fault.
 */
final class AnswerReader {
  /**
   * A parser factory that keeps no names of members in memory, because a provider could send any
   * number of names.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES).build();

  /** The places at which answers in the various formats contain the model's text. */
  private static final Set<String> TEXTS =
      Set.of(
          "/choices/*/message/content",
          "/content/*/text",
          "/candidates/*/content/parts/*/text",
          "/message/content/*/text",
          "/message/content");

  /** The places at which answers in the various formats contain the numbers of an embedding. */
  private static final Set<String> NUMBERS =
      Set.of(
          "/data/*/embedding/*", "/embedding/values/*", "/embeddings/float/*/*", "/embeddings/*/*");

  /** The places at which answers in the various formats contain error messages. */
  private static final Set<String> ERRORS =
      Set.of("/error/message", "/*/error/message", "/error", "/message");

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder error = new StringBuilder();
  private int numbers;

  private AnswerReader() {}

  static AnswerReader of(byte[] body) {
    AnswerReader reading = new AnswerReader();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != null) {
        reading.value(parser, "");
      }
    } catch (JacksonException cut) {
      return reading;
    }
    return reading;
  }

  /** The model's text, limited to {@link GatewayResponse#MOST_TEXT} characters. */
  String text() {
    return cut(text);
  }

  /** The error message, limited to {@link GatewayResponse#MOST_TEXT} characters. */
  String error() {
    return cut(error);
  }

  OptionalInt numbers() {
    return numbers == 0 ? OptionalInt.empty() : OptionalInt.of(numbers);
  }

  private void value(JsonParser parser, String path) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken unused = parser.nextToken();
        below(parser, path + "/" + name);
      }
    } else if (token == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        below(parser, path + "/*");
      }
    } else if (token == JsonToken.VALUE_STRING) {
      said(path, parser);
    } else if (token != null && token.isNumeric() && NUMBERS.contains(path)) {
      numbers++;
    }
  }

  /**
   * Reads the values inside a member, down to a limited depth. No format nests the model's text
   * more deeply than this. Without the limit, the paths of deeply nested members would take much
   * memory.
   */
  private void below(JsonParser parser, String path) {
    if (path.length() > 60) {
      parser.skipChildren();
    } else {
      value(parser, path);
    }
  }

  private void said(String path, JsonParser parser) {
    if (TEXTS.contains(path)) {
      append(text, parser);
    } else if (ERRORS.contains(path)) {
      append(error, parser);
    }
  }

  private static void append(StringBuilder to, JsonParser parser) {
    if (to.length() <= GatewayResponse.MOST_TEXT) {
      to.append(parser.getString());
    }
  }

  private static String cut(StringBuilder whole) {
    if (whole.length() <= GatewayResponse.MOST_TEXT) {
      return whole.toString();
    }
    int end = GatewayResponse.MOST_TEXT - 1;
    return whole.substring(0, Character.isHighSurrogate(whole.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }
}
