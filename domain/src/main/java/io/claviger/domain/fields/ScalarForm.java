package io.claviger.domain.fields;

import io.claviger.domain.InvalidValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * How a field's values are written in JSON and in the field's database column: as a text, a list of
 * texts, texts keyed by name, a JSON object, a whole number or a flag.
 *
 * @param <V> the type of the value
 */
public sealed interface ScalarForm<V> {
  /**
   * Returns the value in its written form: a String, a List or Map of Strings, an Integer or a
   * Boolean.
   */
  Object plain(V value);

  /**
   * Reads a value that somebody typed.
   *
   * @throws InvalidValue when the value is not allowed
   */
  V typed(String text);

  /** A form whose values are written by the given function. */
  sealed interface Printed<V> extends ScalarForm<V> permits Text, Texts, Pairs, Tree {
    Function<V, ?> print();

    @Override
    default Object plain(V value) {
      return print().apply(value);
    }
  }

  /**
   * Returns the form of a value that is written as a text.
   *
   * @param parse the function that reads a value from the text, and throws {@link InvalidValue} if
   *     the text is not allowed
   */
  record Text<V>(Function<String, V> parse, Function<V, String> print) implements Printed<V> {
    @Override
    public V typed(String text) {
      return parse.apply(text);
    }
  }

  /**
   * Returns the form of a value that is written as a whole number.
   *
   * @param parse the function that makes a value from the number, and throws {@link InvalidValue}
   *     if the number is not allowed
   */
  record WholeNumber<V>(IntFunction<V> parse, ToIntFunction<V> print) implements ScalarForm<V> {
    @Override
    public Object plain(V value) {
      return print.applyAsInt(value);
    }

    @Override
    public V typed(String text) {
      return TypedNumbers.whole(text, parse);
    }
  }

  /**
   * Returns the form of a value that is written as a list of texts.
   *
   * @param parse the function that makes a value from the list, and throws {@link InvalidValue} if
   *     the list is not allowed
   */
  record Texts<V>(Function<List<String>, V> parse, Function<V, List<String>> print)
      implements Printed<V> {
    @Override
    public V typed(String text) {
      return parse.apply(
          Stream.of(text.split("[\\s,]+", -1)).filter(item -> !item.isEmpty()).toList());
    }
  }

  /**
   * Returns the form of a value that consists of pairs of a name and a text. In database columns
   * and for people, each pair is written as {@code name=text}. People type each pair in its own
   * line, because texts can contain spaces and commas.
   *
   * @param parse the function that makes a value from the pairs, and throws {@link InvalidValue} if
   *     the pairs are not allowed
   */
  record Pairs<V>(Function<Map<String, String>, V> parse, Function<V, Map<String, String>> print)
      implements Printed<V> {
    @Override
    public V typed(String text) {
      return listed(text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
    }

    /** Parses a list that {@link #list} wrote. */
    public V listed(List<String> items) {
      Map<String, String> pairs = new LinkedHashMap<>();
      for (String item : items) {
        int equals = item.indexOf('=');
        String name = item.substring(0, Math.max(equals, 0));
        if (equals < 0 || pairs.put(name, item.substring(equals + 1)) != null) {
          throw new InvalidValue("pairs", "lines such as name=value, each name once");
        }
      }
      return parse.apply(pairs);
    }

    /** Writes each pair as {@code name=text}. */
    public static List<String> list(Map<?, ?> pairs) {
      return pairs.entrySet().stream().map(pair -> pair.getKey() + "=" + pair.getValue()).toList();
    }
  }

  /**
   * Returns the form of a value that is written as a JSON object. In database columns and for
   * people, the value is the text of the object.
   *
   * @param parse the function that reads a value from the object's text, and throws {@link
   *     InvalidValue} if the text is not allowed
   */
  record Tree<V>(Function<String, V> parse, Function<V, String> print) implements Printed<V> {
    @Override
    public V typed(String text) {
      return parse.apply(text);
    }
  }

  /** True or false. */
  record Flag() implements ScalarForm<Boolean> {
    @Override
    public Object plain(Boolean value) {
      return value;
    }

    @Override
    public Boolean typed(String text) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new InvalidValue("flag", "true or false");
      };
    }
  }
}
