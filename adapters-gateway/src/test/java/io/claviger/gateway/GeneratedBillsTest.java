package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.batches.BatchReservations;
import io.claviger.application.batches.BatchReservations.WantedBatch;
import io.claviger.application.batches.BatchSettlement;
import io.claviger.application.batches.port.BatchProvider;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.budgets.SpendingDecision;
import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.builders.AnExchange;
import io.claviger.application.fakes.InMemoryBatchLedger;
import io.claviger.application.fakes.InMemoryBudgetLedger;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.InMemoryPrices;
import io.claviger.application.fakes.KnownPrices;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.prices.PriceLookup;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.prices.port.ImportedModel;
import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.domain.ModelName;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.formats.BatchAnswers;
import io.claviger.domain.formats.BatchAnswers.BatchReport;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.GeneratedRequests.Draw;
import io.claviger.gateway.GeneratedRequests.Operation;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.gateway.model.ScalarMembers;
import io.claviger.gateway.usage.StatedLines;
import io.claviger.stub.ProviderLedger;
import io.claviger.stub.ProviderLedger.Entry;
import io.claviger.testkit.SettableClock;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Compares the charges of budgets for random requests with the stub's bill. The charges are not
 * lower than the bill, and not higher than the reserved amounts. The stub keeps to what a request
 * allows, as an honest provider does.
 */
class GeneratedBillsTest {
  private static final Pattern ERROR = Pattern.compile("\"type\": ?\"error\"");
  private static final Pattern LAST =
      Pattern.compile(
          ERROR
              + "|\"type\": ?\"response\\.(?:completed|incomplete|failed|done)\""
              + "|\"turnComplete\"");

  /** How many requests each operation with many members gets. */
  private static final int ROUNDS = Integer.getInteger("test.seeds", 50);

  private static final Pattern ID = Pattern.compile("\"id\" ?: ?\"(file-[^\"]+)\"");
  private static final LocalDate DAY = LocalDate.of(2026, 11, 22);

  /** At least as many as the messages of most answers on WebSockets. */
  private static final int MOST_HEARD = 9;

  private static final int ALL = Integer.MAX_VALUE;

  /** The number of requests after which one must have been admitted. */
  private static final int MOST_ROUNDS = 10;

  /** The fees for a search, in millionths of a dollar. The first one is the stub's own. */
  private static final long SEARCH = 10_000;

  private static final long LOW_SEARCH = 5_000;
  private static final long PREVIEW_SEARCH = 25_000;
  private static final long HIGH_SEARCH = 30_000;

  /** The stub's own prices, and more fees for searches. */
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
                ServiceTier.FLEX,
                rates(1_000_000, 4_000_000),
                ServiceTier.PRIORITY,
                rates(4_000_000, 16_000_000),
                new ServiceTier("fast"),
                rates(5_000_000, 20_000_000),
                new ServiceTier("ultrafast"),
                rates(12_000_000, 48_000_000)))
        .withFees(
            List.of(
                fee(FeeKind.WEB_SEARCH, SEARCH),
                fee(FeeKind.WEB_SEARCH, "low", LOW_SEARCH),
                fee(FeeKind.WEB_SEARCH, "high", HIGH_SEARCH),
                fee(FeeKind.WEB_SEARCH, "preview", PREVIEW_SEARCH),
                fee(FeeKind.WEB_SEARCH, "post", 5_000),
                fee(FeeKind.WEB_SEARCH, "profile", 10_000),
                fee(FeeKind.WEB_SEARCH, "fetch", 2_500),
                fee(FeeKind.FILE_SEARCH, 2_500),
                fee(FeeKind.CODE_INTERPRETER, 30_000),
                fee(FeeKind.COMPUTER_USE, 50_000),
                fee(FeeKind.IMAGE, 40_000),
                fee(FeeKind.IMAGE, "2k", 70_000),
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
    return fee(what, "", micros);
  }

  private static Fee fee(FeeKind what, String quality, long micros) {
    return new Fee(new FeePiece(what, quality), micros * 1_000_000, 1);
  }

  private final InMemoryBudgetLedger ledger =
      new InMemoryBudgetLedger(new SettableClock(Instant.parse("2026-11-22T10:00:00Z")));
  private final BudgetReservations reservations = new BudgetReservations(ledger, System::nanoTime);
  private final CallBudgets budgets =
      new CallBudgets(new KnownPrices(PRICES), reservations, System::nanoTime);
  private final InMemoryBatchLedger madeBatches = new InMemoryBatchLedger();
  private final InMemoryPrices listed = new InMemoryPorts().prices();
  private final BatchReservations batches =
      new BatchReservations(
          madeBatches,
          new KnownPrices() {
            @Override
            public CallPrices find(PricedModel model) {
              return new PriceLookup(listed).find(model, DAY);
            }
          },
          budgets);
  @AutoClose private final Rig rig = new Rig();
  private Optional<CallEstimate> estimate = Optional.empty();

  @Test
  void no_less_is_charged_than_billed_and_no_more_than_reserved() {
    rig.authorizer.lookingAgain(call -> Optional.empty());
    int admitted =
        GeneratedRequests.OPERATIONS.stream().mapToInt(each -> check(each, ROUNDS)).sum();

    assertThat(admitted).isGreaterThan(ROUNDS * GeneratedRequests.OPERATIONS.size() / 3);
    GeneratedRequests.SIMPLER.forEach(each -> check(each, Math.max(2, ROUNDS / 3)));
  }

  /** The provider might bill a response whose caller has left, whatever the caller got of it. */
  @Test
  void no_less_is_charged_than_billed_if_the_caller_leaves_a_socket_at_any_moment() {
    rig.authorizer.lookingAgain(call -> Optional.empty());
    for (Operation operation : GeneratedRequests.ON_SOCKETS) {
      for (int heard = 0; heard < MOST_HEARD; heard++) {
        long seed = ThreadLocalRandom.current().nextLong();
        boolean unused = check(operation, seed, BudgetBound.STRICT, heard);
      }
    }
  }

  @Test
  void no_less_is_charged_for_batches_than_billed_and_no_more_than_reserved() {
    rig.authorizer.lookingAgain(call -> Optional.empty());
    for (Operation operation : GeneratedRequests.BATCHES) {
      ModelName model = new ModelName(GeneratedRequests.BATCHED);
      Imported unused =
          listed.add(
              List.of(new ImportedModel(operation.provider(), model, terms(), PRICES.bounds())),
              DAY,
              Instant.EPOCH);
      long seed = ThreadLocalRandom.current().nextLong();
      Draw draw = new Draw(new Random(seed));
      BudgetBound bound = draw.oneIn(2) ? BudgetBound.STRICT : BudgetBound.MEASURED;
      operation.body().accept(bound == BudgetBound.STRICT ? draw.capped() : draw);
      String body = draw.body();
      String asked =
          "%s %s, seed %d: %s".formatted(operation.provider().wireName(), bound, seed, body);
      checkBatch(operation, draw, body, bound, asked);
    }
  }

  private void checkBatch(
      Operation operation, Draw draw, String body, BudgetBound bound, String asked) {
    BudgetMeter meter = lend(operation, bound);
    int billedBefore = rig.stub.ledger().entries().size();
    int made = madeBatches.charges().size();
    String path = operation.path().formatted(draw.modelName());
    boolean isInFile = draw.type().startsWith("multipart");
    String wanted =
        isInFile
            ? "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/%s\",\"completion_window\":\"24h\"}"
                .formatted(post("files", draw.type(), body).found(ID), operation.batched())
            : body;
    TestResponse answer = post(path.split("\\?", 2)[0], "application/json", wanted);
    assertThat(answer.status()).as("%s, %s", answer.body(), asked).isEqualTo(200);
    long most = madeBatches.most(meter);
    BatchSettlement settlement =
        new BatchSettlement(
            madeBatches,
            new StubBatches(operation),
            listed,
            InstantSource.system(),
            Runnable::run,
            refused -> {});
    Rig.await(
        () -> {
          madeBatches.endLeases();
          settlement.settleDue();
          return madeBatches.charges().size() > made;
        });
    List<Entry> all = rig.stub.ledger().entries();
    long billed =
        all.subList(billedBefore, all.size()).stream().mapToLong(each -> nanos(each)).sum();
    long charged = madeBatches.charged(meter);

    assertThat(billed).as(asked).isPositive();
    assertThat(charged).as(asked).isBetween(billed, most);
  }

  private TestResponse post(String path, String type, String body) {
    TestClient caller = rig.anonymous().withToken(Rig.TOKEN).with("Content-Type", type);
    return (path.startsWith("v1/messages")
            ? caller.with("anthropic-version", "2023-06-01")
            : caller)
        .send("POST", Rig.path(path), BodyPublishers.ofString(body));
  }

  /** Reads batches at the stub. */
  private final class StubBatches implements BatchProvider {
    private final ProviderApi api;

    StubBatches(Operation operation) {
      this.api = operation.format().api();
    }

    @Override
    public Optional<BatchReport> report(Instance.Ref service, String batch) {
      BatchAnswers answers = api.batchAnswers().orElseThrow();
      ScalarMembers members = new ScalarMembers();
      members.read(read(answers.path(batch)));
      return members.end().flatMap(found -> answers.report(batch, found));
    }

    @Override
    public Optional<List<String>> resultFiles(Instance.Ref service, String batch) {
      return Optional.of(List.of());
    }

    @Override
    public boolean readResults(Instance.Ref service, String path, Receiver receiver) {
      StatedLines lines = new StatedLines(api, api.batchAnswers().orElseThrow(), receiver);
      lines.read(read(path));
      return lines.end();
    }

    private byte[] read(String path) {
      String end = api.baseUrlEnd();
      TestClient reader = TestClient.of(URI.create(rig.stub.baseUrl()));
      return (end.isEmpty()
              ? reader.with(api.credentialHeaders().getFirst(), TestService.KEY)
              : reader.withToken(TestService.KEY))
          .get(end + "/" + api.versionBelow(end) + path)
          .body()
          .getBytes(UTF_8);
    }
  }

  /**
   * Makes calls, at most {@link #MOST_ROUNDS} instead of fewer until the provider gets one. Returns
   * how many of them the provider got.
   */
  private int check(Operation operation, int rounds) {
    int admitted = 0;
    for (int round = 0; round < rounds || (admitted == 0 && round < MOST_ROUNDS); round++) {
      long seed = ThreadLocalRandom.current().nextLong();
      BudgetBound bound =
          operation.isStated() ? BudgetBound.values()[round % 2] : BudgetBound.STRICT;
      admitted += check(operation, seed, bound, ALL) ? 1 : 0;
    }
    assertThat(admitted)
        .as("%s %s", operation.provider().wireName(), operation.path())
        .isPositive();
    return admitted;
  }

  /**
   * Makes a call, and checks what it is charged. Returns whether the provider got the call.
   *
   * @param heard after how many messages of the answer the caller leaves a WebSocket
   */
  private boolean check(Operation operation, long seed, BudgetBound bound, int heard) {
    Draw draw = new Draw(new Random(seed));
    operation.body().accept(draw);
    String body = draw.body();
    try {
      return checkedCall(operation, draw, body, bound, heard);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "%s %s %s, seed %d, heard %d: %s"
              .formatted(
                  operation.provider().wireName(), operation.path(), bound, seed, heard, body),
          e);
    }
  }

  private boolean checkedCall(
      Operation operation, Draw draw, String body, BudgetBound bound, int heard) {
    BudgetMeter meter = lend(operation, bound);
    int before = rig.events.finishedSoFar();
    int billedBefore = rig.stub.ledger().entries().size();
    boolean leaves = heard == ALL && bound == BudgetBound.STRICT && draw.oneIn(4);
    String path = operation.path().formatted(draw.modelName());
    boolean converses = operation.mayConverse() && (heard < ALL || (!leaves && draw.oneIn(3)));
    int status =
        draw.isSession() || converses
            ? converse(path, draw.messages(body), heard)
            : call(path, draw.type(), body, leaves ? draw.below(600) : -1);
    long charged = charged(meter, before + 1);
    List<Entry> all = rig.stub.ledger().entries();
    long billed =
        all.subList(billedBefore, all.size()).stream()
            .mapToLong(each -> nanos(each) + extra(each, draw.search()))
            .sum();

    assertThat(charged).as("status %d", status).isGreaterThanOrEqualTo(billed);
    if (operation.isFree()) {
      assertThat(charged).isZero();
      return status == 200;
    }
    if (estimate.isEmpty()) {
      assertThat(all).as("status %d", status).hasSize(billedBefore);
      return false;
    }
    assertThat(charged).as("status %d", status).isLessThanOrEqualTo(most(estimate.get(), meter));
    return all.size() > billedBefore;
  }

  private static long nanos(Entry billed) {
    return billed.dollars().movePointRight(9).setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /**
   * Returns how much more than the stub bills a provider would bill for searches of this quality.
   * The stub bills each search at the same fee.
   */
  private static long extra(Entry billed, String quality) {
    long searches =
        billed.fees().stream()
            .filter(fee -> fee.what().equals("web_search"))
            .mapToLong(ProviderLedger.Fee::count)
            .sum();
    long micros =
        switch (quality) {
          case "", "medium" -> SEARCH;
          case "low" -> LOW_SEARCH;
          case "preview", "preview/low", "preview/medium" -> PREVIEW_SEARCH;
          default -> HIGH_SEARCH;
        };
    return searches * (micros - SEARCH) * 1_000;
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
    TestService service = rig.at(operation.format()).of(operation.provider()).streamingUsage();
    if (!operation.batched().isEmpty()) {
      service = service.storing(ObjectKind.BATCHES, ObjectKind.FILES).batching(operation.batched());
    }
    AuthorizedCall lent = service.authorized("alice/my-openai").with(true, CallSpending.NONE);
    if (call.stage().isHead()) {
      return new AuthorizationOutcome.Authorized(lent);
    }
    SpendingRequest.Rules rules =
        new SpendingRequest.Rules(
            TestService.CALLER,
            new Instance.Id(new UUID(0, 2)),
            operation.provider(),
            List.of(charged),
            OptionalInt.empty(),
            false);
    if (call.batch().isPresent()) {
      WantedBatch wanted =
          new WantedBatch(
              lent.basis().account(),
              lent.source(),
              List.of(),
              call.batch().get().verdict(),
              Optional.empty(),
              Duration.ofDays(1));
      return batches.reserve(rules, wanted) instanceof BatchReservations.Decision.Reserved reserved
          ? new AuthorizationOutcome.Authorized(lent.with(true, reserved.spending()))
          : new AuthorizationOutcome.Refused(CallRefusal.BUDGET_EXHAUSTED, Optional.empty());
    }
    Optional<RequestedUse> asked = call.use().at(rules.provider().caps(), rules.areStrict());
    Optional<RequestedUse> use =
        asked.isEmpty() && OperationKind.of(call.method(), call.path()) == OperationKind.NOTHING
            ? Optional.of(RequestedUse.nothing(UsageModel.UNKNOWN))
            : asked;
    if (budgets.reserve(new SpendingRequest(rules, use))
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
  private int call(String path, String type, String body, int leavesAfter) {
    TestClient caller = rig.anonymous().withToken(Rig.TOKEN).with("Content-Type", type);
    BodyPublisher sent = BodyPublishers.ofString(body);
    if (leavesAfter < 0) {
      return caller.send("POST", Rig.path(path), sent).status();
    }
    HttpResponse<InputStream> answer = caller.stream("POST", Rig.path(path), sent);
    try (InputStream in = answer.body()) {
      byte[] unused = in.readNBytes(leavesAfter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer.statusCode();
  }

  /** Sends messages on a WebSocket, the last of which asks for a response. */
  private int converse(String path, List<String> messages, int heard) {
    if (heard < ALL) {
      leave(path, messages, heard);
      return 0;
    }
    try (SocketCaller caller = new SocketCaller(rig, Rig.path(path))) {
      messages.forEach(caller::send);
      Rig.await(() -> caller.closed().isDone() || has(caller, LAST));
      // Only Gemini's Live API has no message for an error.
      assertThat(path.startsWith("ws/") || has(caller, LAST)).as("%s", caller.closed()).isTrue();
      return has(caller, LAST) && !has(caller, ERROR) ? 200 : 400;
    }
  }

  /**
   * Does the same, but leaves after some messages, and waits until the provider has noticed.
   * Without a message, leaves when the provider has billed the response.
   */
  private void leave(String path, List<String> messages, int heard) {
    int billed = rig.stub.ledger().entries().size();
    try (SocketCaller caller = new SocketCaller(rig, Rig.path(path))) {
      messages.stream()
          .map(message -> heard > 0 ? message : message.replace("live-m", "live-thinks"))
          .forEach(caller::send);
      Rig.await(
          () ->
              (heard > 0
                      ? caller.messages().size() >= heard
                      : rig.stub.ledger().entries().size() > billed)
                  || caller.closed().isDone()
                  || has(caller, LAST));
    }
    Rig.await(() -> rig.events.openConnections() == 0 && rig.stub.openConnections() == 0);
  }

  private static boolean has(SocketCaller caller, Pattern message) {
    return caller.messages().stream().anyMatch(message.asPredicate());
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
      LockSupport.parkNanos(100_000);
    }
  }
}
