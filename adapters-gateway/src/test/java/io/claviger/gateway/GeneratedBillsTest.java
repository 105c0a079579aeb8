package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.budgets.SpendingDecision;
import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.builders.AnExchange;
import io.claviger.application.fakes.InMemoryBudgetLedger;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.domain.ModelName;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.stub.ProviderLedger.Entry;
import io.claviger.testkit.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.RoundingMode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * What budgets are charged for random requests, beside what the stub bills for them: no less than
 * that, and no more than was reserved. The stub keeps to what a request allows, as an honest
 * provider does.
 */
class GeneratedBillsTest {
  /** How many requests each operation gets. */
  private static final int ROUNDS = Integer.getInteger("test.seeds", 50);

  /** The stub's own prices. */
  private static final CallPrices PRICES =
      new CallPrices(
          Optional.empty(),
          Optional.of(new Price(1, LocalDate.EPOCH, terms())),
          new ModelBounds(OptionalLong.of(8_000), OptionalLong.of(200_000)));

  private static PriceTerms terms() {
    return PriceTerms.of(
            new Rates(
                Map.of(
                    Rate.INPUT, 2_000_000L,
                    Rate.CACHED_INPUT, 200_000L,
                    Rate.CACHE_WRITE_5M, 2_500_000L,
                    Rate.CACHE_WRITE_1H, 4_000_000L,
                    Rate.OUTPUT, 8_000_000L,
                    Rate.AUDIO_INPUT, 10_000_000L,
                    Rate.AUDIO_OUTPUT, 20_000_000L)))
        .withTiers(
            Map.of(
                ServiceTier.FLEX, rates(1_000_000, 4_000_000),
                ServiceTier.PRIORITY, rates(4_000_000, 16_000_000)))
        .withFees(
            List.of(
                fee(FeeKind.WEB_SEARCH, 10_000),
                fee(FeeKind.FILE_SEARCH, 2_500),
                fee(FeeKind.CODE_INTERPRETER, 30_000),
                fee(FeeKind.COMPUTER_USE, 50_000),
                fee(FeeKind.IMAGE, 40_000),
                fee(FeeKind.GROUNDING, 14_000),
                fee(FeeKind.SEARCH, 2_000),
                fee(FeeKind.PAGE, 1_000),
                fee(FeeKind.AUDIO_MINUTE, 6_000),
                fee(FeeKind.CHARACTER, 15)));
  }

  private static Rates rates(long input, long output) {
    return new Rates(Map.of(Rate.INPUT, input, Rate.OUTPUT, output));
  }

  private static Fee fee(FeeKind what, long micros) {
    return new Fee(new FeePiece(what, ""), micros * 1_000_000, 1);
  }

  private final InMemoryBudgetLedger ledger =
      new InMemoryBudgetLedger(new SettableClock(Instant.parse("2026-11-22T10:00:00Z")));
  private final BudgetReservations reservations = new BudgetReservations(ledger, System::nanoTime);
  private final CallBudgets budgets =
      new CallBudgets(
          new PriceBook() {
            @Override
            public Optional<CallPrices> findAtOnce(PricedModel model) {
              return Optional.of(PRICES);
            }

            @Override
            public CallPrices find(PricedModel model) {
              return PRICES;
            }

            @Override
            public CallPrices find(PricedModel model, LocalDate on) {
              return PRICES;
            }

            @Override
            public Optional<ModelName> modelOf(Instance.Id service) {
              return Optional.empty();
            }
          },
          reservations,
          System::nanoTime);
  @AutoClose private final Rig rig = new Rig();
  private Optional<CallEstimate> estimate = Optional.empty();

  /** An operation of a provider, and how random requests for it are made. */
  private record Operation(Provider provider, WireFormat format, String path, Consumer<Draw> body) {
    Operation(Provider provider, String path, Consumer<Draw> body) {
      this(provider, provider.defaultFormat(), path, body);
    }
  }

  private static final List<Operation> OPERATIONS =
      List.of(
          new Operation(Provider.OPENAI, "chat/completions", GeneratedBillsTest::openAiChat),
          new Operation(Provider.MISTRAL, "chat/completions", GeneratedBillsTest::mistralChat),
          new Operation(Provider.GROQ, "chat/completions", GeneratedBillsTest::groqChat),
          new Operation(Provider.OPENROUTER, "chat/completions", GeneratedBillsTest::openAiChat),
          new Operation(Provider.OPENAI, "completions", GeneratedBillsTest::completion),
          new Operation(Provider.OPENAI, "responses", GeneratedBillsTest::response),
          new Operation(Provider.OPENAI, "embeddings", GeneratedBillsTest::embedding),
          new Operation(Provider.OPENAI, "images/generations", GeneratedBillsTest::images),
          new Operation(Provider.OPENAI, "audio/speech", GeneratedBillsTest::speech),
          new Operation(Provider.MISTRAL, "ocr", GeneratedBillsTest::pages),
          new Operation(Provider.VLLM, "rerank", GeneratedBillsTest::ranking),
          new Operation(Provider.ANTHROPIC, "v1/messages", GeneratedBillsTest::message),
          new Operation(
              Provider.GOOGLE,
              "v1beta/models/%s:generateContent",
              draw -> generated(draw, "gemini-3-pro", "gemini-2.5-pro")),
          new Operation(
              Provider.GOOGLE,
              "v1beta/models/%s:streamGenerateContent?alt=sse",
              draw -> generated(draw, "gemini-3-pro", "gemini-2.5-pro")),
          new Operation(Provider.COHERE, "v2/chat", GeneratedBillsTest::cohereChat),
          new Operation(Provider.COHERE, "v2/rerank", GeneratedBillsTest::ranking),
          new Operation(
              Provider.OLLAMA, WireFormat.OLLAMA, "api/chat", GeneratedBillsTest::ollamaChat),
          new Operation(Provider.BEDROCK, "model/%s/converse", GeneratedBillsTest::converse),
          new Operation(Provider.BEDROCK, "model/%s/converse-stream", GeneratedBillsTest::converse),
          new Operation(
              Provider.VERTEX,
              "publishers/google/models/%s:generateContent",
              draw -> generated(draw, "gemini-3-pro", "gemini-2.5-flash")));

  @Test
  void no_less_is_charged_than_billed_and_no_more_than_reserved() {
    int admitted = 0;
    for (Operation operation : OPERATIONS) {
      for (int round = 0; round < ROUNDS; round++) {
        long seed = ThreadLocalRandom.current().nextLong();
        admitted += isAdmitted(operation, seed, BudgetBound.values()[round % 2]) ? 1 : 0;
      }
    }

    assertThat(admitted).isGreaterThan(ROUNDS * OPERATIONS.size() / 3);
  }

  /** Makes a call, and checks what it is charged. Returns whether the provider got the call. */
  private boolean isAdmitted(Operation operation, long seed, BudgetBound bound) {
    Draw draw = new Draw(new Random(seed));
    operation.body.accept(draw);
    String body = draw.body();
    BudgetMeter meter = lend(operation, bound);
    int before = rig.events.finishedSoFar();
    int billedBefore = rig.stub.ledger().entries().size();
    boolean leaves = bound == BudgetBound.STRICT && draw.isOneOf(4);
    int status = call(operation.path.formatted(draw.model), body, leaves ? draw.below(600) : -1);
    long charged = charged(meter, before + 1);
    List<Entry> all = rig.stub.ledger().entries();
    long billed =
        all.subList(billedBefore, all.size()).stream().mapToLong(GeneratedBillsTest::nanos).sum();
    String what =
        "%s %s %s, seed %d, status %d: %s"
            .formatted(operation.provider.wireName(), operation.path, bound, seed, status, body);

    assertThat(charged).as(what).isGreaterThanOrEqualTo(billed);
    if (estimate.isEmpty()) {
      assertThat(all).as(what).hasSize(billedBefore);
      return false;
    }
    assertThat(charged).as(what).isLessThanOrEqualTo(most(estimate.get(), meter));
    return all.size() > billedBefore;
  }

  private static long nanos(Entry billed) {
    return billed.dollars().movePointRight(9).setScale(0, RoundingMode.CEILING).longValueExact();
  }

  private static long most(CallEstimate estimate, BudgetMeter meter) {
    return meter.budget().bound() == BudgetBound.STRICT
            && estimate.reservationFor(meter) instanceof CallEstimate.Bound.Of reserved
        ? reserved.amount()
        : estimate.mostFor(meter, estimate.bounds());
  }

  private BudgetMeter lend(Operation operation, BudgetBound bound) {
    BudgetMeter meter =
        new BudgetMeter(
            "user:" + UUID.randomUUID(),
            new Budget(1L << 48, BudgetUnit.USD, BudgetWindow.TOTAL, BudgetZone.UTC, bound, false),
            true);
    estimate = Optional.empty();
    rig.authorizer.answer(Rig.TOKEN, call -> authorized(call, operation, meter));
    return meter;
  }

  private AuthorizationOutcome authorized(
      CallRequest call, Operation operation, BudgetMeter charged) {
    AuthorizedCall lent =
        rig.at(operation.format)
            .of(operation.provider)
            .streamingUsage()
            .authorized("alice/my-openai")
            .with(true, CallSpending.NONE);
    if (call.stage() == CallRequest.Stage.HEAD) {
      return new AuthorizationOutcome.Authorized(lent);
    }
    SpendingRequest.Rules rules =
        new SpendingRequest.Rules(
            TestService.CALLER,
            new Instance.Id(new UUID(0, 2)),
            operation.provider,
            List.of(charged),
            OptionalInt.empty(),
            false);
    if (budgets.reserve(
            new SpendingRequest(rules, call.use().at(rules.provider().caps(), rules.areStrict())))
        instanceof SpendingDecision.Granted granted) {
      estimate = granted.spending().estimate();
      return new AuthorizationOutcome.Authorized(lent.with(true, granted.spending()));
    }
    return new AuthorizationOutcome.Refused(CallRefusal.BUDGET_EXHAUSTED, Optional.empty());
  }

  /**
   * Calls, and returns the status.
   *
   * @param leavesAfter after how many bytes of the answer the caller leaves; negative for never
   */
  private int call(String path, String body, int leavesAfter) {
    if (leavesAfter < 0) {
      return rig.post(path, body).status();
    }
    HttpResponse<InputStream> answer = rig.stream(path, body);
    try (InputStream in = answer.body()) {
      byte[] unused = in.readNBytes(leavesAfter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer.statusCode();
  }

  private long charged(BudgetMeter meter, int calls) {
    FinishedCall unused = rig.events.awaitFinished(calls);
    long deadline = System.nanoTime() + Rig.PATIENCE.toNanos();
    while (true) {
      reservations.end();
      BudgetAccountState state =
          ledger.exchange(UUID.randomUUID(), List.of(AnExchange.asking(meter))).getFirst();
      if (state.reserved() == 0) {
        return state.settled();
      }
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Draws the members of a body, and what the provider uses within what they allow. */
  private static final class Draw {
    private final Random random;
    private final List<String> members = new ArrayList<>();
    private final Map<String, Integer> uses = new LinkedHashMap<>();
    private String tier = "";
    private String model = "m";

    Draw(Random random) {
      this.random = random;
    }

    boolean isOneOf(int many) {
      return random.nextInt(many) == 0;
    }

    int below(int bound) {
      return random.nextInt(bound);
    }

    int between(int least, int most) {
      return least + random.nextInt(most - least + 1);
    }

    String any(String... values) {
      return values[random.nextInt(values.length)];
    }

    void member(String json) {
      members.add(json);
    }

    /** Adds some of these members. */
    void some(String... optional) {
      for (String each : optional) {
        if (isOneOf(5)) {
          member(each);
        }
      }
    }

    void model(String... names) {
      model = any(names);
    }

    void named() {
      member("\"model\":\"" + model + "\"");
    }

    void uses(String what, int most) {
      if (most > 0 && isOneOf(2)) {
        Integer unused = uses.merge(what, between(1, most), Integer::sum);
      }
    }

    /** Tokens that are stated beside the plain ones. */
    void tokens(String... parts) {
      for (String part : parts) {
        uses(part, 150);
      }
    }

    /** What the last text of the request says, with the instructions for the stub. */
    String prompt() {
      String said = "word ".repeat(between(1, 60)).strip();
      String used =
          uses.entrySet().stream()
              .map(each -> " " + each.getKey() + "=" + each.getValue())
              .collect(Collectors.joining());
      return said
          + (used.isEmpty() ? "" : " stub:usage" + used)
          + (tier.isEmpty() ? "" : " stub:tier " + tier);
    }

    String body() {
      Collections.shuffle(members, random);
      return "{" + String.join(",", members) + "}";
    }
  }

  private static String text(Draw draw) {
    return "{\"type\":\"text\",\"text\":\"" + draw.prompt() + "\"}";
  }

  private static String messages(Draw draw) {
    String content = draw.isOneOf(2) ? "\"" + draw.prompt() + "\"" : "[" + text(draw) + "]";
    return "\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]";
  }

  private static final String[] OF_ANY = {
    "\"temperature\":0.5",
    "\"top_p\":0.9",
    "\"seed\":7",
    "\"metadata\":{\"n\":\"9\"}",
    "\"user\":\"u\"",
    "\"stop\":[\"x\"]",
    "\"frequency_penalty\":0",
    "\"presence_penalty\":null",
    "\"logit_bias\":{\"5\":1}",
    "\"logprobs\":false",
    "\"top_logprobs\":0",
    "\"store\":false",
    "\"parallel_tool_calls\":true",
    "\"verbosity\":\"low\"",
    "\"safety_identifier\":\"s\"",
    "\"prompt_cache_key\":\"k\"",
    "\"prompt_cache_retention\":\"24h\"",
    "\"unheard_of\":5"
  };

  private static void tierOfOpenAi(Draw draw) {
    String tier = draw.any("", "auto", "default", "flex", "priority", "fast", "null");
    if (!tier.isEmpty()) {
      draw.member("\"service_tier\":" + (tier.equals("null") ? tier : "\"" + tier + "\""));
    }
    boolean isChosen = tier.isEmpty() || tier.equals("auto") || tier.equals("null");
    draw.tier = isChosen && draw.isOneOf(2) ? draw.any("flex", "priority", "default") : "";
  }

  private static void maximum(Draw draw, String... names) {
    if (!draw.isOneOf(6)) {
      draw.member("\"%s\":%d".formatted(draw.any(names), draw.between(800, 4_000)));
    }
  }

  private static void openAiChat(Draw draw) {
    draw.model("m", "gpt-4o-search-preview", "o3");
    draw.named();
    draw.some(OF_ANY);
    draw.some(
        "\"reasoning_effort\":\"low\"",
        "\"modalities\":[\"text\",\"audio\"]",
        "\"audio\":{\"format\":\"mp3\",\"voice\":\"v\"}",
        "\"response_format\":{\"type\":\"json_object\"}",
        "\"prediction\":{\"type\":\"content\",\"content\":\"guess\"}",
        "\"web_search_options\":{\"search_context_size\":\"high\"}",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
        "\"tool_choice\":\"auto\"",
        "\"functions\":[]",
        "\"moderation\":{\"model\":\"omni-moderation-latest\"}");
    tierOfOpenAi(draw);
    maximum(draw, "max_tokens", "max_completion_tokens");
    if (draw.isOneOf(2)) {
      draw.member("\"n\":" + draw.between(1, 5));
    }
    streamed(draw);
    draw.tokens("cached", "written_5m", "reasoning", "audio_in", "audio_out");
    draw.member(messages(draw));
  }

  private static void streamed(Draw draw) {
    if (draw.isOneOf(2)) {
      draw.member("\"stream\":" + draw.any("true", "true", "false", "null"));
      draw.some(
          "\"stream_options\":{\"include_usage\":true}",
          "\"stream_options\":{\"include_usage\":false,\"include_obfuscation\":false}");
    }
  }

  private static void mistralChat(Draw draw) {
    draw.named();
    draw.some(OF_ANY);
    draw.some("\"safe_prompt\":true", "\"prompt_mode\":\"reasoning\"", "\"random_seed\":1");
    maximum(draw, "max_tokens");
    if (draw.isOneOf(2)) {
      draw.member("\"tools\":[{\"type\":\"image_generation\"}]");
      draw.uses("image", 3);
    } else {
      streamed(draw);
    }
    draw.member(messages(draw));
  }

  private static void groqChat(Draw draw) {
    draw.named();
    draw.some(OF_ANY);
    draw.some("\"reasoning_format\":\"parsed\"", "\"include_reasoning\":true");
    maximum(draw, "max_tokens", "max_completion_tokens");
    if (draw.isOneOf(2)) {
      draw.member("\"tools\":[{\"type\":\"browser_search\"}]");
      draw.uses("web_search", 5);
    }
    draw.tokens("cached", "reasoning");
    draw.member(messages(draw));
  }

  private static void completion(Draw draw) {
    draw.named();
    draw.some(OF_ANY);
    draw.some("\"suffix\":\"end\"", "\"echo\":true", "\"best_of\":3");
    maximum(draw, "max_tokens");
    streamed(draw);
    if (draw.isOneOf(2)) {
      draw.member("\"n\":" + draw.between(1, 3));
    }
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void response(Draw draw) {
    draw.model("m", "o3", "gpt-4.1");
    draw.named();
    draw.some(
        "\"temperature\":0.5",
        "\"top_p\":0.9",
        "\"metadata\":{\"n\":\"9\"}",
        "\"user\":\"u\"",
        "\"store\":false",
        "\"include\":[]",
        "\"instructions\":\"be brief\"",
        "\"parallel_tool_calls\":true",
        "\"reasoning\":{\"effort\":\"low\"}",
        "\"text\":{\"verbosity\":\"low\"}",
        "\"truncation\":\"auto\"",
        "\"top_logprobs\":0",
        "\"tool_choice\":\"auto\"",
        "\"background\":false",
        "\"prompt_cache_key\":\"k\"",
        "\"safety_identifier\":\"s\"",
        "\"multi_agent\":{\"max_agents\":2}",
        "\"context_management\":[{\"type\":\"compaction\",\"compact_threshold\":9000}]");
    tierOfOpenAi(draw);
    maximum(draw, "max_output_tokens");
    int most = draw.between(0, 6);
    boolean isCapped = draw.isOneOf(2);
    if (isCapped) {
      draw.member("\"max_tool_calls\":" + most);
    }
    tools(draw, isCapped ? most : 6);
    if (draw.isOneOf(2)) {
      draw.member("\"stream\":true");
    }
    draw.tokens("cached", "written_5m", "reasoning");
    String said = "\"" + draw.prompt() + "\"";
    draw.member(
        "\"input\":"
            + (draw.isOneOf(2)
                ? said
                : "[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":"
                    + said
                    + "}]}]"));
  }

  /** Offers tools of the provider, which use up the calls one after the other. */
  private static void tools(Draw draw, int calls) {
    List<String> offered = new ArrayList<>();
    int left = calls;
    if (draw.isOneOf(2)) {
      String size = draw.any("", "low", "medium", "high", "vast", "usual", "fetch");
      offered.add(
          "{\"type\":\"%s\"%s}"
              .formatted(
                  draw.any("web_search", "web_search_preview", "web_search_2025_08_26"),
                  size.isEmpty() ? "" : ",\"search_context_size\":\"" + size + "\""));
      left -= used(draw, "web_search", left);
    }
    if (draw.isOneOf(3)) {
      offered.add("{\"type\":\"file_search\",\"vector_store_ids\":[]}");
      left -= used(draw, "file_search", left);
    }
    if (draw.isOneOf(4)) {
      offered.add("{\"type\":\"image_generation\",\"quality\":\"high\",\"size\":\"1024x1536\"}");
      left -= used(draw, "image", left);
    }
    if (draw.isOneOf(4)) {
      offered.add("{\"type\":\"computer\"}");
      int unused = used(draw, "computer_use", 5);
    }
    if (left > 0 && draw.isOneOf(3)) {
      offered.add(
          "{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"%s}}"
              .formatted(draw.any("", "", ",\"memory_limit\":\"4g\"")));
    }
    if (!offered.isEmpty()) {
      draw.member("\"tools\":[" + String.join(",", offered) + "]");
    }
  }

  private static int used(Draw draw, String what, int most) {
    draw.uses(what, most);
    return draw.uses.getOrDefault(what, 0);
  }

  private static void embedding(Draw draw) {
    draw.named();
    draw.some("\"dimensions\":8", "\"encoding_format\":\"float\"", "\"user\":\"u\"");
    String inputs =
        IntStream.range(0, draw.between(1, 5))
            .mapToObj(i -> "\"" + draw.prompt() + "\"")
            .collect(Collectors.joining(","));
    draw.member("\"input\":[" + inputs + "]");
  }

  private static void images(Draw draw) {
    draw.named();
    draw.some(
        "\"background\":\"auto\"",
        "\"moderation\":\"low\"",
        "\"output_format\":\"png\"",
        "\"response_format\":\"b64_json\"",
        "\"style\":\"vivid\"",
        "\"user\":\"u\"",
        "\"output_compression\":50");
    draw.some("\"quality\":\"high\"", "\"size\":\"1024x1536\"");
    if (draw.isOneOf(4)) {
      draw.member("\"stream\":true");
      draw.some("\"partial_images\":2");
    } else if (draw.isOneOf(2)) {
      draw.member("\"n\":" + draw.between(1, 6));
    }
    draw.tokens("images");
    draw.member("\"prompt\":\"" + draw.prompt() + "\"");
  }

  private static void speech(Draw draw) {
    draw.named();
    draw.some(
        "\"speed\":0.5",
        "\"instructions\":\"slow\"",
        "\"response_format\":\"mp3\"",
        "\"stream_format\":\"audio\"");
    draw.member("\"voice\":\"v\"");
    draw.member("\"input\":\"" + draw.prompt() + "\"");
  }

  private static void pages(Draw draw) {
    draw.named();
    draw.some("\"include_image_base64\":false", "\"image_limit\":1", "\"table_format\":\"html\"");
    if (draw.isOneOf(2)) {
      draw.member("\"pages\":[0,1,2]");
    }
    draw.member("\"document\":{\"type\":\"document_url\",\"document_url\":\"https://x/a.pdf\"}");
  }

  private static void ranking(Draw draw) {
    draw.named();
    draw.some("\"top_n\":2", "\"return_documents\":true", "\"max_tokens_per_doc\":100");
    String documents =
        IntStream.range(0, draw.between(1, 250))
            .mapToObj(i -> "\"d" + i + "\"")
            .collect(Collectors.joining(","));
    draw.member("\"query\":\"" + draw.prompt() + "\"");
    draw.member("\"documents\":[" + documents + "]");
  }

  private static void message(Draw draw) {
    draw.named();
    draw.some(
        "\"temperature\":0.5",
        "\"top_p\":0.9",
        "\"top_k\":5",
        "\"metadata\":{\"user_id\":\"u\"}",
        "\"stop_sequences\":[\"x\"]",
        "\"system\":\"be brief\"",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}",
        "\"output_config\":{\"effort\":\"low\"}",
        "\"tool_choice\":{\"type\":\"auto\"}",
        "\"cache_control\":{\"type\":\"ephemeral\"}",
        "\"speed\":\"standard\"",
        "\"inference_geo\":\"global\"",
        "\"context_management\":{\"edits\":[{\"type\":\"clear_tool_uses_20250919\"}]}",
        "\"mcp_servers\":[]",
        "\"container\":null",
        "\"user_profile_id\":\"u\"");
    String tier = draw.any("", "auto", "standard_only");
    if (!tier.isEmpty()) {
      draw.member("\"service_tier\":\"" + tier + "\"");
    }
    draw.tier = !tier.equals("standard_only") && draw.isOneOf(2) ? "priority" : "";
    draw.member("\"max_tokens\":" + draw.between(800, 4_000));
    List<String> offered = new ArrayList<>();
    if (draw.isOneOf(2)) {
      int most = draw.between(1, 5);
      boolean isCapped = draw.isOneOf(2);
      offered.add(
          "{\"type\":\"web_search_20250305\",\"name\":\"web_search\"%s}"
              .formatted(isCapped ? ",\"max_uses\":" + most : ""));
      draw.uses("web_search", most);
    }
    if (draw.isOneOf(3)) {
      offered.add("{\"type\":\"code_execution_20250825\",\"name\":\"code_execution\"}");
      draw.uses("code_interpreter", 1);
    }
    if (draw.isOneOf(3)) {
      offered.add("{\"type\":\"web_fetch_20250910\",\"name\":\"web_fetch\",\"max_uses\":3}");
      draw.uses("web_fetch", 3);
    }
    if (!offered.isEmpty()) {
      draw.member("\"tools\":[" + String.join(",", offered) + "]");
    }
    if (draw.isOneOf(2)) {
      draw.member("\"stream\":true");
    }
    draw.tokens("cached", "written_5m", "written_1h", "reasoning");
    draw.member(messages(draw));
  }

  private static void generated(Draw draw, String... models) {
    draw.model(models);
    draw.some(
        "\"safetySettings\":[]",
        "\"labels\":{\"a\":\"b\"}",
        "\"systemInstruction\":{\"parts\":[{\"text\":\"be brief\"}]}",
        "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"AUTO\"}}");
    String tier = draw.any("", "flex", "priority", "standard");
    if (!tier.isEmpty()) {
      draw.member("\"serviceTier\":\"" + tier + "\"");
    }
    List<String> settings = new ArrayList<>();
    Stream.of(
            "\"temperature\":0.5",
            "\"topK\":5",
            "\"topP\":0.9",
            "\"seed\":1",
            "\"responseMimeType\":\"text/plain\"",
            "\"thinkingConfig\":{\"thinkingBudget\":64}",
            "\"responseModalities\":[\"TEXT\"]",
            "\"stopSequences\":[\"x\"]")
        .filter(each -> draw.isOneOf(4))
        .forEach(settings::add);
    if (!draw.isOneOf(5)) {
      settings.add("\"maxOutputTokens\":" + draw.between(800, 4_000));
    }
    draw.member("\"generationConfig\":{" + String.join(",", settings) + "}");
    if (draw.isOneOf(2)) {
      draw.member(
          "\"tools\":[" + draw.any("{\"googleSearch\":{}}", "{\"google_search\":{}}") + "]");
      draw.uses("grounding", 6);
    }
    draw.tokens("cached", "reasoning", "audio_in", "audio_out", "images");
    draw.member(
        "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + draw.prompt() + "\"}]}]");
  }

  private static void cohereChat(Draw draw) {
    draw.named();
    draw.some(
        "\"temperature\":0.5",
        "\"p\":0.9",
        "\"k\":5",
        "\"seed\":1",
        "\"logprobs\":false",
        "\"safety_mode\":\"OFF\"",
        "\"strict_tools\":true",
        "\"stop_sequences\":[\"x\"]",
        "\"citation_options\":{\"mode\":\"OFF\"}",
        "\"priority\":5",
        "\"thinking\":{\"type\":\"disabled\"}");
    maximum(draw, "max_tokens");
    if (draw.isOneOf(2)) {
      draw.member("\"stream\":true");
    }
    draw.tokens("cached", "reasoning");
    draw.member(messages(draw));
  }

  private static void ollamaChat(Draw draw) {
    draw.named();
    draw.some("\"keep_alive\":\"5m\"", "\"think\":false", "\"format\":\"json\"");
    draw.member("\"options\":{\"num_predict\":" + draw.between(800, 4_000) + "}");
    if (draw.isOneOf(2)) {
      draw.member("\"stream\":false");
    }
    draw.member("\"messages\":[{\"role\":\"user\",\"content\":\"" + draw.prompt() + "\"}]");
  }

  private static void converse(Draw draw) {
    draw.some(
        "\"system\":[{\"text\":\"be brief\"}]",
        "\"requestMetadata\":{\"a\":\"b\"}",
        "\"additionalModelResponseFieldPaths\":[]");
    String tier = draw.any("", "default", "flex", "priority");
    if (!tier.isEmpty()) {
      draw.member("\"serviceTier\":{\"type\":\"" + tier + "\"}");
    }
    draw.member("\"inferenceConfig\":{\"maxTokens\":" + draw.between(800, 4_000) + "}");
    draw.tokens("cached", "written_5m", "written_1h", "reasoning");
    draw.member(
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"" + draw.prompt() + "\"}]}]");
  }
}
