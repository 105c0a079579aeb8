package io.claviger.web.json;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A resource as {@code GET} would show it to the caller now. A write may contain read-only fields
 * if their values are unchanged. So callers can read a resource, edit it and send it back.
 */
public final class StoredRepresentation {
  /**
   * Takes the place of a resource's representation if the precondition of a write fails. The fields
   * of the write are not compared, because the write is refused anyway.
   */
  public static final StoredRepresentation OUTDATED = new StoredRepresentation(Optional.empty());

  private final Optional<JsonNode> answer;

  private StoredRepresentation(Optional<JsonNode> answer) {
    this.answer = answer;
  }

  /**
   * Returns the representation of a resource.
   *
   * @param answer the record that GET would write as JSON
   */
  public static StoredRepresentation of(Object answer) {
    return new StoredRepresentation(Optional.of(JsonWriter.tree(answer)));
  }

  /**
   * Records a fault for each of the given fields whose value in the write differs from its value in
   * the resource.
   */
  public void rejectChanges(JsonObject fields, List<String> names) {
    for (String name : names) {
      fields
          .take(name)
          .filter(given -> !(given instanceof Json.Unusable) && differs(given, name))
          .ifPresent(
              given ->
                  fields
                      .location(name)
                      .fault(
                          "read_only",
                          "This field is read-only. Leave it out, or send the value that you read."));
    }
  }

  private boolean differs(Json given, String name) {
    return answer.isPresent() && !same(given, answer.get().get(name));
  }

  private static boolean same(Json given, @Nullable JsonNode shown) {
    if (shown == null) {
      return false;
    }
    return switch (given) {
      case Json.Text text -> shown.isString() && shown.stringValue().equals(text.value());
      case Json.Numeral number -> shown.isNumber() && shown.asString().equals(number.text());
      case Json.Flag flag -> shown.isBoolean() && shown.booleanValue() == flag.value();
      case Json.Null none -> shown.isNull();
      case Json.Items items -> sameItems(items, shown);
      case Json.Members members ->
          shown.isObject()
              && members.byName().size() == shown.size()
              && members.byName().entrySet().stream()
                  .allMatch(m -> same(m.getValue(), shown.get(m.getKey())));
      case Json.Hidden hidden -> false;
      case Json.Unusable unusable -> false;
    };
  }

  private static boolean sameItems(Json.Items given, JsonNode shown) {
    Iterator<JsonNode> others = shown.iterator();
    return shown.isArray()
        && given.items().size() == shown.size()
        && given.items().stream().allMatch(item -> same(item, others.next()));
  }
}
