package io.claviger.persistence.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads prices from rows. The columns of rates have the names of the rates. */
final class PriceRows {
  private PriceRows() {}

  static ListedPrice listed(Row row) throws SQLException {
    Optional<PriceScope> ofProvider =
        row.optionalText("provider").map(Provider::of).map(PriceScope.OfProvider::new);
    return new ListedPrice(
        ofProvider.isPresent()
            ? ofProvider.get()
            : new PriceScope.OfService(new Instance.Id(row.uuid("instance_id"))),
        new ModelName(row.text("model")),
        price(row),
        row.instant("written_at"));
  }

  static Price price(Row row) throws SQLException {
    return new Price(
        row.bigNumber("version"),
        LocalDate.parse(row.text("valid_from")),
        PriceTerms.of(rates(row, Rate.values()))
            .withThresholds(
                row.optionalNumber("long_above").isPresent()
                    ? List.of(longContext(row))
                    : List.of()));
  }

  private static Threshold longContext(Row row) throws SQLException {
    return new Threshold(
        row.number("long_above"), rates(row.part("long_"), Threshold.RATES.toArray(new Rate[0])));
  }

  private static Rates rates(Row row, Rate... of) throws SQLException {
    Map<Rate, Long> stated = new EnumMap<>(Rate.class);
    for (Rate rate : of) {
      OptionalLong pico = row.optionalBigNumber(rate.wireName());
      if (pico.isPresent()) {
        stated.put(rate, pico.getAsLong());
      }
    }
    return new Rates(stated);
  }

  static ModelBounds bounds(Row row) throws SQLException {
    return new ModelBounds(
        row.optionalBigNumber("max_output"), row.optionalBigNumber("context_limit"));
  }
}
