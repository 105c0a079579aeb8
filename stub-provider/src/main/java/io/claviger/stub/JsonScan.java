package io.claviger.stub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a JSON body in one pass, token by token. Building a tree would take longer than all other
 * work for the response.
 */
final class JsonScan {
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> scalars = new HashMap<>();
  private final Map<String, List<String>> texts = new HashMap<>();
  private final JsonParser parser;

  private JsonScan(JsonParser parser) {
    this.parser = parser;
  }

  static BodyFields of(byte[] body, int length) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body, 0, length)) {
      JsonScan scan = new JsonScan(parser);
      return new BodyFields(scan.scalars, scan.texts, scan.finished());
    }
  }

  private boolean finished() {
    try {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        readTopLevelField(parser.currentName());
      }
      return parser.nextToken() == null;
    } catch (JacksonException broken) {
      return false;
    }
  }

  private void readTopLevelField(String name) {
    JsonToken value = parser.nextToken();
    if (value == JsonToken.START_ARRAY) {
      texts.put(name, elements(name));
    } else if (value == JsonToken.START_OBJECT) {
      StringBuilder said = new StringBuilder();
      readObject(name, said);
      texts.put(name, List.of(said.toString()));
    } else {
      keepScalar(name, value);
    }
  }

  /** Records a scalar. A null value counts as absent. */
  private void keepScalar(String path, JsonToken value) {
    if (value != JsonToken.VALUE_NULL) {
      scalars.put(path, parser.getString());
    }
  }

  private List<String> elements(String name) {
    List<String> elements = new ArrayList<>();
    boolean tokens = false;
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      if (next == JsonToken.START_OBJECT) {
        StringBuilder said = new StringBuilder();
        readObject(name, said);
        elements.add(said.toString());
      } else if (next == JsonToken.START_ARRAY) {
        parser.skipChildren();
        elements.add("");
      } else {
        tokens |= next.isNumeric();
        elements.add(parser.getString());
      }
    }
    // An array of numbers contains the tokens of one text.
    return tokens ? List.of(String.join(" ", elements)) : elements;
  }

  private void readObject(String path, StringBuilder said) {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      readValue(path + "." + name, name, said);
    }
  }

  /** Whether a field with the given name contains a message or the result of a tool. */
  private static boolean isText(@Nullable String name) {
    return "text".equals(name) || "content".equals(name) || "output".equals(name);
  }

  private void readValue(String path, @Nullable String name, StringBuilder said) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      readObject(path, said);
    } else if (token == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        readValue(path, name, said);
      }
    } else if (token == JsonToken.VALUE_STRING && isText(name)) {
      said.append(parser.getString());
    } else {
      keepScalar(path, token);
    }
  }
}
