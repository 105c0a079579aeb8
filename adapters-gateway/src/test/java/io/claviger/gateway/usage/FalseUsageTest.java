package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.spending.AnswerPrices;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallCharge.OfOther;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse.Asked;
import io.claviger.domain.spending.UseBounds;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random false statements of usage, in answers of every format and framing. Whatever a provider
 * states, nobody is charged more than the request can cost.
 */
class FalseUsageTest {
  private static final int ROUNDS = 100 * Integer.getInteger("test.seeds", 50);

  private static final Pattern NUMBER = Pattern.compile("(?<=[\"a-z0-9_]\": ?)-?[0-9][0-9.]*");
  private static final Pattern MEMBER =
      Pattern.compile("\"[a-zA-Z0-9_]+\": ?(?:-?[0-9][0-9.]*|\"[^\"]*\")");

  /** The answers in the table of usage statements, and some that the table lacks. */
  private static final List<String> ANSWERS =
      Stream.concat(
              Arrays.stream(UsageCostsTest.text().split("(?m)^== .*\n")).skip(1),
              Stream.of(
                  "{\"usage\":{\"inputTokens\":9,\"outputTokens\":7,\"totalTokens\":16,"
                      + "\"cacheReadInputTokens\":3,\"cacheWriteInputTokens\":4,\"cacheDetails\":"
                      + "[{\"ttl\":\"1h\",\"inputTokens\":4}]},\"serviceTier\":{\"type\":\"flex\"}}",
                  "{\"usage\":{\"input_tokens\":5,\"output_tokens\":6,\"iterations\":[{\"type\":"
                      + "\"advisor_message\",\"model\":\"b\",\"input_tokens\":5,\"output_tokens\":"
                      + "6},{\"type\":\"message\",\"model\":\"a\",\"input_tokens\":5,"
                      + "\"cache_creation\":{\"ephemeral_1h_input_tokens\":8},\"output_tokens\":6},"
                      + "{\"type\":\"fallback_message\",\"model\":\"c\",\"output_tokens\":6}]}}",
                  "{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6,\"cost\":7.5,\"is_byok\":"
                      + "true,\"cost_details\":{\"upstream_inference_cost\":3},"
                      + "\"server_tool_use_details\":{\"web_search_requests\":4,"
                      + "\"tool_calls_executed\":9}},\"service_tier\":\"priority\"}",
                  "{\"usage\":{\"input_tokens\":5,\"output_tokens\":6,\"cost_in_usd_ticks\":7,"
                      + "\"server_side_tool_usage_details\":{\"web_search_calls\":2,"
                      + "\"x_search_calls\":5,\"x_posts_fetched\":44,\"x_users_fetched\":3,"
                      + "\"file_search_calls\":4,\"document_search_calls\":2}},\"output\":[{\"type\":"
                      + "\"web_search_call\",\"id\":\"w\",\"status\":\"completed\",\"action\":"
                      + "{\"type\":\"search\"}},{\"type\":\"image_generation_call\",\"id\":\"i\","
                      + "\"result\":\"r\",\"quality\":\"high\",\"size\":\"1024x1024\"}]}",
                  "{\"usage_info\":{\"pages_processed\":7,\"pages_processed_annotation\":8},"
                      + "\"meta\":{\"billed_units\":{\"search_units\":5,\"image_tokens\":4}},"
                      + "\"duration\":77.5,\"data\":[{\"url\":\"u\"},{\"b64_json\":\"b\"}]}"))
          .map(String::strip)
          .filter(answer -> answer.startsWith("{") && answer.endsWith("}"))
          .toList();

  private static final List<String> LIES =
      List.of(
          "-5",
          "-0",
          "0",
          "1.5",
          "1e18",
          "2147483647",
          "2147483648",
          "99999999999999999999999",
          "0.00000000001",
          "\"7\"",
          "\"flex\"",
          "\"priority\"",
          "\"fast\"",
          "\"1h\"",
          "null",
          "true",
          "[9]",
          "{}",
          "400000",
          "77");

  /**
   * An operation.
   *
   * @param answers those of the answers whose usage is likely to be read there
   */
  private record Place(WireFormat format, String path, List<String> answers) {
    static Place of(WireFormat format, String path, String mark) {
      return new Place(
          format, path, ANSWERS.stream().filter(answer -> answer.contains(mark)).toList());
    }
  }

  private static final List<Place> PLACES =
      List.of(
          Place.of(WireFormat.OPENAI, "chat/completions", "prompt_tokens"),
          Place.of(WireFormat.OPENAI, "chat/completions", "cost"),
          Place.of(WireFormat.OPENAI, "responses", "input_tokens"),
          Place.of(WireFormat.OPENAI, "responses", "output\":["),
          Place.of(WireFormat.OPENAI, "embeddings", "prompt_tokens"),
          Place.of(WireFormat.OPENAI, "images/generations", "data"),
          Place.of(WireFormat.OPENAI, "audio/speech", "data"),
          Place.of(WireFormat.OPENAI, "audio/transcriptions", "input_tokens"),
          Place.of(WireFormat.OPENAI, "ocr", "pages"),
          Place.of(WireFormat.OPENAI, "rerank", "search_units"),
          Place.of(WireFormat.ANTHROPIC, "v1/messages", "input_tokens"),
          Place.of(WireFormat.ANTHROPIC, "v1/messages", "iterations"),
          Place.of(WireFormat.VERTEX, "publishers/anthropic/models/m:rawPredict", "iterations"),
          Place.of(WireFormat.VERTEX, "publishers/google/models/m:generateContent", "usageM"),
          Place.of(WireFormat.GEMINI, "v1beta/models/m:generateContent", "usageMetadata"),
          Place.of(WireFormat.BEDROCK, "model/m/converse", "inputTokens"),
          Place.of(WireFormat.BEDROCK, "model/m/converse-stream", "inputTokens"),
          Place.of(WireFormat.BEDROCK, "model/anthropic.m/invoke", "input_tokens"),
          Place.of(WireFormat.COHERE, "v2/chat", "billed_units"),
          Place.of(WireFormat.COHERE, "v2/rerank", "search_units"),
          Place.of(WireFormat.OLLAMA, "api/chat", "eval_count"));

  private static final List<String> TYPES =
      List.of(
          "application/json",
          "text/event-stream",
          "application/x-ndjson",
          "application/vnd.amazon.eventstream");

  private static final List<String> AROUND =
      List.of(
          "%s",
          "%s",
          "[%s,%s]",
          "{\"type\":\"response.completed\",\"response\":%s}",
          "{\"type\":\"message_start\",\"message\":%s}",
          "{\"choices\":[%s,%s]}",
          "{\"delta\":%s,\"metadata\":%s}",
          "{\"output\":[%s]}",
          "{\"candidates\":[%s],\"usageMetadata\":%s}");

  // The dearest amounts of the price below, in pico-dollars.
  private static final long DEAREST_INPUT = 9_000_000;
  private static final long DEAREST_INPUT_OF_ANY_TIER = 405_000_000;
  private static final long DEAREST_OUTPUT = 30_000_000;
  private static final long DEAREST_OUTPUT_OF_ANY_TIER = 750_000_000;
  private static final long REQUEST = 7_000_000;
  private static final long DEAREST_FEE = 50_000_000_000L;

  private static final Price PRICE = price(1);

  /** The price of another model that can answer. */
  private static final Price DEARER = price(100);

  private static Price price(long times) {
    return new Price(
        times,
        LocalDate.EPOCH,
        PriceTerms.of(
                rates(
                    times,
                    Map.of(
                        Rate.REQUEST, REQUEST,
                        Rate.INPUT, 2_000_000L,
                        Rate.CACHED_INPUT, 200_000L,
                        Rate.CACHE_WRITE_5M, 8_000_000L,
                        Rate.CACHE_WRITE_1H, 8_500_000L,
                        Rate.AUDIO_INPUT, 5_000_000L,
                        Rate.OUTPUT, 8_000_000L,
                        Rate.REASONING, 9_000_000L,
                        Rate.AUDIO_OUTPUT, 15_000_000L,
                        Rate.IMAGE_OUTPUT, 30_000_000L)))
            .withThresholds(
                List.of(
                    new Threshold(
                        1_000,
                        rates(times, Map.of(Rate.INPUT, 9_000_000L, Rate.OUTPUT, 20_000_000L)))))
            .withTiers(
                Map.of(
                    ServiceTier.FLEX,
                    rates(times, Map.of(Rate.INPUT, 1_000_000L, Rate.OUTPUT, 4_000_000L)),
                    ServiceTier.PRIORITY,
                    rates(times, Map.of(Rate.INPUT, 90_000_000L, Rate.OUTPUT, 300_000_000L))))
            .withFees(
                Arrays.stream(FeeKind.values())
                    .map(what -> new Fee(new FeePiece(what, ""), DEAREST_FEE, 1))
                    .toList()));
  }

  private static Rates rates(long times, Map<Rate, Long> usual) {
    Map<Rate, Long> all = new EnumMap<>(usual);
    all.replaceAll((rate, pico) -> pico * times);
    return new Rates(all);
  }

  private static final Price CHEAPER =
      Price.of(
          2,
          LocalDate.EPOCH,
          new Rates(
              Map.of(Rate.INPUT, 1_000_000L, Rate.OUTPUT, 5_000_000L, Rate.IMAGE, 9_000_000L)));

  @Test
  void no_statement_makes_a_call_cost_more_than_it_can() {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = ThreadLocalRandom.current().nextLong();
      check(seed);
    }
  }

  private static void check(long seed) {
    Random random = new Random(seed);
    Place place = any(random, PLACES);
    List<String> read = random.nextInt(9) == 0 ? ANSWERS : place.answers();
    String type = any(random, TYPES);
    byte[] answer = answer(random, read, type);
    try {
      check(random, read(random, place, type, answer));
    } catch (AssertionError | RuntimeException e) {
      String shown = new String(answer, UTF_8);
      throw new AssertionError(
          "seed %d: %s %s %s %s".formatted(seed, place.format(), place.path(), type, shown), e);
    }
  }

  private static void check(Random random, CallUse use) {
    UseBounds bounds = bounds(random);
    CallPrices prices =
        new CallPrices(
            random.nextBoolean() ? Optional.of(CHEAPER) : Optional.empty(),
            Optional.of(PRICE),
            ModelBounds.UNKNOWN);
    UseBounds ofOthers = bounds(random);
    AnswerPrices charging =
        random.nextInt(3) == 0
            ? AnswerPrices.of(
                UsageModel.called("m"),
                prices,
                UsageModel.called("x"),
                new CallPrices(Optional.empty(), Optional.of(DEARER), ModelBounds.UNKNOWN),
                true)
            : AnswerPrices.of(prices);
    CallCharge alone = CallCharge.of(use, bounds, charging);
    Optional<List<OfOther>> others =
        use.others()
            .map(
                all ->
                    all.values().stream()
                        .map(used -> new OfOther(used, prices, ofOthers, random.nextBoolean()))
                        .toList());
    long models = others.map(List::size).orElse(0);
    CallCharge charge = alone.withOthers(others);

    assertWithin(alone.usage(), bounds);
    if (charging.isOfAsked() && !isOfAnyTier(bounds)) {
      assertThat(alone.cost().orElseThrow().forCallers()).isBetween(0L, mostOf(alone));
    }
    assertThat(alone.fees().atMost(bounds.fees())).isEqualTo(alone.fees());
    assertThat(charge.tokens())
        .isBetween(
            0L, bounds.input() + bounds.output() + models * (ofOthers.input() + ofOthers.output()));
    CallCost cost = charge.cost().orElseThrow();
    long most = most(bounds) + models * most(ofOthers);
    assertThat(cost.forService()).isBetween(0L, most);
    assertThat(cost.forCallers()).isBetween(0L, most);
    assertThat(cost.fees().of().values().stream().mapToLong(ChargedFees.Fee::cost).sum())
        .isLessThanOrEqualTo(cost.forService());
    assertThat(charge.disputed().tokens()).isNotNegative();
    assertThat(charge.disputed().cost()).isNotNegative();
  }

  private static void assertWithin(TokenUsage charged, UseBounds bounds) {
    assertThat(charged.input()).isBetween(0L, bounds.input());
    assertThat(charged.output()).isBetween(0L, bounds.output());
    assertThat(charged.parts().images()).isBetween(0L, bounds.images());
  }

  /**
   * Returns the most that can be charged, in nano-dollars, by the dearest amounts of the prices.
   */
  private static long most(UseBounds bounds) {
    long pieces =
        bounds.images() + bounds.fees().counts().values().stream().mapToLong(each -> each).sum();
    long pico =
        REQUEST
            + bounds.input() * (isOfAnyTier(bounds) ? DEAREST_INPUT_OF_ANY_TIER : DEAREST_INPUT)
            + bounds.output() * (isOfAnyTier(bounds) ? DEAREST_OUTPUT_OF_ANY_TIER : DEAREST_OUTPUT)
            + pieces * DEAREST_FEE;
    return Math.ceilDiv(pico, 1_000);
  }

  private static boolean isOfAnyTier(UseBounds bounds) {
    return bounds.tiers().contains(ServiceTier.OTHER);
  }

  /**
   * Returns the most that the charged usage can cost in the tiers that the request allows, in
   * nano-dollars.
   */
  private static long mostOf(CallCharge charge) {
    TokenParts parts = charge.usage().parts();
    long input =
        charge.usage().input() + parts.cachedInput() + parts.cacheWrite5m() + parts.cacheWrite1h();
    long pieces =
        parts.images() + charge.fees().counts().values().stream().mapToLong(each -> each).sum();
    return Math.ceilDiv(
        REQUEST
            + input * DEAREST_INPUT
            + charge.usage().output() * DEAREST_OUTPUT
            + pieces * DEAREST_FEE,
        1_000);
  }

  private static UseBounds bounds(Random random) {
    boolean isSmall = random.nextInt(3) == 0;
    Map<FeeKind, Integer> fees = new EnumMap<>(FeeKind.class);
    for (FeeKind what : FeeKind.values()) {
      if (random.nextInt(3) == 0) {
        fees.put(what, random.nextInt(5));
      }
    }
    FeesUsed most =
        fees.entrySet().stream()
            .map(each -> FeesUsed.of(each.getKey(), each.getValue()))
            .reduce(FeesUsed.NONE, FeesUsed::plus);
    return new UseBounds(
        random.nextInt(isSmall ? 9 : 3_000),
        random.nextInt(isSmall ? 5 : 2_000),
        random.nextInt(3),
        any(
            random,
            List.of(
                RequestedUse.ANY_TIER,
                RequestedUse.USUAL_TIER,
                Set.of(ServiceTier.STANDARD, ServiceTier.FLEX))),
        most);
  }

  private static CallUse read(Random random, Place place, String type, byte[] answer) {
    AnswerUse use = new AnswerUse(place.format(), HttpMethod.POST, place.path(), ObeyedCaps.LEAST);
    HttpHeaders headers = new DefaultHttpHeaders().set("content-type", type);
    use.answered(random.nextInt(9) == 0 ? 400 : 200);
    use.begin(headers);
    use.follow(headers);
    ByteBuf bytes = Unpooled.wrappedBuffer(answer);
    use.count(bytes);
    while (bytes.isReadable()) {
      use.read(bytes.readSlice(Math.min(bytes.readableBytes(), 1 + random.nextInt(400))));
    }
    if (random.nextInt(9) > 0) {
      use.end();
    }
    Asked asked =
        new Asked(
            random.nextBoolean(),
            random.nextInt(3) * 1_000L,
            random.nextBoolean() ? FeesUsed.NONE : FeesUsed.of(FeeKind.IMAGE, 2),
            1 + random.nextInt(3),
            1 + random.nextInt(3),
            random.nextBoolean(),
            random.nextInt(3));
    return use.of(random.nextInt(2_000), UsageModel.called("m"), asked);
  }

  private static byte[] answer(Random random, List<String> answers, String type) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int documents = type.endsWith("/json") ? 1 : 1 + random.nextInt(4);
    for (int i = 0; i < documents; i++) {
      String document = any(random, AROUND).replace("%s", falsified(random, answers));
      all.writeBytes(
          switch (type) {
            case "application/vnd.amazon.eventstream" ->
                EventFramesTest.frame(any(random, List.of("metadata", "chunk")), document);
            case "text/event-stream" ->
                ("event: "
                        + any(random, List.of("message_delta", "response.completed", "x"))
                        + "\ndata: "
                        + (random.nextInt(5) == 0 ? "[DONE]\n\ndata: " : "")
                        + document.replace("\n", "")
                        + "\n\n")
                    .getBytes(UTF_8);
            default -> (document.replace("\n", "") + "\n").getBytes(UTF_8);
          });
    }
    return all.toByteArray();
  }

  /** Returns an answer with some numbers replaced, and some members repeated. */
  private static String falsified(Random random, List<String> answers) {
    String answer = any(random, answers);
    String replaced =
        NUMBER
            .matcher(answer)
            .replaceAll(
                found ->
                    random.nextInt(3) == 0
                        ? Matcher.quoteReplacement(any(random, LIES))
                        : found.group());
    return MEMBER
        .matcher(replaced)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    random.nextInt(6) == 0 ? repeated(random, found.group()) : found.group()));
  }

  private static String repeated(Random random, String member) {
    String lie = member.replaceFirst(":.*", ":" + any(random, LIES));
    return random.nextBoolean() ? lie + "," + member : member + "," + lie;
  }

  private static <T> T any(Random random, List<T> some) {
    return some.get(random.nextInt(some.size()));
  }
}
