package io.claviger.client.apply;

import io.claviger.client.settings.ConfirmedDestinations;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the fields in which a file and the server differ. Different forms of the same value count
 * as equal. Examples are an endpoint with and without a trailing slash, an amount with additional
 * zeros, and models in another order. Texts that only look like amounts, such as the name of a
 * model, are compared as they are. A field that the file does not mention is not a difference.
 */
final class Differences {
  private static final Set<String> EMPTY_IS_NONE = Set.of("note", "organization");

  /** Those lists and objects in a price that every write replaces as a whole. */
  private static final Set<String> PARTS_OF_PRICES = Set.of("thresholds", "tiers", "fees");

  /**
   * The field with the settings that determine a service's endpoint. A write always replaces all
   * settings in this field.
   */
  private static final String SETTINGS = "settings";

  /**
   * A JSON object that a write replaces completely, so that all members of the object are compared.
   */
  private static final String METADATA = "metadata";

  private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?");

  private Differences() {}

  static List<FieldChange> between(ObjectNode desired, JsonNode current) {
    List<FieldChange> changes = new ArrayList<>();
    collect("", desired, current, changes);
    return List.copyOf(changes);
  }

  private static void collect(
      String prefix, ObjectNode desired, JsonNode current, List<FieldChange> changes) {
    desired
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode now = current.path(name);
              if (FileSchemas.WRITE_ONLY_FLAGS.contains(name)
                  || isDefaultElsewhere(name, field.getValue())) {
                return;
              }
              if (PARTS_OF_PRICES.contains(name)) {
                if (!whole(field.getValue()).equals(whole(now))) {
                  changes.add(new FieldChange(prefix + name, orNull(now), field.getValue()));
                }
              } else if (name.equals(METADATA)) {
                if (!tree(field.getValue()).equals(tree(now))) {
                  changes.add(new FieldChange(prefix + name, orNull(now), field.getValue()));
                }
              } else if (field.getValue() instanceof ObjectNode inner && !name.equals(SETTINGS)) {
                collect(prefix + name + ".", inner, now, changes);
              } else if (!isSame(name, field.getValue(), now)) {
                changes.add(new FieldChange(prefix + name, orNull(now), field.getValue()));
              }
            });
  }

  /** Returns a JSON value in a comparable form. An empty object counts as absent. */
  private static Object tree(JsonNode value) {
    if (value.isArray()) {
      return value.values().stream().map(Differences::tree).toList();
    }
    if (value instanceof ObjectNode object) {
      Map<String, Object> members = new TreeMap<>();
      object.properties().forEach(each -> members.put(each.getKey(), tree(each.getValue())));
      return members;
    }
    if (value.isMissingNode()) {
      return Map.of();
    }
    return value.isNumber() ? value.decimalValue().stripTrailingZeros() : value;
  }

  /**
   * Returns a list or object in a price in a comparable form. Nulls are left out, numbers are
   * compared by value, and the server's defaults are filled in. An entry that the file does not
   * mention is a difference, because a write would remove it.
   */
  private static Object whole(JsonNode part) {
    if (part.isArray()) {
      return part.values().stream().map(Differences::whole).toList();
    }
    if (part instanceof ObjectNode object) {
      Map<String, Object> members = new TreeMap<>();
      if (object.has("amount")) {
        members.put("per", BigDecimal.ONE);
      }
      object.properties().stream()
          .filter(each -> !each.getValue().isNull())
          .forEach(each -> members.put(each.getKey(), whole(each.getValue())));
      return members.isEmpty() ? List.of() : members;
    }
    return part.isNull() || part.isMissingNode() ? List.of() : plain(part);
  }

  /**
   * Whether a file says that a model is not the default. Such a statement is not a difference,
   * because a model stops being the default only when another model becomes the default.
   */
  private static boolean isDefaultElsewhere(String name, JsonNode desired) {
    return name.equals("is_default") && desired.isBoolean() && !desired.booleanValue();
  }

  private static JsonNode orNull(JsonNode value) {
    return value.isMissingNode() ? JsonNodeFactory.instance.nullNode() : value;
  }

  static boolean isSame(String name, JsonNode desired, JsonNode current) {
    if (isNothing(name, desired) || isNothing(name, current)) {
      return isNothing(name, desired) && isNothing(name, current);
    }
    if (desired.isArray()) {
      return current.isArray() && isSameList(name, desired, current);
    }
    return switch (name) {
      case "endpoint" ->
          ConfirmedDestinations.normalized(desired.asString(""))
              .equals(ConfirmedDestinations.normalized(current.asString("")));
      case "token_url", "sts_url", "impersonation_url" ->
          url(desired.asString("")).equals(url(current.asString("")));
      case "expires_at" -> instant(desired).equals(instant(current));
      default ->
          (desired.isString() && !FileSchemas.DECIMALS.contains(name))
              ? desired.equals(current)
              : plain(desired).equals(plain(current));
    };
  }

  /** Returns a token URL as the server stores it. A slash at the end of the URL is kept. */
  private static String url(String text) {
    return ConfirmedDestinations.normalized(text) + (text.endsWith("/") ? "/" : "");
  }

  private static boolean isNothing(String name, JsonNode value) {
    return value.isNull()
        || value.isMissingNode()
        || (EMPTY_IS_NONE.contains(name) && value.isString() && value.asString().isEmpty())
        || (isBudgets(name) && value.isArray() && value.isEmpty())
        || (value.isObject()
            && value.properties().stream().allMatch(each -> each.getValue().isNull()));
  }

  private static boolean isBudgets(String name) {
    return name.equals("budgets") || name.equals("budgets_in_all");
  }

  private static boolean isSameList(String name, JsonNode desired, JsonNode current) {
    if (isBudgets(name)) {
      return budgets(desired).equals(budgets(current));
    }
    if (FileSchemas.SETS.contains(name)) {
      return new HashSet<>(desired.values()).equals(new HashSet<>(current.values()));
    }
    if (desired.size() != current.size()) {
      return false;
    }
    for (int n = 0; n < desired.size(); n++) {
      boolean same =
          desired.get(n) instanceof ObjectNode each
              ? between(each, current.get(n)).isEmpty()
              : desired.get(n).equals(current.get(n));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns budgets as comparable texts. The texts are sorted and contain the server's defaults.
   */
  private static List<String> budgets(JsonNode list) {
    List<String> budgets = new ArrayList<>();
    for (JsonNode each : list) {
      budgets.add(
          String.join(
              " ",
              each.path("unit").asString(""),
              each.path("window").asString(""),
              each.path("zone").asString("UTC"),
              each.path("bound").asString("measured"),
              each.path("unpriced").asString("refuse"),
              plain(each.path("amount")).toString()));
    }
    budgets.sort(Comparator.naturalOrder());
    return budgets;
  }

  /**
   * Returns a value as a number if it is a number or a text with a number. Returns any other value
   * unchanged.
   */
  private static Object plain(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue().stripTrailingZeros();
    }
    if (value.isString() && AMOUNT.matcher(value.asString()).matches()) {
      return new BigDecimal(value.asString()).stripTrailingZeros();
    }
    return value;
  }

  /** Returns a time that is cut off to microseconds, as the server stores it. */
  private static Object instant(JsonNode value) {
    try {
      return OffsetDateTime.parse(value.asString("")).toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      return value;
    }
  }
}
