package io.claviger.web.server;

import io.claviger.web.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * Writes a part of a list as JSON, item by item, up to the size limit. One generator writes all
 * items, because a generator's buffers are larger than most items.
 */
final class ListBody {
  /**
   * The maximum size of a body, in bytes. Only the first item is allowed to make the body larger
   * than this maximum. A later item is not added if it would exceed the maximum.
   */
  static final int LARGEST = 1_048_576;

  private final Output json = new Output();
  private final JsonGenerator generator = JsonWriter.generator(json);
  private boolean empty = true;

  /** The bytes written so far. The last bytes can be removed again. */
  private static final class Output extends ByteArrayOutputStream {
    void cut(int length) {
      count = length;
    }
  }

  ListBody() {
    generator.writeStartObject();
    generator.writeName("items");
    generator.writeStartArray();
    generator.flush();
  }

  /**
   * Adds an item.
   *
   * @return false if there was no room for the item. In that case, the item was not added, and the
   *     caller should not add another item
   */
  boolean add(Object item) {
    int before = json.size();
    generator.writePOJO(item);
    generator.flush();
    if (!empty && json.size() > LARGEST) {
      json.cut(before);
      return false;
    }
    empty = false;
    return true;
  }

  /**
   * @param more the further properties of the JSON object with the list
   */
  byte[] end(Optional<String> nextCursor, Map<String, ?> more) {
    generator.writeEndArray();
    generator.writeName("next_cursor");
    generator.writePOJO(nextCursor);
    more.forEach(
        (name, value) -> {
          generator.writeName(name);
          generator.writePOJO(value);
        });
    generator.writeEndObject();
    generator.close();
    return json.toByteArray();
  }
}
