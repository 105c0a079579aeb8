package io.claviger.web.json;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A resource as GET shows it to the caller at this moment. Its read-only fields may stand in a
 * write as long as they are the same, so that what was read can be edited and sent back.
 */
public final class Shown {
  private final JsonNode answer;

  private Shown(JsonNode answer) {
    this.answer = answer;
  }

  /**
   * @param answer the record that GET renders
   */
  public static Shown of(Object answer) {
    return new Shown(Answers.tree(answer));
  }

  /** Reports those of the named fields that are given and differ. */
  public void unchanged(Fields fields, List<String> names) {
    for (String name : names) {
      fields
          .take(name)
          .filter(given -> !(given instanceof Json.Unusable) && !same(given, answer.get(name)))
          .ifPresent(
              given ->
                  fields
                      .place(name)
                      .fault("read_only", "This can't be written; leave it out or as it is."));
    }
  }

  private static boolean same(Json given, @Nullable JsonNode shown) {
    if (shown == null) {
      return false;
    }
    return switch (given) {
      case Json.Text text -> shown.isString() && shown.stringValue().equals(text.value());
      case Json.Number number -> shown.isNumber() && shown.asString().equals(number.text());
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
