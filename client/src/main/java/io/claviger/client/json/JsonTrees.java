package io.claviger.client.json;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.text.TerminalText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes JSON as trees of nodes. This class does not use reflection, because that would
 * take a long time in a program that ends after one command.
 */
public final class JsonTrees {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          // Messages of the parser must not repeat what was parsed, because it might contain a
          // secret.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final DefaultPrettyPrinter INDENTED =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectNameValueSpacing(Separators.Spacing.AFTER))
          .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);

  private JsonTrees() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * Reads a document.
   *
   * @throws JacksonException if the text is not JSON
   */
  public static JsonNode read(byte[] document) {
    return MAPPER.readTree(document);
  }

  public static byte[] bytes(JsonNode value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /**
   * Writes human-readable JSON, indented by two blanks. Characters that could control a terminal
   * occur only in texts and in names of members, where they are escaped.
   */
  public static String pretty(JsonNode value) {
    String json = MAPPER.writer().with(INDENTED).writeValueAsString(value);
    return json.codePoints().anyMatch(JsonTrees::isEscaped) ? escaped(json) : json;
  }

  /**
   * Whether a character must be escaped. Line ends need not be escaped here: those within texts are
   * already escaped, so all others are between values.
   */
  private static boolean isEscaped(int character) {
    return character != '\n' && character != '\r' && TerminalText.isUnsafe(character);
  }

  private static String escaped(String json) {
    StringBuilder escaped = new StringBuilder(json.length() + 64);
    json.codePoints()
        .forEach(
            character -> {
              if (isEscaped(character)) {
                for (char unit : Character.toChars(character)) {
                  escaped.append("\\u%04x".formatted((int) unit));
                }
              } else {
                escaped.appendCodePoint(character);
              }
            });
    return escaped.toString();
  }

  /**
   * Returns the text of a required field. If the answer lacks the field, throws a fault that says
   * that the server might have another version.
   */
  public static String text(JsonNode object, String field) {
    return optional(object, field).orElseThrow(() -> lacks(field));
  }

  /**
   * Returns a field as a text, even if it is a number or boolean; empty if the field is null or
   * absent.
   */
  public static Optional<String> optional(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isValueNode() && !value.isNull()
        ? Optional.of(value.asString())
        : Optional.empty();
  }

  public static Optional<Instant> time(JsonNode object, String field) {
    try {
      return optional(object, field).map(Instant::parse);
    } catch (DateTimeException e) {
      throw lacks(field);
    }
  }

  /** Returns the duration in a required field, which must be a positive whole number of seconds. */
  public static Duration seconds(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() <= 0) {
      throw lacks(field);
    }
    return Duration.ofSeconds(value.intValue());
  }

  /** Returns the fault for an answer with a missing or unusable field. */
  public static ClientFault lacks(String field) {
    return ClientFault.of(
        "the server's answer has no usable `%s`".formatted(field),
        "The server might have another version of Claviger: `claviger status` shows both"
            + " versions.");
  }
}
