package io.claviger.client.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration, such as {@code 90m}, {@code 8h} or {@code 30d}. */
public final class LifetimeConverter implements ITypeConverter<Duration> {
  private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,4})([mhdw])");
  private static final int DAYS_OF_A_WEEK = 7;

  @Override
  public Duration convert(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "write it as a number from 1 to 99999, followed by m, h, d or w, such as 8h");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofDays(number * DAYS_OF_A_WEEK);
    };
  }
}
