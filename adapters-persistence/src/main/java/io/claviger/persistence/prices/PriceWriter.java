package io.claviger.persistence.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Stores any number of prices with two statements. */
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

    private Optional<String> provider() {
      return scope instanceof PriceScope.OfProvider of
          ? Optional.of(of.provider().wireName())
          : Optional.empty();
    }

    private @Nullable Long rate(Rate rate) {
      return content.terms().rates().stated().get(rate);
    }

    private String thresholds() {
      return array(content.terms().thresholds().stream().map(Threshold::above));
    }

    private String thresholdRates() {
      return array(
          content.terms().thresholds().stream()
              .flatMap(each -> stated(each.rates(), Threshold.RATES)));
    }

    private String tiers() {
      return array(content.terms().tiers().keySet().stream().map(tier -> quoted(tier.name())));
    }

    private String tierRates() {
      return array(
          content.terms().tiers().values().stream()
              .flatMap(rates -> stated(rates, PriceTerms.TIER_RATES)));
    }

    private String fees() {
      return array(
          content.terms().fees().stream()
              .map(Fee::piece)
              .map(of -> quoted((of.what().wireName() + " " + of.quality()).strip())));
    }

    private String feeAmounts() {
      return array(content.terms().fees().stream().map(Fee::amount));
    }

    private String feePieces() {
      return array(content.terms().fees().stream().map(Fee::per));
    }

    private static Stream<Object> stated(Rates rates, List<Rate> of) {
      return of.stream()
          .map(
              rate -> {
                Long pico = rates.stated().get(rate);
                return pico == null ? "null" : pico;
              });
    }

    /**
     * JDBC can't send arrays of several prices as one parameter, so each array is sent as a text.
     */
    private static String array(Stream<?> elements) {
      return elements.map(Object::toString).collect(Collectors.joining(",", "{", "}"));
    }

    /**
     * Quotes a text that contains no quotes or backslashes. Names of tiers and fees never contain
     * such characters.
     */
    private static String quoted(String text) {
      return '"' + text + '"';
    }
  }

  static String holder(PriceScope scope) {
    return switch (scope) {
      case PriceScope.OfProvider of -> of.provider().wireName();
      case PriceScope.OfService own -> own.service().value().toString();
    };
  }

  /**
   * Lets only one transaction at a time lock, end or import prices of a holder. A statement that
   * waits for a row finds no price if the other transaction replaced the price, because the row of
   * the new price is not in the statement's snapshot. A transaction that needs the turns of several
   * holders takes them in alphabetical order, so that no two transactions wait for each other.
   */
  void takeTurn(String holder) {
    String unused =
        jdbc.sql(
                """
                select pg_advisory_xact_lock(
                  hashtextextended(
                    concat_ws(' ', 'claviger prices of', :holder, current_schema()), 0))::text
                """)
            .param("holder", holder)
            .query(String.class)
            .single();
  }

  /** Ends the stored prices that apply from the same days as the new prices. */
  int endSame(List<Line> lines, Instant now) {
    return jdbc.sql(
            """
            update prices p set ended_at = greatest(:now, p.written_at)
            from unnest(:holders, :models, :days) w (holder, model, day)
            where p.holder = w.holder and p.model = w.model and p.valid_from = w.day::date
              and p.ended_at is null
            """)
        .param("now", Parameters.at(now))
        .param("holders", Parameters.texts(lines, Line::holder))
        .param("models", Parameters.texts(lines, line -> line.model().value()))
        .param("days", Parameters.texts(lines, line -> line.content().validFrom().toString()))
        .update();
  }

  /**
   * Inserts prices. A service's new price gets the smallest number that none of the service's
   * stored prices has. Returns the versions of the inserted prices, in any order. If a service has
   * no free number, its price is not inserted.
   */
  List<Long> insert(List<Line> lines, Instant now) {
    StatementSpec statement =
        jdbc.sql(
            """
            insert into prices (
              instance_id, provider, number, model, valid_from,
              input, cached_input, cache_write_5m, cache_write_1h, audio_input, image_input,
              output, reasoning, audio_output, image_output, request, image,
              thresholds, threshold_rates, tiers, tier_rates, fees, fee_amounts, fee_pieces,
              written_at)
            select
              w.instance_id, w.provider, free.number, w.model, w.valid_from::date,
              w.input, w.cached_input, w.cache_write_5m, w.cache_write_1h, w.audio_input,
              w.image_input, w.output, w.reasoning, w.audio_output, w.image_output, w.request,
              w.image,
              w.thresholds::bigint[], w.threshold_rates::bigint[], w.tiers::text[],
              w.tier_rates::bigint[], w.fees::text[], w.fee_amounts::bigint[],
              w.fee_pieces::bigint[], :now
            from unnest(
              cast(:instances as uuid[]), :providers, :models, :days,
              :input, :cached_input, :cache_write_5m, :cache_write_1h, :audio_input, :image_input,
              :output, :reasoning, :audio_output, :image_output, :request, :image,
              :thresholds, :threshold_rates, :tiers, :tier_rates, :fees, :fee_amounts,
              :fee_pieces)
              as w (
                instance_id, provider, model, valid_from,
                input, cached_input, cache_write_5m, cache_write_1h, audio_input, image_input,
                output, reasoning, audio_output, image_output, request, image,
                thresholds, threshold_rates, tiers, tier_rates, fees, fee_amounts, fee_pieces)
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
    return statement
        .param("now", Parameters.at(now))
        .param("instances", Parameters.uuids(lines, Line::service))
        .param("providers", Parameters.optionalTexts(lines, Line::provider))
        .param("models", Parameters.texts(lines, line -> line.model().value()))
        .param("days", Parameters.texts(lines, line -> line.content().validFrom().toString()))
        .param("thresholds", Parameters.texts(lines, Line::thresholds))
        .param("threshold_rates", Parameters.texts(lines, Line::thresholdRates))
        .param("tiers", Parameters.texts(lines, Line::tiers))
        .param("tier_rates", Parameters.texts(lines, Line::tierRates))
        .param("fees", Parameters.texts(lines, Line::fees))
        .param("fee_amounts", Parameters.texts(lines, Line::feeAmounts))
        .param("fee_pieces", Parameters.texts(lines, Line::feePieces))
        .query((row, number) -> row.getLong("version"))
        .list();
  }

  private static @Nullable Long[] numbers(List<Line> lines, Function<Line, @Nullable Long> number) {
    return lines.stream().map(number).toArray(Long[]::new);
  }
}
