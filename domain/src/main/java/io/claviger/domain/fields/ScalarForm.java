package io.claviger.domain.fields;

import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * How the value of a field is written down, in JSON and in its column: as one text, one whole
 * number or one flag.
 *
 * @param <V> the type of the value
 */
public sealed interface ScalarForm<V> {
  /** What is written down: a String, an Integer or a Boolean. */
  Object plain(V value);

  /**
   * A value that is written as a text.
   *
   * @param parse throws {@link io.claviger.domain.InvalidValue} for what is not allowed
   */
  record Text<V>(Function<String, V> parse, Function<V, String> print) implements ScalarForm<V> {
    @Override
    public Object plain(V value) {
      return print.apply(value);
    }
  }

  /**
   * A value that is written as a whole number.
   *
   * @param parse throws {@link io.claviger.domain.InvalidValue} for what is not allowed
   */
  record WholeNumber<V>(IntFunction<V> parse, ToIntFunction<V> print) implements ScalarForm<V> {
    @Override
    public Object plain(V value) {
      return print.applyAsInt(value);
    }
  }

  /** True or false. */
  record Flag() implements ScalarForm<Boolean> {
    @Override
    public Object plain(Boolean value) {
      return value;
    }
  }
}
