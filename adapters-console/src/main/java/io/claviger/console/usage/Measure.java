package io.claviger.console.usage;

import io.claviger.console.page.Numbers;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageMeasure;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The quantity that the chart shows, and by which the table is ranked. */
enum Measure {
  REQUESTS("Requests", UsageMeasure.REQUESTS) {
    @Override
    BigDecimal of(UsageCounts counts) {
      return BigDecimal.valueOf(counts.requests());
    }

    @Override
    BigDecimal estimated(UsageCounts counts) {
      return BigDecimal.valueOf(counts.estimated().requests());
    }

    @Override
    BigDecimal disputed(UsageCounts counts) {
      return BigDecimal.valueOf(counts.disputed().requests());
    }
  },
  TOKENS("Tokens", UsageMeasure.TOKENS) {
    @Override
    BigDecimal of(UsageCounts counts) {
      return BigDecimal.valueOf(counts.inputTokens())
          .add(BigDecimal.valueOf(counts.outputTokens()));
    }

    @Override
    BigDecimal estimated(UsageCounts counts) {
      return BigDecimal.valueOf(counts.estimated().inputTokens())
          .add(BigDecimal.valueOf(counts.estimated().outputTokens()));
    }

    @Override
    BigDecimal disputed(UsageCounts counts) {
      return BigDecimal.valueOf(counts.disputed().tokens());
    }
  },
  COST("Cost", UsageMeasure.COST) {
    @Override
    BigDecimal of(UsageCounts counts) {
      return Money.dollars(counts.cost().cost());
    }

    @Override
    BigDecimal estimated(UsageCounts counts) {
      return Money.dollars(counts.cost().estimated());
    }

    @Override
    BigDecimal disputed(UsageCounts counts) {
      return Money.dollars(counts.disputed().cost());
    }
  };

  private final String title;
  private final UsageMeasure ranked;

  Measure(String title, UsageMeasure ranked) {
    this.title = title;
    this.ranked = ranked;
  }

  abstract BigDecimal of(UsageCounts counts);

  /** Returns how much of the amount was estimated by the gateway. */
  abstract BigDecimal estimated(UsageCounts counts);

  /**
   * Returns how much more the providers stated than Claviger counted. The counted amount does not
   * include this excess.
   */
  abstract BigDecimal disputed(UsageCounts counts);

  /** The name of the quantity, as the first word of a title. */
  String title() {
    return title;
  }

  /** Returns the text of an amount with its unit. */
  String words(BigDecimal amount) {
    boolean one = this == REQUESTS && amount.compareTo(BigDecimal.ONE) == 0;
    return this == COST ? shown(amount) : shown(amount) + " " + (one ? "request" : wireName());
  }

  /** Writes an amount without its unit. Only amounts of money keep the dollar sign. */
  String shown(BigDecimal amount) {
    return this == COST
        ? Numbers.dollars(amount)
        : Numbers.shown(amount.setScale(0, RoundingMode.UP));
  }

  UsageMeasure ranked() {
    return ranked;
  }

  /** The name of the quantity in the addresses of pages, such as {@code cost}. */
  String wireName() {
    return ranked.wireName();
  }

  static Measure of(String wireName) {
    for (Measure each : values()) {
      if (each.wireName().equals(wireName)) {
        return each;
      }
    }
    throw new InvalidValue("show", "requests, tokens or cost");
  }
}
