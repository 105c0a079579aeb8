package io.claviger.persistence.prices;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.persistence.prices.PriceWriter.Line;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Stores those prices of a list that differ from the stored prices. */
final class PriceImport {
  private final JdbcClient jdbc;
  private final PriceWriter writer;

  PriceImport(JdbcClient jdbc, PriceWriter writer) {
    this.jdbc = jdbc;
    this.writer = writer;
  }

  private record Key(String provider, String model) {}

  Imported add(List<ImportedModel> models, LocalDate validFrom, Instant now) {
    models.stream()
        .map(each -> each.provider().wireName())
        .distinct()
        .sorted()
        .forEach(writer::takeTurn);
    Map<Key, Price> stored = stored(validFrom);
    List<Line> changed = new ArrayList<>();
    int added = 0;
    for (ImportedModel each : models) {
      if (!each.terms().isEmpty()) {
        Price before = stored.get(new Key(each.provider().wireName(), each.model().value()));
        PriceContent content = new PriceContent(validFrom, each.terms());
        if (before == null || !isSame(content, before)) {
          changed.add(new Line(new PriceScope.OfProvider(each.provider()), each.model(), content));
          added += before == null ? 1 : 0;
        }
      }
    }
    if (!changed.isEmpty()) {
      int unused = writer.endSame(changed, now);
      if (writer.insert(changed, now).size() != changed.size()) {
        throw new IllegalStateException("not all of the deployment's prices were inserted");
      }
    }
    return new Imported(added, changed.size() - added, addBounds(models));
  }

  /** Whether two prices are equal, ignoring their first day. */
  private static boolean isSame(PriceContent content, Price before) {
    return content.terms().equals(before.terms());
  }

  private Map<Key, Price> stored(LocalDate on) {
    Map<Key, Price> stored = new HashMap<>();
    jdbc.sql(
            """
            select distinct on (p.holder, p.model)
              p.provider, p.model, %s
            from prices p
            where p.ended_at is null and p.instance_id is null and p.valid_from <= :on
            order by p.holder, p.model, p.valid_from desc
            """
                .formatted(PriceRows.PRICE.at("p")))
        .param("on", on)
        .query(
            rs -> {
              Row row = Row.of(rs);
              stored.put(new Key(row.text("provider"), row.text("model")), PriceRows.price(row));
            });
    return stored;
  }

  private int addBounds(List<ImportedModel> models) {
    List<ImportedModel> bounded =
        models.stream()
            .filter(m -> m.bounds().maxOutput().isPresent() || m.bounds().context().isPresent())
            .toList();
    return jdbc.sql(
            """
            insert into model_bounds as b (provider, model, max_output, context_limit)
            select w.provider, w.model, w.max_output, w.context_limit
            from unnest(:providers, :models, :max_output, :context_limit)
              as w (provider, model, max_output, context_limit)
            on conflict on constraint model_bounds_pkey do update
            set max_output = excluded.max_output, context_limit = excluded.context_limit
            where (b.max_output, b.context_limit)
              is distinct from (excluded.max_output, excluded.context_limit)
            """)
        .param("providers", Parameters.texts(bounded, m -> m.provider().wireName()))
        .param("models", Parameters.texts(bounded, m -> m.model().value()))
        .param("max_output", numbers(bounded, m -> m.bounds().maxOutput()))
        .param("context_limit", numbers(bounded, m -> m.bounds().context()))
        .update();
  }

  private static @Nullable Long[] numbers(
      List<ImportedModel> models, Function<ImportedModel, OptionalLong> number) {
    return models.stream().map(number).map(PriceImport::orNull).toArray(Long[]::new);
  }

  private static @Nullable Long orNull(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }
}
