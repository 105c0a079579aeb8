package io.claviger.console.usage;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.usage.UsageCounts;
import java.math.BigDecimal;
import java.util.Locale;

/** What the chart counts. */
enum Measure {
  REQUESTS("requests") {
    @Override
    BigDecimal of(UsageCounts counts) {
      return BigDecimal.valueOf(counts.requests());
    }
  },
  TOKENS("tokens") {
    @Override
    BigDecimal of(UsageCounts counts) {
      return BigDecimal.valueOf(counts.inputTokens())
          .add(BigDecimal.valueOf(counts.outputTokens()));
    }
  },
  COST("dollars") {
    @Override
    BigDecimal of(UsageCounts counts) {
      return Money.dollars(counts.cost().cost());
    }
  };

  private final String unit;

  Measure(String unit) {
    this.unit = unit;
  }

  abstract BigDecimal of(UsageCounts counts);

  /** What is counted, as it stands beside the chart. */
  String unit() {
    return unit;
  }

  /** The name in addresses, such as {@code cost}. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
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
