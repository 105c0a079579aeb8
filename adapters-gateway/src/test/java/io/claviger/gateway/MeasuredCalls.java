package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.ThreadMXBean;
import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.capacity.CapacityTurns;
import io.claviger.application.capacity.LeasedCapacityTurns;
import io.claviger.application.fakes.InMemoryCapacityExchange;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.events.GatewayEvents;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One caller who makes one call after the other through a gateway, and a provider that answers them
 * at once. The classes are those of a node, from the caller's socket to the counter of usage; only
 * what is stored is in memory. The caller and the provider have a thread each, whose work is not
 * counted.
 */
final class MeasuredCalls implements AutoCloseable {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final String MODEL = "text-embedding-3-small";
  private static final String CHAT_MODEL = "gpt-4o-mini";
  private static final String SERVICE = "/gateway/services/alice/s/";
  private static final String BY_MODEL = "/gateway/openai/v1/";
  private static final String TEXT = "x".repeat(950);
  private static final int EVENTS = 8;
  private static final int BUFFER = 16 << 10;
  private static final byte[] OK = "HTTP/1.1 200 OK".getBytes(US_ASCII);
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
  private static final String USAGE =
      "\"usage\": {\"prompt_tokens\": 250, \"completion_tokens\": 8, \"total_tokens\": 258}";

  /** The usage of an operation that has no output tokens. Stated ones would be disputed. */
  private static final String USAGE_OF_INPUT =
      "\"usage\": {\"prompt_tokens\": 250, \"total_tokens\": 250}";

  /** The features of a call. Each feature is measured separately. */
  enum Feature {
    /** An embedding of 1 KiB by the URL of a shared service, without any limit. */
    PLAIN(embeddings(SERVICE, MODEL)),
    /** The same call with a turn within the provider's limits, which leave enough room. */
    TURN(embeddings(SERVICE, MODEL)),
    /**
     * The same call to the URL that names no service. The name of the model selects the service.
     */
    MODEL_NAME(embeddings(BY_MODEL, MODEL)),
    /** A model's name that begins with the service's name. The provider gets the last part. */
    QUALIFIED_MODEL_NAME(embeddings(BY_MODEL, "alice/s/" + MODEL)),
    /** A rate of the service and one of the token. */
    TWO_RATES(embeddings(SERVICE, MODEL)),
    /** Two models that the share permits. */
    PERMITTED_MODELS(embeddings(SERVICE, MODEL)),
    /** Four budgets: two in dollars, one of them strict, one in tokens, one in requests. */
    FOUR_BUDGETS(embeddings(SERVICE, MODEL)),
    /** The same four budgets on a call whose service is selected by the model's name. */
    FOUR_BUDGETS_BY_MODEL_NAME(embeddings(BY_MODEL, MODEL)),
    /** A strict budget in tokens on a chat that states its largest output. */
    STRICT_BUDGET(chat("")),
    /** Calls at a time and three limits of tokens a minute on such a chat. */
    PACE(chat("")),
    /** A chat without limits, answered by a stream of events. */
    STREAM(chat(",\"stream\":true")),
    /** A stream whose usage Claviger asks for, because a budget needs it. */
    STREAM_WITH_BUDGET(chat(",\"stream\":true"));

    private final String request;

    Feature(String request) {
      this.request = request;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private boolean isChat() {
      return this == STRICT_BUDGET || this == PACE || isStream();
    }

    private boolean isStream() {
      return this == STREAM || this == STREAM_WITH_BUDGET;
    }
  }

  /**
   * The cost of one call.
   *
   * @param bytes allocated by all threads but those of the caller and the provider
   * @param nanos of CPU time of the event loop
   */
  record Cost(long bytes, long nanos) {
    Cost least(Cost other) {
      return new Cost(Math.min(bytes, other.bytes), Math.min(nanos, other.nanos));
    }
  }

  private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final Wiring node = new Wiring();
  private final CountedUsage events;
  private final Gateway gateway;
  private final Socket caller;
  private final byte[] request;
  private final byte[] received = new byte[BUFFER];
  private final byte[] answer;
  private final byte[] endOfAnswer;
  private final Thread provider;

  MeasuredCalls(Feature feature) throws IOException {
    this(feature, 0);
  }

  /**
   * @param wasted further bytes to allocate in each call
   */
  MeasuredCalls(Feature feature, int wasted) throws IOException {
    answer =
        (feature.isStream() ? stream() : feature.isChat() ? chatAnswer() : vector())
            .getBytes(US_ASCII);
    endOfAnswer = Arrays.copyOfRange(answer, answer.length - 5, answer.length);
    provider = Thread.ofPlatform().daemon().name("provider").start(this::serve);
    String at = "127.0.0.1:" + listener.getLocalPort();
    TokenText token = lend(feature, "http://" + at + "/v1");
    node.nanos.advance(Duration.ofMillis(1));
    node.memory.refresh();
    events = new CountedUsage(node.usageCounter, wasted);
    gateway =
        Gateway.start(
            GatewaySettings.on("127.0.0.1", 0)
                .withAllowedPrivateHosts(AllowedPrivateHosts.of(at))
                .withTurns(feature == Feature.TURN ? turns() : CapacityTurns.UNLIMITED),
            node.callAuthorization,
            node.modelRouting,
            events);
    request = feature.request.replace("TOKEN", token.reveal()).getBytes(US_ASCII);
    caller = new Socket(InetAddress.getLoopbackAddress(), gateway.address().getPort());
    caller.setTcpNoDelay(true);
  }

  private static CapacityTurns turns() {
    return new LeasedCapacityTurns(
        new InMemoryCapacityExchange(() -> 0), System::nanoTime, 64L << 20);
  }

  private TokenText lend(Feature feature, String endpoint) {
    User alice = node.user("alice");
    User bob = node.user("bob");
    String model = feature.isChat() ? CHAT_MODEL : MODEL;
    boolean four = feature == Feature.FOUR_BUDGETS || feature == Feature.FOUR_BUDGETS_BY_MODEL_NAME;
    boolean rates = feature == Feature.TWO_RATES;
    Instance service =
        new StoredKeys(node)
            .withKey(
                AnInstance.of(alice, "s")
                    .apiStandard("openai")
                    .endpoint(endpoint)
                    .model(model)
                    .own(InstanceField.STREAM_USAGE, feature == Feature.STREAM_WITH_BUDGET)
                    .limits(rates ? rate() : Limits.NONE),
                "sk-measured-0123456789abcdef");
    Limits limits =
        switch (feature) {
          case FOUR_BUDGETS, FOUR_BUDGETS_BY_MODEL_NAME ->
              budgets(
                  budget(BudgetUnit.USD, BudgetWindow.MONTH, BudgetBound.MEASURED),
                  budget(BudgetUnit.USD, BudgetWindow.DAY, BudgetBound.STRICT),
                  budget(BudgetUnit.TOKENS, BudgetWindow.WEEK, BudgetBound.MEASURED),
                  budget(BudgetUnit.REQUESTS, BudgetWindow.DAY, BudgetBound.MEASURED));
          case STRICT_BUDGET ->
              budgets(budget(BudgetUnit.TOKENS, BudgetWindow.DAY, BudgetBound.STRICT));
          case STREAM_WITH_BUDGET ->
              budgets(budget(BudgetUnit.TOKENS, BudgetWindow.DAY, BudgetBound.MEASURED));
          case PACE ->
              Limits.NONE.with(
                  new PaceTerms(
                      Map.of(
                          PaceKind.TOKENS, 1_000_000_000,
                          PaceKind.INPUT_TOKENS, 1_000_000_000,
                          PaceKind.OUTPUT_TOKENS, 1_000_000_000,
                          PaceKind.CONCURRENT, 100)));
          case PERMITTED_MODELS ->
              new Limits(
                  Optional.empty(),
                  Optional.of(Set.of(new ModelPattern(MODEL), new ModelPattern("gpt-*"))),
                  Optional.empty());
          default -> Limits.NONE;
        };
    node.stored(service, AShare.with(bob).limits(limits).build());
    if (four) {
      node.knownPrices.put(new UsageModel(MODEL), prices());
    }
    boolean unused =
        node.claviger
            .bareNames()
            .accept(service.id(), bob.id(), Optional.empty(), node.claviger.clock().instant());
    return node.stored(AToken.of(bob).limits(rates ? rate() : Limits.NONE).build());
  }

  private static Limits rate() {
    return new Limits(Optional.of(1_000_000), Optional.empty(), Optional.empty());
  }

  private static Limits budgets(Budget... all) {
    return Limits.of(new Budgets(List.of(all)));
  }

  private static Budget budget(BudgetUnit unit, BudgetWindow window, BudgetBound bound) {
    return new Budget(1_000_000_000L * 1_000, unit, window, BudgetZone.UTC, bound, false);
  }

  private static CallPrices prices() {
    return new CallPrices(
        Optional.empty(),
        Optional.of(Price.of(1, LocalDate.EPOCH, new Rates(Map.of(Rate.INPUT, 20_000L)))),
        new ModelBounds(OptionalLong.of(8_192), OptionalLong.empty()));
  }

  /** Makes calls and returns what one of them cost, in the best of some rounds. */
  Cost measure(int rounds, int calls) throws IOException {
    call(calls);
    Cost least = new Cost(Long.MAX_VALUE, Long.MAX_VALUE);
    for (int round = 0; round < rounds; round++) {
      long bytes = allocated();
      long nanos = THREADS.getThreadCpuTime(events.loop.threadId());
      call(calls);
      nanos = THREADS.getThreadCpuTime(events.loop.threadId()) - nanos;
      least = least.least(new Cost((allocated() - bytes) / calls, nanos / calls));
    }
    return least;
  }

  private long allocated() {
    return THREADS.getTotalThreadAllocatedBytes()
        - THREADS.getThreadAllocatedBytes(provider.threadId())
        - THREADS.getCurrentThreadAllocatedBytes();
  }

  /** The thread on which the calls run. Known once two calls were answered. */
  Thread loop() {
    return events.loop;
  }

  /** Makes calls, each of which must be answered with 200. */
  void call(int times) throws IOException {
    for (int n = 0; n < times; n++) {
      caller.getOutputStream().write(request);
      int length = 0;
      do {
        int read = caller.getInputStream().read(received, length, BUFFER - length);
        length += Math.max(read, 0);
        if (read <= 0 || Arrays.mismatch(received, OK) < OK.length) {
          throw new IllegalStateException("answered " + new String(received, 0, length, US_ASCII));
        }
      } while (!Arrays.equals(
          received, length - endOfAnswer.length, length, endOfAnswer, 0, endOfAnswer.length));
    }
  }

  /** Answers each request once it is whole. */
  private void serve() {
    byte[] asked = new byte[BUFFER];
    try {
      while (true) {
        try (Socket connection = listener.accept()) {
          connection.setTcpNoDelay(true);
          int length = 0;
          for (int read = 0;
              read >= 0;
              read = connection.getInputStream().read(asked, length, BUFFER - length)) {
            length += read;
            if (isWhole(new String(asked, 0, length, US_ASCII))) {
              connection.getOutputStream().write(answer);
              length = 0;
            }
          }
        }
      }
    } catch (IOException closed) {
      // The calls are over.
    }
  }

  private static boolean isWhole(String request) {
    int head = request.indexOf("\r\n\r\n") + 4;
    Matcher length = LENGTH.matcher(request);
    return head > 3
        && length.find()
        && request.length() == head + Integer.parseInt(length.group(1));
  }

  private static String embeddings(String base, String model) {
    return post(
        base + "embeddings",
        "{\"model\": \"%s\", \"dimensions\": 8, \"input\": \"%s\"}".formatted(model, TEXT));
  }

  private static String chat(String options) {
    return post(
        SERVICE + "chat/completions",
        "{\"model\": \"%s\", \"max_tokens\": 100%s, \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
            .formatted(CHAT_MODEL, options, TEXT));
  }

  private static String post(String path, String json) {
    return "POST %s HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: Bearer TOKEN\r\n"
            .formatted(path)
        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(json.length(), json);
  }

  private static String vector() {
    return whole(
        "{\"object\": \"list\", \"model\": \"%s\", \"data\": [{\"index\": 0, \"embedding\": [%s0.25]}], %s}"
            .formatted(MODEL, "0.0123, -0.0456, ".repeat(32), USAGE_OF_INPUT));
  }

  private static String chatAnswer() {
    return whole(
        "{\"model\": \"%s\", \"choices\": [{\"message\": {\"content\": \"%s\"}}], %s}"
            .formatted(CHAT_MODEL, TEXT, USAGE));
  }

  private static String whole(String json) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(json.length(), json);
  }

  private static String stream() {
    String chunk =
        "{\"object\": \"chat.completion.chunk\", \"model\": \"%s\", ".formatted(CHAT_MODEL);
    String events =
        event(chunk + "\"choices\": [{\"index\": 0, \"delta\": {\"content\": \"piece\"}}]}")
                .repeat(EVENTS)
            + event(chunk + "\"choices\": [], " + USAGE + "}")
            + event("[DONE]");
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        + events
        + "0\r\n\r\n";
  }

  private static String event(String data) {
    String text = "data: " + data + "\n\n";
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  @Override
  public void close() throws IOException {
    caller.close();
    gateway.close();
    listener.close();
  }

  /** Counts usage as a node does. */
  private static final class CountedUsage implements GatewayEvents {
    private final UsageCounter usage;
    private final int wasted;
    private volatile Thread loop = Thread.currentThread();
    private byte @Nullable [] waste;

    CountedUsage(UsageCounter usage, int wasted) {
      this.usage = usage;
      this.wasted = wasted;
    }

    @Override
    public void callFinished(FinishedCall call) {
      RecordedUse used = call.used().orElseThrow();
      usage.count(
          used.account(), used.source(), used.model(), used.counts(), used.charged().orElseThrow());
      loop = Thread.currentThread();
      waste = wasted > 0 ? new byte[wasted] : null;
    }
  }

  /**
   * Prints what a call costs with each feature, which take turns. Takes the rounds, and the calls
   * of a round.
   */
  public static void main(String[] arguments) throws IOException {
    Map<Feature, MeasuredCalls> all = new EnumMap<>(Feature.class);
    Map<Feature, Cost> least = new EnumMap<>(Feature.class);
    for (Feature feature : Feature.values()) {
      all.put(feature, new MeasuredCalls(feature));
    }
    for (int round = 0; round < Integer.parseInt(arguments[0]); round++) {
      for (Feature feature : Feature.values()) {
        Cost cost = all.get(feature).measure(1, Integer.parseInt(arguments[1]));
        least.merge(feature, cost, Cost::least);
      }
    }
    least.forEach(
        (feature, cost) ->
            System.out.printf(
                "%-28s %8d bytes %8.1f µs%n", feature, cost.bytes(), cost.nanos() / 1_000.0));
    System.exit(0);
  }
}
