package io.claviger.stub;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An object that an account keeps: the JSON that the API shows of it, its bytes, and the objects
 * that it contains.
 */
final class StoredObject {
  private static final JsonMapper JSON = new JsonMapper();

  private final String id;
  private final byte[] content;
  private final Map<String, BoundedObjects> inner = new HashMap<>();
  private Object shown;

  /**
   * @param shown the JSON that reading the object answers with
   * @param content the bytes of a file, or other data of the object that the JSON does not show
   */
  StoredObject(String id, ObjectNode shown, byte[] content) {
    this.id = id;
    this.shown = shown;
    this.content = content;
  }

  /** The JSON is parsed only when it is read: most stored responses never are. */
  StoredObject(String id, String shown, byte[] content) {
    this.id = id;
    this.shown = shown;
    this.content = content;
  }

  String id() {
    return id;
  }

  /** Returns the JSON itself, not a copy. A change of the JSON changes the object. */
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

  /** The objects of a kind that this one contains, such as the files of a vector store. */
  BoundedObjects inner(String kind) {
    return inner.computeIfAbsent(kind, any -> new BoundedObjects(10_000, 64L << 20));
  }

  long weight() {
    return (long) content.length + (shown instanceof String text ? text.length() : 1_000);
  }
}
