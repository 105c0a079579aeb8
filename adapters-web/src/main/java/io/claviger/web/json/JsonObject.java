package io.claviger.web.json;

import io.claviger.domain.Field;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the fields of a JSON object one by one and collects all faults. {@link #rejectUnread}
 * reports the faults and the unread fields.
 */
public final class JsonObject {
  /**
   * The maximum number of fields that a hint lists as the ones that exist. In a longer list, the
   * caller would not find the field that was meant.
   */
  private static final int FEW = 10;

  private final Json.Members members;
  private final JsonLocation location;
  private final Set<String> known = new HashSet<>();
  private final Map<String, String> written = new HashMap<>();

  JsonObject(Json.Members members, JsonLocation location) {
    this.members = members;
    this.location = location;
  }

  /**
   * Lets a write use another name for a field. A write with both names is a fault. Faults of the
   * field are reported under the name that the body contains.
   */
  public void otherName(String other, String name) {
    if (!members.byName().containsKey(other)) {
      return;
    }
    known.add(other);
    if (members.byName().containsKey(name)) {
      location.at(other).fault("not_allowed", "This is " + name + " too. Send one of them.");
    } else {
      written.put(name, other);
    }
  }

  /** Reads a field for which null is not allowed. */
  public <T> Field<T> value(String name, JsonConverter<T> shape) {
    return take(name)
        .map(
            json ->
                json instanceof Json.Null
                    ? this.<T>notNull(name)
                    : readAs(shape, json, location(name)))
        .orElseGet(Field::absent);
  }

  /** Reads a field for which null clears the value. */
  public <T> Field<T> nullable(String name, JsonConverter<T> shape) {
    return take(name)
        .map(
            json ->
                json instanceof Json.Null ? Field.<T>ofNull() : readAs(shape, json, location(name)))
        .orElseGet(Field::absent);
  }

  /**
   * Reads a field that must be present.
   *
   * @param detail the text that the caller receives if the field is missing
   */
  public <T> Field<T> required(String name, JsonConverter<T> shape, String detail) {
    if (!has(name)) {
      location(name).fault("required", detail);
    }
    return value(name, shape);
  }

  public FieldWrites fields(List<ScalarField<?>> fields) {
    Map<ScalarField<?>, Field<?>> writes = new LinkedHashMap<>();
    for (ScalarField<?> field : fields) {
      JsonConverter<?> converter = JsonConverter.of(field.form());
      writes.put(
          field,
          field.isNullable() ? nullable(field.name(), converter) : value(field.name(), converter));
    }
    return new FieldWrites(writes);
  }

  /**
   * Reads an object inside this object; empty if the field is absent. The value null is not
   * accepted.
   */
  public Optional<JsonObject> nested(String name) {
    return value(name, JsonConverter.object(Optional::of)).given();
  }

  public boolean has(String name) {
    return members.byName().containsKey(inBody(name));
  }

  public boolean hasAny(List<String> names) {
    return names.stream().anyMatch(this::has);
  }

  /** Accepts a field, and ignores its value. */
  public void ignore(String name) {
    known.add(name);
  }

  /** Returns the value of a field without converting it. The field then counts as read. */
  public Optional<Json> take(String name) {
    known.add(name);
    return Optional.ofNullable(members.byName().get(inBody(name)));
  }

  /** Returns the position of this object in the body. */
  public JsonLocation location() {
    return location;
  }

  /** Returns the position of a field in the body. */
  public JsonLocation location(String name) {
    return location.at(inBody(name));
  }

  public void recordUnknownFields() {
    members.byName().keySet().stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> location.at(name).fault("unknown_field", unknown(name)));
  }

  /**
   * Returns a hint with the name of the field that the author probably meant. If no field has a
   * similar name, the hint lists the existing fields, unless there are none or many. The hint does
   * not repeat {@code name}, because {@code name} might be long.
   */
  private String unknown(String name) {
    String none = "There is no such field here.";
    if (known.isEmpty()) {
      return none + " Send {}.";
    }
    return location.faults().areFull()
        ? none
        : NearestName.of(name, known)
            .map(near -> none + " Did you mean " + near + "?")
            .orElse(known.size() <= FEW ? none + " The fields are " + listed() + "." : none);
  }

  private String listed() {
    return known.stream().sorted().collect(Collectors.joining(", "));
  }

  /**
   * Reports all faults, including unread fields. To be called after all known fields have been
   * read.
   *
   * @throws InvalidInput if the body contains any fault
   */
  public void rejectUnread() {
    recordUnknownFields();
    location.faults().throwIfAny();
  }

  private String inBody(String name) {
    return written.getOrDefault(name, name);
  }

  private <T> Field<T> notNull(String name) {
    location(name).fault("not_nullable", "This can't be null; leave it out instead.");
    return Field.absent();
  }

  private static <T> Field<T> readAs(JsonConverter<T> shape, Json json, JsonLocation at) {
    return shape.read(json, at).map(Field::of).orElseGet(Field::absent);
  }
}
