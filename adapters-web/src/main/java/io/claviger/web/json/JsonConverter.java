package io.claviger.web.json;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.fields.ScalarForm;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/** Converts a JSON value into a value of a domain type. */
@FunctionalInterface
public interface JsonConverter<T> {
  /**
   * The maximum number of items in one list. No list in a request to the API may have more items
   * than this. The limit exists because each invalid item causes an exception, which costs time.
   */
  int MOST_ITEMS = 1_000;

  /**
   * Converts a JSON value into a value of the domain.
   *
   * @param location the position of the value in the body
   * @return the converted value; empty if the value is invalid. In that case, a fault is recorded
   *     at this location
   */
  Optional<T> read(Json json, JsonLocation location);

  /**
   * Returns a converter that applies a function to the value from this converter.
   *
   * @param make a function that returns the result; it throws {@link InvalidValue} for a value that
   *     is not allowed
   */
  default <R> JsonConverter<R> then(Function<? super T, R> make) {
    return (json, location) ->
        read(json, location).flatMap(v -> location.attempt(() -> make.apply(v)));
  }

  JsonConverter<Boolean> FLAG =
      (json, location) ->
          json instanceof Json.Flag flag
              ? Optional.of(flag.value())
              : location.wrongType(json, "true or false");

  JsonConverter<Long> VERSION =
      (json, location) ->
          json instanceof Json.Numeral number && number.whole()
              ? location.attempt(() -> version(number.text()))
              : location.wrongType(json, "a whole number");

  /** A converter for objects whose members are all texts. */
  JsonConverter<Map<String, String>> TEXTS_BY_NAME =
      (json, location) -> {
        if (!(json instanceof Json.Members members)) {
          return location.wrongType(json, "an object");
        }
        if (members.byName().size() > MOST_ITEMS) {
          return location.fault("invalid_value", "at most 1,000 members");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        members
            .byName()
            .forEach(
                (name, value) ->
                    text(item -> item)
                        .read(value, location.at(name))
                        .ifPresent(item -> texts.put(name, item)));
        return texts.size() == members.byName().size() ? Optional.of(texts) : Optional.empty();
      };

  /**
   * Accepts any JSON object. The result is the JSON text of the object. Refuses a member that has
   * the name of one of the API's secrets, because other users can read the text.
   */
  JsonConverter<String> OBJECT_TEXT =
      (json, location) ->
          json instanceof Json.Members members
              ? isReadable(members, location)
                  ? Optional.of(JsonWriter.text(members))
                  : Optional.empty()
              : location.wrongType(json, "an object");

  private static boolean isReadable(Json json, JsonLocation location) {
    return switch (json) {
      case Json.Members members -> {
        boolean all = true;
        for (Map.Entry<String, Json> member : members.byName().entrySet()) {
          all &= isReadable(member.getValue(), location.at(member.getKey()));
        }
        yield all;
      }
      case Json.Items items -> {
        boolean all = true;
        for (int i = 0; i < items.items().size(); i++) {
          all &= isReadable(items.items().get(i), location.at(i));
        }
        yield all;
      }
      case Json.Hidden hidden ->
          location
              .fault(
                  "not_allowed",
                  "A field with this name holds a secret, but other users can see the values here."
                      + " Leave the field out.")
              .isPresent();
      case Json.Unusable unusable -> false;
      default -> true;
    };
  }

  /** Returns a converter for values of the given form. */
  static JsonConverter<?> of(ScalarForm<?> form) {
    return switch (form) {
      case ScalarForm.Text<?> text -> text(text.parse());
      case ScalarForm.Texts<?> texts -> listOf(text(item -> item)).then(texts.parse());
      case ScalarForm.Pairs<?> pairs -> TEXTS_BY_NAME.then(pairs.parse());
      case ScalarForm.Tree<?> tree -> OBJECT_TEXT.then(tree.parse());
      case ScalarForm.WholeNumber<?> number -> wholeNumber(number.parse());
      case ScalarForm.Flag flag -> FLAG;
    };
  }

  /**
   * Returns a converter for objects.
   *
   * @param read a function of the object's fields. If a field is invalid, the function records a
   *     fault and returns an empty result
   */
  static <T> JsonConverter<T> object(Function<JsonObject, Optional<T>> read) {
    return object("an object", read);
  }

  /** Returns a converter for objects in fields that also accept null. */
  static <T> JsonConverter<T> objectOrNull(Function<JsonObject, Optional<T>> read) {
    return object("an object or null", read);
  }

  private static <T> JsonConverter<T> object(
      String allowed, Function<JsonObject, Optional<T>> read) {
    return (json, location) ->
        json instanceof Json.Members members
            ? read.apply(new JsonObject(members, location))
            : location.wrongType(json, allowed);
  }

  /**
   * Returns a converter for strings.
   *
   * @param make a function that returns the result; it throws {@link InvalidValue} for a value that
   *     is not allowed
   */
  static <T> JsonConverter<T> text(Function<String, T> make) {
    return (json, location) ->
        json instanceof Json.Text text
            ? location.attempt(() -> make.apply(text.value()))
            : location.wrongType(json, "a string");
  }

  /**
   * Returns a converter for whole numbers.
   *
   * @param make a function that returns the result; it throws {@link InvalidValue} for a value that
   *     is not allowed
   */
  static <T> JsonConverter<T> wholeNumber(IntFunction<T> make) {
    return (json, location) ->
        json instanceof Json.Numeral number && number.whole()
            ? location.attempt(() -> make.apply(integer(number.text())))
            : location.wrongType(json, "a whole number");
  }

  /**
   * Returns a converter for whole numbers of any size.
   *
   * @param make a function that returns the result; it throws {@link InvalidValue} for a value that
   *     is not allowed
   */
  static <T> JsonConverter<T> bigNumber(LongFunction<T> make) {
    return (json, location) ->
        json instanceof Json.Numeral number && number.whole()
            ? location.attempt(() -> make.apply(big(number.text())))
            : location.wrongType(json, "a whole number");
  }

  /**
   * Returns a converter for decimal numbers. The body may contain decimal numbers as numbers or as
   * strings. The converter never rounds a number.
   *
   * @param make a function that returns the result; it throws {@link InvalidValue} for a value that
   *     is not allowed
   */
  static <T> JsonConverter<T> decimal(Function<BigDecimal, T> make) {
    return (json, location) ->
        switch (json) {
          case Json.Numeral number ->
              location.attempt(() -> make.apply(DecimalText.parse(number.text())));
          case Json.Text text ->
              location.attempt(() -> make.apply(DecimalText.parse(text.value())));
          default -> location.wrongType(json, "a decimal number, or a string with one");
        };
  }

  /**
   * Returns a converter for arrays. Each invalid item is reported with its own position in the
   * array.
   */
  static <T> JsonConverter<List<T>> listOf(JsonConverter<T> item) {
    return (json, location) -> {
      if (!(json instanceof Json.Items items)) {
        return location.wrongType(json, "an array");
      }
      if (items.items().size() > MOST_ITEMS) {
        return location.fault("invalid_value", "at most 1,000 items");
      }
      List<T> values = new ArrayList<>();
      for (int i = 0; i < items.items().size(); i++) {
        item.read(items.items().get(i), location.at(i)).ifPresent(values::add);
      }
      return values.size() == items.items().size()
          ? Optional.of(List.copyOf(values))
          : Optional.empty();
    };
  }

  private static int integer(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new InvalidValue("", "a whole number of at most 2,147,483,647");
    }
  }

  private static long big(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new InvalidValue("", "a whole number of at most 9,223,372,036,854,775,807");
    }
  }

  private static long version(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new InvalidValue("version", "the version that GET shows");
    }
  }
}
