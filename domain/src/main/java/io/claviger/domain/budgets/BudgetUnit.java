package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * The unit in which a budget counts use. Amounts are stored as whole numbers of the smallest part
 * of the unit: US dollars as nano-dollars (10<sup>-9</sup>), tokens and requests as whole numbers.
 */
public enum BudgetUnit implements WireNamed {
  /** US dollars: at most 1,000,000,000, that is, 10<sup>18</sup> nano-dollars. */
  USD(9, 1_000_000_000_000_000_000L),
  /** Input and output tokens. At most 10<sup>15</sup>. */
  TOKENS(0, 1_000_000_000_000_000L),
  /** Requests. At most 10<sup>12</sup>. */
  REQUESTS(0, 1_000_000_000_000L);

  /** The length of the longest text of an amount: a sign, 19 digits and a point. */
  private static final int MOST_CHARACTERS = 21;

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final int decimals;
  private final long most;

  BudgetUnit(int decimals, long most) {
    this.decimals = decimals;
    this.most = most;
  }

  /** Returns the name that is stored and shown, such as {@code usd}. */
  @Override
  public String wireName() {
    return wireName;
  }

  /** Finds the unit with the given name, or throws {@link InvalidValue}. */
  public static BudgetUnit of(String wireName) {
    return WireNamed.of(values(), wireName, "unit");
  }

  /**
   * Returns the largest amount that a budget with this unit may have, in the smallest part of the
   * unit.
   */
  public long most() {
    return most;
  }

  /**
   * Converts an amount exactly to the smallest part of this unit.
   *
   * @param written the amount in the unit itself, for example {@code 12.50} dollars
   * @return the amount in the smallest part of the unit, 1 to {@link #most()}
   * @throws InvalidValue when the amount is not above 0, is too large or has too many decimals
   */
  public long parts(BigDecimal written) {
    // The comparisons come first because, without them, the code below would write a number such as
    // 1e-1000000000 with a billion digits.
    if (written.compareTo(inUnits(1)) < 0
        || written.compareTo(inUnits(most)) > 0
        || written.stripTrailingZeros().scale() > decimals) {
      throw new InvalidValue("amount", allowed());
    }
    return written.movePointRight(decimals).longValueExact();
  }

  /**
   * Writes an amount in the unit itself, without an exponent and without superfluous zeros. Creates
   * no {@link BigDecimal}, because each answer states the amount that is left of a budget.
   */
  public String text(long parts) {
    long digits = parts;
    int fraction = decimals;
    while (fraction > 0 && digits % 10 == 0) {
      digits /= 10;
      fraction--;
    }
    if (fraction == 0) {
      return Long.toString(digits);
    }
    StringBuilder text = new StringBuilder(MOST_CHARACTERS).append(digits);
    int first = digits < 0 ? 1 : 0;
    while (text.length() - first <= fraction) {
      text.insert(first, '0');
    }
    return text.insert(text.length() - fraction, '.').toString();
  }

  private BigDecimal inUnits(long parts) {
    return BigDecimal.valueOf(parts, decimals);
  }

  private String allowed() {
    return switch (this) {
      case USD -> "above 0, at most 1,000,000,000 dollars, with up to 9 decimals";
      case TOKENS -> "a whole number, 1 to 1,000,000,000,000,000 tokens";
      case REQUESTS -> "a whole number, 1 to 1,000,000,000,000 requests";
    };
  }
}
