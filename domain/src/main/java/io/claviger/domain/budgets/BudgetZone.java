package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import java.time.ZoneId;
import java.util.regex.Pattern;

/**
 * The time zone in which a budget's windows begin: {@code UTC}, or a name of the tz database with
 * an area, such as {@code Europe/Berlin}.
 *
 * <p>Offsets and names without an area are refused. PostgreSQL and Java interpret such names and
 * offsets differently: for PostgreSQL, {@code CET} has no daylight saving time, and {@code +02:00}
 * is west of Greenwich.
 */
public record BudgetZone(String name) {
  public static final BudgetZone UTC = new BudgetZone("UTC");

  private static final int LONGEST = 64;
  private static final Pattern WITH_AREA = Pattern.compile("[A-Z][A-Za-z]*(?:/[A-Za-z0-9_+-]+)+");

  public BudgetZone {
    if (!name.equals("UTC") && !isKnown(name)) {
      throw new InvalidValue("zone", "UTC, or a time zone such as Europe/Berlin");
    }
  }

  /**
   * This method is written by hand for speed: deep in the stack of a call, the JVM would not inline
   * the generated method.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof BudgetZone zone && name.equals(zone.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  public ZoneId zoneId() {
    return ZoneId.of(name);
  }

  private static boolean isKnown(String name) {
    return name.length() <= LONGEST
        && WITH_AREA.matcher(name).matches()
        && ZoneId.getAvailableZoneIds().contains(name);
  }
}
