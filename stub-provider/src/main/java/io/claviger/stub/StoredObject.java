package io.claviger.stub;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An object stored by an account: its JSON in the API, its bytes, and the objects in it. */
final class StoredObject {
  private static final JsonMapper JSON = new JsonMapper();

  private final String id;
  private final byte[] content;
  private final Map<String, BoundedObjects> inner = new HashMap<>();
  private Object shown;

  /**
   * @param shown the JSON object that the stub returns for the object
   * @param content the bytes of a file, or other data of the object outside of the JSON
   */
  StoredObject(String id, ObjectNode shown, byte[] content) {
    this.id = id;
    this.shown = shown;
    this.content = content;
  }

  /** The JSON is parsed only when the object is read. Most stored responses are never read. */
  StoredObject(String id, String shown, byte[] content) {
    this.id = id;
    this.shown = shown;
    this.content = content;
  }

  String id() {
    return id;
  }

  /**
   * Returns the object's JSON itself, not a copy. If the caller changes the JSON, the object
   * changes.
   */
  ObjectNode json() {
    if (shown instanceof ObjectNode node) {
      return node;
    }
    ObjectNode parsed = (ObjectNode) JSON.readTree((String) shown);
    shown = parsed;
    return parsed;
  }

  byte[] content() {
    return content;
  }

  /** Returns this object's inner objects of a kind, such as the files of a vector store. */
  BoundedObjects inner(String kind) {
    return inner.computeIfAbsent(kind, any -> new BoundedObjects(10_000, 64L << 20));
  }

  long weight() {
    return (long) content.length + (shown instanceof String text ? text.length() : 1_000);
  }
}
