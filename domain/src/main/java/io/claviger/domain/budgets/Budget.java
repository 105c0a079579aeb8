package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;

/**
 * A limit on use: the amount that may be used in each window of time, such as a month.
 *
 * @param amount the amount in the smallest part of the unit (nano-dollars, tokens or requests), 1
 *     to {@link BudgetUnit#most()}
 * @param allowsUnpriced whether calls of models without a price are allowed, and cost nothing; only
 *     for budgets in dollars
 */
public record Budget(
    long amount,
    BudgetUnit unit,
    BudgetWindow window,
    BudgetZone zone,
    BudgetBound bound,
    boolean allowsUnpriced) {
  /**
   * The minimum amount that a call reserves in a budget in dollars, unless the model's price is
   * zero. Calls of models without a price reserve this amount, too, even if the budget allows these
   * calls and is charged nothing for them. The real cost of these calls is unknown, so they must
   * not be sent when the budget is used up.
   */
  public static final long LEAST_DOLLARS = 1;

  /** The word for budgets that allow calls of models without a price. */
  public static final String ALLOW = "allow";

  /** The word for budgets that refuse calls of models without a price. */
  public static final String REFUSE = "refuse";

  /**
   * The fields that distinguish the budgets of one holder. Each budget has an account of its own.
   */
  public record Key(BudgetUnit unit, BudgetWindow window, BudgetZone zone) {}

  public Budget {
    if (amount < 1 || amount > unit.most()) {
      throw new InvalidValue("amount", "1 to " + unit.most());
    }
    if (allowsUnpriced && unit != BudgetUnit.USD) {
      throw new InvalidValue("unpriced", "only for budgets in usd");
    }
  }

  /**
   * Returns a human-readable text, such as {@code 20 usd/month Europe/Berlin strict unpriced
   * allowed}.
   */
  public String text() {
    return "%s %s/%s %s %s%s"
        .formatted(
            unit.text(amount),
            unit.wireName(),
            window.wireName(),
            zone.name(),
            bound.wireName(),
            allowsUnpriced ? " unpriced allowed" : "");
  }

  /**
   * Returns a text that {@link #ofWords} reads, such as {@code 5000000000 usd month Europe/Berlin
   * strict refuse}.
   *
   * @param allows the last word of the text if calls of models without a price are allowed
   * @param refuses the last word of the text if calls of models without a price are refused
   */
  public String words(String allows, String refuses) {
    return String.join(
        " ",
        Long.toString(amount),
        unit.wireName(),
        window.wireName(),
        zone.name(),
        bound.wireName(),
        allowsUnpriced ? allows : refuses);
  }

  /** Parses a text that {@link #words} wrote. */
  public static Budget ofWords(String text, String allows) {
    String[] part = text.split(" ", -1);
    return new Budget(
        Long.parseLong(part[0]),
        BudgetUnit.of(part[1]),
        BudgetWindow.of(part[2]),
        new BudgetZone(part[3]),
        BudgetBound.of(part[4]),
        part[5].equals(allows));
  }

  /**
   * Returns {@link #ALLOW} or {@link #REFUSE}: whether calls of models without a price are allowed.
   */
  public String unpriced() {
    return allowsUnpriced ? ALLOW : REFUSE;
  }

  /**
   * Returns whether a budget with this word allows calls of models without a price.
   *
   * @throws InvalidValue if the text is neither word
   */
  public static boolean allowedBy(String word) {
    return switch (word) {
      case ALLOW -> true;
      case REFUSE -> false;
      default -> throw new InvalidValue("unpriced", "refuse or allow");
    };
  }

  /** Whether calls of models without a price are refused. */
  public boolean refusesUnpriced() {
    return unit == BudgetUnit.USD && !allowsUnpriced;
  }

  public Key key() {
    return new Key(unit, window, zone);
  }

  /**
   * Whether this budget is at most as generous as another budget with the same unit, window and
   * zone. The result is true exactly if this budget's amount is at most the other budget's amount,
   * this budget's bound is at least as strict, and this budget refuses calls of models without a
   * price if the other budget does.
   */
  public boolean isWithin(Budget other) {
    return key().equals(other.key())
        && amount <= other.amount
        && bound.compareTo(other.bound) >= 0
        && (other.allowsUnpriced || !allowsUnpriced);
  }
}
