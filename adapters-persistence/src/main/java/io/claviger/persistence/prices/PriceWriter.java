package io.claviger.persistence.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Threshold;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Writes any number of prices with two statements. */
final class PriceWriter {
  private final JdbcClient jdbc;

  PriceWriter(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  record Line(PriceScope scope, ModelName model, PriceContent content) {
    String holder() {
      return PriceWriter.holder(scope);
    }

    private @Nullable UUID service() {
      return scope instanceof PriceScope.OfService own ? own.service().value() : null;
    }

    private @Nullable String provider() {
      return scope instanceof PriceScope.OfProvider of ? of.provider().wireName() : null;
    }

    private @Nullable Long rate(Rate rate) {
      return content.terms().rates().stated().get(rate);
    }

    private @Nullable Long longRate(Rate rate) {
      return content.terms().thresholds().stream()
          .findFirst()
          .map(Threshold::rates)
          .map(r -> r.stated().get(rate))
          .orElse(null);
    }
  }

  static String holder(PriceScope scope) {
    return switch (scope) {
      case PriceScope.OfProvider of -> of.provider().wireName();
      case PriceScope.OfService own -> own.service().value().toString();
    };
  }

  /** Ends the prices that are valid from the same days as these. */
  int endSame(List<Line> lines, Instant now) {
    return jdbc.sql(
            """
            update prices p set ended_at = greatest(:now, p.written_at)
            from unnest(:holders, :models, :days) w (holder, model, day)
            where p.holder = w.holder and p.model = w.model and p.valid_from = w.day::date
              and p.ended_at is null
            """)
        .param("now", Parameters.at(now))
        .param("holders", texts(lines, Line::holder))
        .param("models", texts(lines, line -> line.model().value()))
        .param("days", texts(lines, line -> line.content().validFrom().toString()))
        .update();
  }

  /**
   * Inserts prices. A price of a service gets the smallest number that no other price of the
   * service has. Returns their versions, in any order; a price is left out if its service has no
   * free number.
   */
  List<Long> insert(List<Line> lines, Instant now) {
    StatementSpec statement =
        jdbc.sql(
            """
            insert into prices (
              instance_id, provider, number, model, valid_from,
              input, cached_input, cache_write_5m, cache_write_1h, audio_input, image_input,
              output, reasoning, audio_output, image_output, request, image,
              long_above, long_input, long_cached_input, long_cache_write_5m, long_cache_write_1h,
              long_output, written_at)
            select
              w.instance_id, w.provider, free.number, w.model, w.valid_from::date,
              w.input, w.cached_input, w.cache_write_5m, w.cache_write_1h, w.audio_input,
              w.image_input, w.output, w.reasoning, w.audio_output, w.image_output, w.request,
              w.image,
              w.long_above, w.long_input, w.long_cached_input, w.long_cache_write_5m,
              w.long_cache_write_1h, w.long_output, :now
            from unnest(
              cast(:instances as uuid[]), :providers, :models, :days,
              :input, :cached_input, :cache_write_5m, :cache_write_1h, :audio_input, :image_input,
              :output, :reasoning, :audio_output, :image_output, :request, :image,
              :long_above, :long_input, :long_cached_input, :long_cache_write_5m,
              :long_cache_write_1h, :long_output)
              as w (
                instance_id, provider, model, valid_from,
                input, cached_input, cache_write_5m, cache_write_1h, audio_input, image_input,
                output, reasoning, audio_output, image_output, request, image,
                long_above, long_input, long_cached_input, long_cache_write_5m,
                long_cache_write_1h, long_output)
            left join lateral (
              select min(n) as number from generate_series(1, 1000) n
              where not exists (
                select from prices p where p.instance_id = w.instance_id and p.number = n)
            ) free on w.instance_id is not null
            where w.instance_id is null or free.number is not null
            returning version
            """);
    for (Rate rate : Rate.values()) {
      statement = statement.param(rate.wireName(), numbers(lines, line -> line.rate(rate)));
    }
    for (Rate rate : Threshold.RATES) {
      statement =
          statement.param("long_" + rate.wireName(), numbers(lines, line -> line.longRate(rate)));
    }
    return statement
        .param("now", Parameters.at(now))
        .param("instances", lines.stream().map(Line::service).toArray(UUID[]::new))
        .param("providers", texts(lines, Line::provider))
        .param("models", texts(lines, line -> line.model().value()))
        .param("days", texts(lines, line -> line.content().validFrom().toString()))
        .param("long_above", lines.stream().map(PriceWriter::longAbove).toArray(Integer[]::new))
        .query((row, number) -> row.getLong("version"))
        .list();
  }

  private static @Nullable Integer longAbove(Line line) {
    Optional<Threshold> beyond = line.content().terms().thresholds().stream().findFirst();
    return beyond.map(Threshold::above).orElse(null);
  }

  private static @Nullable String[] texts(List<Line> lines, Function<Line, @Nullable String> text) {
    return lines.stream().map(text).toArray(String[]::new);
  }

  private static @Nullable Long[] numbers(List<Line> lines, Function<Line, @Nullable Long> number) {
    return lines.stream().map(number).toArray(Long[]::new);
  }
}
