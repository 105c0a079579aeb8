package io.claviger.web.json;

import io.claviger.domain.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of an object of a body, read one by one. Everything that is wrong is collected; {@link
 * #rejectUnread} reports it, together with the fields that nobody asked for.
 */
public final class JsonObject {
  private final Json.Members members;
  private final JsonLocation place;
  private final Set<String> known = new HashSet<>();

  JsonObject(Json.Members members, Pointer at, Faults faults) {
    this.members = members;
    this.place = new JsonLocation(at, faults);
  }

  /** A field for which null is not a value. */
  public <T> Field<T> value(String name, JsonConverter<T> shape) {
    return take(name)
        .map(
            json ->
                json instanceof Json.Null
                    ? this.<T>notNull(name)
                    : readAs(shape, json, place.at(name)))
        .orElseGet(Field::absent);
  }

  /** A field that null clears. */
  public <T> Field<T> nullable(String name, JsonConverter<T> shape) {
    return take(name)
        .map(
            json ->
                json instanceof Json.Null ? Field.<T>ofNull() : readAs(shape, json, place.at(name)))
        .orElseGet(Field::absent);
  }

  /** A field that must be there. */
  public <T> Field<T> required(String name, JsonConverter<T> shape, String detail) {
    if (!has(name)) {
      place.at(name).fault("required", detail);
    }
    return value(name, shape);
  }

  /** An object within: empty when absent. Null is not a value. */
  public Optional<JsonObject> nested(String name) {
    return value(
            name,
            (json, at) ->
                json instanceof Json.Members inner
                    ? Optional.of(new JsonObject(inner, at.pointer(), at.faults()))
                    : at.wrongType(json, "an object"))
        .given();
  }

  public boolean has(String name) {
    return members.byName().containsKey(name);
  }

  public boolean hasAny(List<String> names) {
    return names.stream().anyMatch(this::has);
  }

  /** Takes no notice of a field. */
  public void ignore(String name) {
    known.add(name);
  }

  /** What was given, for fields that no shape reads; it counts as known from now on. */
  public Optional<Json> take(String name) {
    known.add(name);
    return Optional.ofNullable(members.byName().get(name));
  }

  /** Where a field stands. */
  public JsonLocation place(String name) {
    return place.at(name);
  }

  /** Reports fields that nobody asked for. */
  public void noOthers() {
    members.byName().keySet().stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> place.at(name).fault("unknown_field", "There is no such field here."));
  }

  /**
   * Ends the reading of a body.
   *
   * @throws InvalidInput when anything was wrong
   */
  public void rejectUnread() {
    noOthers();
    place.faults().throwIfAny();
  }

  private <T> Field<T> notNull(String name) {
    place.at(name).fault("not_nullable", "This can't be null; leave it out instead.");
    return Field.absent();
  }

  private static <T> Field<T> readAs(JsonConverter<T> shape, Json json, JsonLocation at) {
    return shape.read(json, at).map(Field::of).orElseGet(Field::absent);
  }
}
