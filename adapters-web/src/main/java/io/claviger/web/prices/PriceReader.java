package io.claviger.web.prices;

import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.web.json.Json;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonLocation;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.Times;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a price from the body of a request. A rate that is absent or null counts as not stated. */
final class PriceReader {
  /** The fields whose values are given by the path or by the stored price. */
  static final List<String> READ_ONLY = List.of("provider", "service", "model");

  private static final JsonConverter<Threshold> THRESHOLD =
      JsonConverter.object(PriceReader::threshold);

  private PriceReader() {}

  /**
   * Reads a price; empty if the body contains any fault. {@link JsonObject#rejectUnread} reports
   * the faults.
   */
  static Optional<PriceContent> read(JsonObject fields) {
    Field<LocalDate> from =
        fields.required(
            "valid_from",
            JsonConverter.text(Times.dayOf("valid_from")),
            "Say from which day on the price applies, such as 2026-01-31.");
    Rates rates = rates(fields, Arrays.asList(Rate.values()));
    PriceTerms terms = terms(fields, rates);
    if (terms.isEmpty() && isAnyFaulty(fields)) {
      return Optional.empty();
    }
    return from.given()
        .flatMap(
            day ->
                fields
                    .location(terms.isEmpty() ? "input" : "valid_from")
                    .attempt(() -> new PriceContent(day, terms)));
  }

  /**
   * Whether the body contains a rate or fee that could not be read. If a rate or fee could not be
   * read, only the faults of rates and fees are reported.
   */
  private static boolean isAnyFaulty(JsonObject fields) {
    Stream<Json> rates =
        Arrays.stream(Rate.values()).flatMap(rate -> fields.take(rate.wireName()).stream());
    Stream<Json> fees =
        fields
            .take("fees")
            .filter(given -> !(given instanceof Json.Items list && list.items().isEmpty()))
            .stream();
    return Stream.concat(rates, fees).anyMatch(given -> !(given instanceof Json.Null));
  }

  /**
   * Reads the rates and fees that are charged in addition to, or instead of, the usual rates. A
   * faulty rate or fee counts as absent after its fault was recorded.
   */
  private static PriceTerms terms(JsonObject fields, Rates rates) {
    Optional<Threshold> context = fields.nullable("long_context", THRESHOLD).given();
    Optional<List<Threshold>> thresholds =
        fields
            .nullable(
                "thresholds",
                JsonConverter.listOf(THRESHOLD)
                    .then(each -> PriceTerms.NONE.withThresholds(each).thresholds()))
            .given();
    if (context.isPresent()
        && thresholds.isPresent()
        && !thresholds.get().stream().findFirst().equals(context)) {
      Optional<Threshold> unused =
          fields
              .location("long_context")
              .fault("invalid_value", "Leave this out, or repeat the first threshold.");
    }
    Optional<Map<ServiceTier, Rates>> tiers = fields.nullable("tiers", PriceReader::tiers).given();
    return fields
        .nullable(
            "fees",
            JsonConverter.listOf(JsonConverter.object(PriceReader::fee))
                .then(PriceTerms.of(rates)::withFees))
        .given()
        .orElse(PriceTerms.of(rates))
        .withThresholds(thresholds.orElse(context.stream().toList()))
        .withTiers(tiers.orElse(Map.of()));
  }

  private static Optional<Threshold> threshold(JsonObject fields) {
    Field<Integer> above =
        fields.required(
            "above",
            JsonConverter.wholeNumber(number -> number),
            "State the number of input tokens above which these rates apply.");
    Rates rates = rates(fields, Threshold.RATES);
    fields.recordUnknownFields();
    return above
        .given()
        .flatMap(tokens -> fields.location().attempt(() -> new Threshold(tokens, rates)));
  }

  private static Optional<Map<ServiceTier, Rates>> tiers(Json json, JsonLocation at) {
    if (!(json instanceof Json.Members members)) {
      return at.wrongType(json, "an object");
    }
    if (members.byName().size() > PriceTerms.MOST_TIERS) {
      return at.fault("invalid_value", "at most 8");
    }
    Map<ServiceTier, Rates> tiers = new HashMap<>();
    members
        .byName()
        .forEach(
            (name, rates) ->
                JsonConverter.object(fields -> tier(name, fields))
                    .read(rates, at.at(name))
                    .ifPresent(
                        read -> {
                          Rates unused = tiers.put(ServiceTier.of(name), read);
                        }));
    return Optional.of(tiers);
  }

  private static Optional<Rates> tier(String name, JsonObject fields) {
    Rates rates = rates(fields, PriceTerms.TIER_RATES);
    fields.recordUnknownFields();
    return fields
        .location()
        .attempt(
            () -> {
              ServiceTier tier = ServiceTier.of(name);
              if (!tier.name().equals(name)) {
                throw new InvalidValue("tiers", "a tier other than the usual one, such as flex");
              }
              return PriceTerms.NONE.withTiers(Map.of(tier, rates)).tiers().get(tier);
            });
  }

  private static Optional<Fee> fee(JsonObject fields) {
    Optional<FeeKind> what =
        fields
            .required("what", JsonConverter.text(FeeKind::named), "Say what the fee is for.")
            .given();
    Optional<String> quality =
        fields
            .nullable(
                "quality", JsonConverter.text(text -> new FeePiece(FeeKind.IMAGE, text).quality()))
            .given();
    Optional<Long> amount =
        fields
            .required("amount", JsonConverter.decimal(PicoDollars::parse), "Say what it costs.")
            .given();
    int per = fields.value("per", JsonConverter.wholeNumber(number -> number)).or(1);
    fields.recordUnknownFields();
    return what.flatMap(
        kind ->
            amount.flatMap(
                pico ->
                    fields
                        .location("per")
                        .attempt(
                            () -> new Fee(new FeePiece(kind, quality.orElse("")), pico, per))));
  }

  private static Rates rates(JsonObject fields, List<Rate> of) {
    Map<Rate, Long> stated = new EnumMap<>(Rate.class);
    for (Rate rate : of) {
      fields
          .nullable(rate.wireName(), JsonConverter.decimal(d -> PicoDollars.parse(rate, d)))
          .given()
          .ifPresent(pico -> stated.put(rate, pico));
    }
    return new Rates(stated);
  }
}
