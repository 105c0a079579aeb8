package io.claviger.domain.fields;

import io.claviger.domain.InvalidValue;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

/**
 * Reads whole numbers as people type them: the digits 0 to 9, with or without commas between the
 * thousands, such as {@code 1000} or {@code 1,000}.
 */
public final class TypedNumbers {
  private static final Pattern WHOLE = Pattern.compile("-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]++)");

  private TypedNumbers() {}

  /**
   * Reads a whole number that fits into 32 bits.
   *
   * @param make the function that turns the number into a value, and throws {@link InvalidValue} if
   *     the number is not allowed
   * @throws InvalidValue when the text is not a whole number, or when the number is not allowed. If
   *     the number is too large, the exception states the bounds of {@code make}
   */
  public static <T> T whole(String text, IntFunction<T> make) {
    return make.apply(
        (int) read(text, Integer.MIN_VALUE, Integer.MAX_VALUE, n -> make.apply((int) n)));
  }

  /**
   * Reads a whole number that fits into 64 bits, like {@link #whole}.
   *
   * @param make the function that turns the number into a value, and throws {@link InvalidValue} if
   *     the number is not allowed
   * @throws InvalidValue like {@link #whole}
   */
  public static <T> T large(String text, LongFunction<T> make) {
    return make.apply(read(text, Long.MIN_VALUE, Long.MAX_VALUE, make));
  }

  private static long read(String text, long least, long most, LongFunction<?> make) {
    if (!WHOLE.matcher(text).matches()) {
      throw new InvalidValue("", "a whole number, such as 20 or 1,000");
    }
    OptionalLong number = parsed(text.replace(",", ""));
    if (number.isPresent() && number.getAsLong() >= least && number.getAsLong() <= most) {
      return number.getAsLong();
    }
    // The function "make" might have narrower bounds than 32 or 64 bits. If it does, it throws an
    // exception that states these bounds.
    Object unused = make.apply(text.startsWith("-") ? least : most);
    throw new InvalidValue("", "a whole number of at most %,d".formatted(most));
  }

  private static OptionalLong parsed(String digits) {
    try {
      return OptionalLong.of(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
