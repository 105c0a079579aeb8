package io.claviger.persistence.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads prices from rows. Each column with a rate has the name of this rate. */
final class PriceRows {
  /** The columns of table {@code prices} that {@link #price} reads. */
  static final Columns PRICE =
      Columns.of("version", "valid_from")
          .and(Stream.of(Rate.values()).map(Rate::wireName).toArray(String[]::new))
          .and("thresholds", "threshold_rates", "tiers", "tier_rates")
          .and("fees", "fee_amounts", "fee_pieces");

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
        new PriceTerms(rates(row), thresholds(row), tiers(row), fees(row)));
  }

  private static List<Threshold> thresholds(Row row) throws SQLException {
    List<Long> above = row.bigNumbers("thresholds");
    if (above.isEmpty()) {
      return List.of();
    }
    List<Rates> rates = ratesOfEach(row, "threshold_rates", Threshold.RATES);
    List<Threshold> thresholds = new ArrayList<>(above.size());
    for (int i = 0; i < above.size(); i++) {
      thresholds.add(new Threshold(Math.toIntExact(above.get(i)), rates.get(i)));
    }
    return thresholds;
  }

  private static SortedMap<ServiceTier, Rates> tiers(Row row) throws SQLException {
    SortedMap<ServiceTier, Rates> tiers = new TreeMap<>();
    List<String> names = row.texts("tiers");
    if (!names.isEmpty()) {
      List<Rates> rates = ratesOfEach(row, "tier_rates", PriceTerms.TIER_RATES);
      for (int i = 0; i < names.size(); i++) {
        tiers.put(new ServiceTier(names.get(i)), rates.get(i));
      }
    }
    return tiers;
  }

  private static List<Fee> fees(Row row) throws SQLException {
    List<String> names = row.texts("fees");
    if (names.isEmpty()) {
      return List.of();
    }
    List<Long> amounts = row.bigNumbers("fee_amounts");
    List<Long> pieces = row.bigNumbers("fee_pieces");
    List<Fee> fees = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      String[] name = names.get(i).split(" ", 2);
      FeeKind what = FeeKind.of(name[0]).orElseThrow();
      fees.add(
          new Fee(
              new FeePiece(what, name.length == 1 ? "" : name[1]),
              amounts.get(i),
              Math.toIntExact(pieces.get(i))));
    }
    return fees;
  }

  /**
   * Reads the rates of several thresholds or tiers from one array. The array contains all rates of
   * the first threshold or tier, then all rates of the next, and so on.
   */
  private static List<Rates> ratesOfEach(Row row, String column, List<Rate> of)
      throws SQLException {
    List<@Nullable Long> all = row.nullableBigNumbers(column);
    List<Rates> each = new ArrayList<>();
    for (int first = 0; first < all.size(); first += of.size()) {
      Map<Rate, Long> stated = new EnumMap<>(Rate.class);
      for (int i = 0; i < of.size(); i++) {
        Long pico = all.get(first + i);
        if (pico != null) {
          stated.put(of.get(i), pico);
        }
      }
      each.add(new Rates(stated));
    }
    return each;
  }

  private static Rates rates(Row row) throws SQLException {
    Map<Rate, Long> stated = new EnumMap<>(Rate.class);
    for (Rate rate : Rate.values()) {
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
