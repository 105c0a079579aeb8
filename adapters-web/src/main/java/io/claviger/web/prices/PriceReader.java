package io.claviger.web.prices;

import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.web.json.Json;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonLocation;
import io.claviger.web.json.JsonObject;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads a whole price. A rate that is absent or null is not stated. */
final class PriceReader {
  /** The fields that the path and the stored price determine. */
  static final List<String> READ_ONLY = List.of("provider", "service", "model");

  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private PriceReader() {}

  /** Reads a price; empty if there is any fault, which {@link JsonObject#rejectUnread} reports. */
  static Optional<PriceContent> read(JsonObject fields) {
    Field<LocalDate> from =
        fields.required(
            "valid_from",
            JsonConverter.text(day("valid_from")),
            "Say from which day on, such as 2026-01-31.");
    Rates rates = rates(fields, Arrays.asList(Rate.values()));
    Optional<Threshold> beyond = fields.nullable("long_context", PriceReader::longContext).given();
    if (rates.isEmpty() && isAnyFaulty(fields)) {
      return Optional.empty();
    }
    return from.given()
        .flatMap(
            day ->
                fields
                    .location(rates.isEmpty() ? "input" : "valid_from")
                    .attempt(
                        () ->
                            new PriceContent(
                                day,
                                PriceTerms.of(rates).withThresholds(beyond.stream().toList()))));
  }

  /**
   * Whether there is a rate that could not be read. If so, that fault is the only one to report.
   */
  private static boolean isAnyFaulty(JsonObject fields) {
    return Arrays.stream(Rate.values())
        .anyMatch(
            rate ->
                fields.has(rate.wireName())
                    && !(fields.take(rate.wireName()).orElseThrow() instanceof Json.Null));
  }

  private static Optional<Threshold> longContext(Json json, JsonLocation at) {
    if (!(json instanceof Json.Members members)) {
      return at.wrongType(json, "an object");
    }
    JsonObject fields = JsonObject.at(members, at);
    Field<Integer> above =
        fields.required(
            "above",
            JsonConverter.wholeNumber(number -> number),
            "Say above how many tokens of input these rates apply.");
    Rates rates = rates(fields, Threshold.RATES);
    fields.recordUnknownFields();
    return above.given().flatMap(tokens -> at.attempt(() -> new Threshold(tokens, rates)));
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

  /**
   * Reads a day.
   *
   * @param name the name of the field
   */
  static Function<String, LocalDate> day(String name) {
    return text -> {
      if (DAY.matcher(text).matches()) {
        try {
          return LocalDate.parse(text);
        } catch (DateTimeException e) {
          // An invalid date gets the same error as any other wrong text, below.
        }
      }
      throw new InvalidValue(name, "a day, such as 2026-01-31");
    };
  }
}
