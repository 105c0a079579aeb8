package io.claviger.web.server;

import io.claviger.web.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The JSON of a part of a list, written item by item as long as it stays small. */
final class ListBody {
  /** An item that would make it larger is not taken, unless it is the first. */
  static final int LARGEST = 1_048_576;

  private final ByteArrayOutputStream json = new ByteArrayOutputStream();
  private boolean empty = true;

  ListBody() {
    write("{\"items\":[");
  }

  /**
   * Adds an item.
   *
   * @return false when it does not fit; then nothing is added, and nothing should be after it
   */
  boolean add(Object item) {
    byte[] bytes = JsonWriter.bytes(item);
    if (!empty && json.size() + bytes.length > LARGEST) {
      return false;
    }
    if (!empty) {
      write(",");
    }
    json.writeBytes(bytes);
    empty = false;
    return true;
  }

  byte[] end(Optional<String> nextCursor) {
    write("],\"next_cursor\":");
    json.writeBytes(JsonWriter.bytes(nextCursor));
    write("}");
    return json.toByteArray();
  }

  private void write(String text) {
    json.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
