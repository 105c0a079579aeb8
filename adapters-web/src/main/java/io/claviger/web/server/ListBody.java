package io.claviger.web.server;

import io.claviger.web.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes a part of a list as JSON, item by item, until the size limit is reached. */
final class ListBody {
  /**
   * The largest body, in bytes. An item that would exceed it is not added, unless it is the first.
   */
  static final int LARGEST = 1_048_576;

  private final ByteArrayOutputStream json = new ByteArrayOutputStream();
  private boolean empty = true;

  ListBody() {
    write("{\"items\":[");
  }

  /**
   * Adds an item.
   *
   * @return false when the item does not fit; then it was not added, and no other should be
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
