package io.claviger.gateway.bills;

import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * A page of the figures that a provider states for its bill. The page has the form that OpenAI and
 * Anthropic use: days with their results, and whether there is another page. Only one of the days
 * of the page is in memory at a time.
 */
final class BillPage {
  /**
   * The maximum number of JSON tokens on a page. Real pages have about one token for every ten
   * bytes of their text.
   */
  static final int MOST_TOKENS = 500_000;

  /**
   * A parser factory that does not keep the names of members in memory, because the provider
   * chooses these names.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
          .build();

  private static final Duration DAY = Duration.ofDays(1);

  /**
   * The maximum number of members that are read from one result. Real results have about 30
   * members.
   */
  private static final int MOST_MEMBERS = 100;

  /** The maximum length of a text that is kept from a result. No real bill has longer texts. */
  private static final int LONGEST_TEXT = 2_048;

  /** The longest path of a member: its name and the names of all objects around the member. */
  private static final int LONGEST_NAME = 128;

  /** The greatest depth to which objects may be nested in a result. */
  private static final int DEEPEST = 4;

  private BillPage() {}

  /** A day in UTC, and the results for that day. */
  record Day(LocalDate day, List<BillRow> rows) {}

  /**
   * Reads a page.
   *
   * @param days an action that receives each day before the next day is read; it may throw an
   *     exception to stop
   * @return the token of the next page; empty if this is the last page
   * @throws UnreadableBill if the text is not a page of this form
   */
  static Optional<String> read(byte[] body, Consumer<Day> days) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      demand(parser.nextToken() == JsonToken.START_OBJECT);
      Optional<String> next = page(parser, days);
      demand(parser.nextToken() == null);
      return next;
    } catch (StreamConstraintsException tooLarge) {
      throw new UnreadableBill(BillingFailure.BILL_TOO_LARGE);
    } catch (JacksonException | DateTimeException | ArithmeticException malformed) {
      throw unreadable();
    }
  }

  private static Optional<String> page(JsonParser parser, Consumer<Day> days) {
    boolean hasData = false;
    String next = null;
    boolean more = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "data" -> {
          demand(value == JsonToken.START_ARRAY);
          hasData = true;
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            demand(parser.currentToken() == JsonToken.START_OBJECT);
            days.accept(day(parser));
          }
        }
        case "next_page" -> {
          demand(value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL);
          next = value == JsonToken.VALUE_STRING ? text(parser) : null;
        }
        case "has_more" -> {
          demand(value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE);
          more = value == JsonToken.VALUE_TRUE;
        }
        default -> parser.skipChildren();
      }
    }
    // If the page says that there are more figures, but does not say how to request them, the
    // figures are incomplete.
    if (!hasData || (more && (next == null || next.isEmpty()))) {
      throw unreadable();
    }
    return more ? Optional.ofNullable(next) : Optional.empty();
  }

  private static Day day(JsonParser parser) {
    Instant start = null;
    Instant end = null;
    List<BillRow> rows = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "start_time", "starting_at" -> start = instant(parser, value);
        case "end_time", "ending_at" -> end = instant(parser, value);
        case "results" -> {
          demand(value == JsonToken.START_ARRAY);
          rows = rows(parser);
        }
        default -> parser.skipChildren();
      }
    }
    if (start == null || end == null || rows == null) {
      throw unreadable();
    }
    LocalDate day = LocalDate.ofInstant(start, ZoneOffset.UTC);
    if (!day.atStartOfDay(ZoneOffset.UTC).toInstant().equals(start)) {
      throw new UnreadableBill(BillingFailure.OTHER_ZONE);
    }
    // The end may be less than a day after the start: for the current day, the provider might state
    // the present time.
    if (!end.isAfter(start) || end.isAfter(start.plus(DAY))) {
      throw new UnreadableBill(BillingFailure.OTHER_DAYS);
    }
    return new Day(day, rows);
  }

  /**
   * OpenAI writes times as numbers of seconds since 1970, and Anthropic as texts with a time zone.
   */
  private static Instant instant(JsonParser parser, JsonToken value) {
    return switch (value) {
      case VALUE_NUMBER_INT -> Instant.ofEpochSecond(parser.getLongValue());
      case VALUE_STRING -> OffsetDateTime.parse(text(parser)).toInstant();
      default -> throw unreadable();
    };
  }

  private static List<BillRow> rows(JsonParser parser) {
    List<BillRow> rows = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      demand(parser.currentToken() == JsonToken.START_OBJECT);
      if (rows.size() == ProviderFigures.MOST_A_DAY) {
        throw new UnreadableBill(BillingFailure.BILL_TOO_LARGE);
      }
      Map<String, String> texts = new HashMap<>();
      Map<String, BigDecimal> numbers = new HashMap<>();
      members(parser, "", 1, texts, numbers);
      rows.add(new BillRow(texts, numbers));
    }
    return rows;
  }

  private static void members(
      JsonParser parser,
      String before,
      int depth,
      Map<String, String> texts,
      Map<String, BigDecimal> numbers) {
    demand(depth <= DEEPEST);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      demand(before.length() + parser.currentName().length() <= LONGEST_NAME);
      String name = before + parser.currentName();
      demand(texts.size() + numbers.size() < MOST_MEMBERS);
      // Two members can have the same path, because the names of members can contain dots.
      demand(!texts.containsKey(name) && !numbers.containsKey(name));
      switch (parser.nextToken()) {
        case VALUE_STRING -> texts.put(name, text(parser));
        case VALUE_TRUE -> texts.put(name, "true");
        case VALUE_FALSE -> texts.put(name, "false");
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> numbers.put(name, parser.getDecimalValue());
        case START_OBJECT -> members(parser, name + ".", depth + 1, texts, numbers);
        case null, default -> parser.skipChildren();
      }
    }
  }

  private static String text(JsonParser parser) {
    String text = parser.getString();
    demand(text.length() <= LONGEST_TEXT);
    return text;
  }

  private static void demand(boolean holds) {
    if (!holds) {
      throw unreadable();
    }
  }

  private static UnreadableBill unreadable() {
    return new UnreadableBill(BillingFailure.BILL_UNREADABLE);
  }
}
