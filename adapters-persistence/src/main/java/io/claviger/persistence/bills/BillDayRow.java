package io.claviger.persistence.bills;

import io.claviger.domain.ModelName;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BilledUsage;
import io.claviger.domain.bills.ReadDay;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The arrays in a row of {@code bill_days}. A missing text is stored as an empty text. */
record BillDayRow(
    List<String> usageModels,
    List<String> usageKeys,
    List<String> usageTiers,
    List<Long> quantities,
    List<Integer> feePlaces,
    List<String> feeNames,
    List<Long> feeCounts,
    List<BilledCost> costs,
    Optional<String> lentKey) {
  private static final int QUANTITIES = 6;

  static BillDayRow of(ReadDay day) {
    BillDayRow row =
        new BillDayRow(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            day.costs(),
            day.lentKey());
    day.usage().forEach(row::add);
    return row;
  }

  private void add(BilledUsage usage) {
    usage
        .fees()
        .forEach(
            (name, count) -> {
              feePlaces.add(usageModels.size());
              feeNames.add(name);
              feeCounts.add(count);
            });
    usageModels.add(text(usage.model().map(ModelName::value)));
    usageKeys.add(text(usage.apiKeyId()));
    usageTiers.add(text(usage.tier()));
    BilledUsage.Tokens tokens = usage.tokens();
    quantities.addAll(
        List.of(
            usage.requests(),
            tokens.freshInput(),
            tokens.cachedInput(),
            tokens.cacheWrite5m(),
            tokens.cacheWrite1h(),
            tokens.output()));
  }

  private static String text(Optional<String> text) {
    return text.orElse("");
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty());
  }

  StatementSpec parameters(StatementSpec statement) {
    return statement
        .param("usage_models", usageModels.toArray(String[]::new))
        .param("usage_keys", usageKeys.toArray(String[]::new))
        .param("usage_tiers", usageTiers.toArray(String[]::new))
        .param("quantities", quantities.toArray(Long[]::new))
        .param("fee_places", feePlaces.toArray(Integer[]::new))
        .param("fee_names", feeNames.toArray(String[]::new))
        .param("fee_counts", feeCounts.toArray(Long[]::new))
        .param("cost_lines", Parameters.texts(costs, c -> text(c.lineItem())))
        .param("cost_models", Parameters.texts(costs, c -> text(c.model().map(ModelName::value))))
        .param("cost_currencies", Parameters.texts(costs, BilledCost::currency))
        .param("cost_amounts", Parameters.longs(costs, BilledCost::amount))
        .param("lent_key", lentKey.orElse(null));
  }

  static ReadDay day(LocalDate day, Row row) throws SQLException {
    return new ReadDay(
        day,
        row.instant("read_at"),
        usage(day, row),
        costs(day, row),
        row.optionalText("lent_key"));
  }

  private static List<BilledUsage> usage(LocalDate day, Row row) throws SQLException {
    List<String> models = row.texts("usage_models");
    List<String> keys = row.texts("usage_keys");
    List<String> tiers = row.texts("usage_tiers");
    List<Long> of = row.bigNumbers("quantities");
    Map<Integer, SortedMap<String, Long>> fees = fees(row);
    List<BilledUsage> usage = new ArrayList<>(models.size());
    for (int i = 0; i < models.size(); i++) {
      int at = i * QUANTITIES;
      usage.add(
          new BilledUsage(
              day,
              given(models.get(i)).map(ModelName::new),
              given(keys.get(i)),
              given(tiers.get(i)),
              of.get(at),
              new BilledUsage.Tokens(
                  of.get(at + 1), of.get(at + 2), of.get(at + 3), of.get(at + 4), of.get(at + 5)),
              fees.getOrDefault(i, new TreeMap<>())));
    }
    return usage;
  }

  private static Map<Integer, SortedMap<String, Long>> fees(Row row) throws SQLException {
    List<Integer> places = row.numbers("fee_places");
    List<String> names = row.texts("fee_names");
    List<Long> counts = row.bigNumbers("fee_counts");
    Map<Integer, SortedMap<String, Long>> fees = new TreeMap<>();
    for (int i = 0; i < places.size(); i++) {
      Long unused =
          fees.computeIfAbsent(places.get(i), p -> new TreeMap<>())
              .put(names.get(i), counts.get(i));
    }
    return fees;
  }

  private static List<BilledCost> costs(LocalDate day, Row row) throws SQLException {
    List<String> lines = row.texts("cost_lines");
    List<String> models = row.texts("cost_models");
    List<String> currencies = row.texts("cost_currencies");
    List<Long> amounts = row.bigNumbers("cost_amounts");
    List<BilledCost> costs = new ArrayList<>(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      costs.add(
          new BilledCost(
              day,
              given(lines.get(i)),
              given(models.get(i)).map(ModelName::new),
              currencies.get(i),
              amounts.get(i)));
    }
    return costs;
  }
}
