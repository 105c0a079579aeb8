package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.prices.port.PriceFilter;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.persistence.prices.JdbcPrices;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Upgrades prices of a version in which prices had no tiers and fees. */
@Tag("thorough")
final class PricesUpgradeTest {
  @AutoClose private final TestDatabase database = EarlierSchema.until("098");

  @Test
  void the_rates_of_long_input_become_the_first_threshold() {
    int unused =
        JdbcClient.create(database.dataSource())
            .sql(
                """
                insert into prices (
                  provider, model, valid_from, input, written_at, long_above, long_input,
                  long_cache_write_1h)
                values ('openai', 'a', '2026-01-01', 2, now(), 200000, 4, 5),
                  ('openai', 'b', '2026-01-01', 3, now(), null, null, null)
                """)
            .update();

    new Schema(database.dataSource()).migrate();

    assertThat(
            new JdbcPrices(new Database(database.dataSource()))
                .list(Optional.empty(), PriceFilter.NONE, Optional.empty(), 9))
        .extracting(listed -> listed.price().terms())
        .containsExactly(
            PriceTerms.of(new Rates(Map.of(Rate.INPUT, 2L)))
                .withThresholds(
                    List.of(
                        new Threshold(
                            200_000, new Rates(Map.of(Rate.INPUT, 4L, Rate.CACHE_WRITE_1H, 5L))))),
            PriceTerms.of(new Rates(Map.of(Rate.INPUT, 3L))));
  }
}
