package io.claviger.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Strict budgets with a provider that bills everything that a request really asks for. If a request
 * can be read in several ways, the provider bills the most expensive one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrictBudgetsJourneyTest {
  private static final String SERVICE = "alice/lent";
  private static final String LENT = "/v1/llm-services/" + SERVICE;
  private static final int CONTEXT = 20_000;
  private static final int MOST_OUTPUT = 4_000;

  private static final String LIST =
      """
      {
        "bounded": {"litellm_provider": "openai", "mode": "chat", "max_output_tokens": 4000,
          "max_input_tokens": 20000, "input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06},
        "dear": {"litellm_provider": "openai", "mode": "chat", "max_output_tokens": 4000,
          "max_input_tokens": 20000, "input_cost_per_token": 1e-03, "output_cost_per_token": 4e-03},
        "text-alone": {"litellm_provider": "openai", "mode": "chat",
          "input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06}
      }
      """;

  private final Journey journey = new Journey();
  private final BillingProvider provider = new BillingProvider();
  private Node node = journey.startNode(environment());
  private Api alice = journey.root(node);
  private Api bob = alice;

  private Map<String, String> environment() {
    Map<String, String> environment = journey.environment();
    environment.merge(
        "CLAVIGER_ALLOWED_PRIVATE_HOSTS",
        "127.0.0.1:" + provider.port(),
        (first, second) -> first + "," + second);
    return environment;
  }

  @BeforeAll
  void price(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("prices.json"), LIST);
    CommandResult done = Commands.run(journey.environment(), "prices", "import", file.toString());
    assertThat(done.output()).contains("3 new");
    journey.stop(node);
    node = journey.startNode(environment());
  }

  @BeforeEach
  void lend() {
    journey.startOver(node);
    provider.billed.set(0);
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    alice.putService(SERVICE, "http://127.0.0.1:" + provider.port() + "/v1", journey.key(SERVICE));
    alice.share(SERVICE, "bob", "reader").isStatus(201);
  }

  @AfterAll
  void close() {
    journey.close();
    provider.close();
  }

  private void budget(String amount, String unit) {
    Map<String, String> budget =
        Map.of("amount", amount, "unit", unit, "window", "total", "bound", "strict");
    alice.patch(LENT, Map.of("limits", Map.of("budgets", List.of(budget)))).isStatus(200);
  }

  private TestResponse call(String operation, String body) {
    return TestClient.of(bob.gateway())
        .send(
            "POST",
            "/gateway/services/" + SERVICE + "/" + operation,
            BodyPublishers.ofString(body.replace('\'', '"').replace('`', '"')),
            "Authorization",
            "Bearer " + bob.token(),
            "Content-Type",
            "application/json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chat/completions | `max_tokens`:9,`max_completion_tokens`:4000 | use_not_readable",
        "chat/completions | `max_tokens`:4e3 | use_not_readable",
        "chat/completions | `max_tokens`:0 | use_not_readable",
        "chat/completions | `max_tokens`:9,`Model`:`dear` | use_not_readable",
        "responses | `max_output_tokens`:9,`input`:[{`id`:`msg_1`}] | object_not_found",
        "responses | `max_output_tokens`:9,`input`:[{`type`:`input_file`,`file_url`:`x`}] |"
            + " input_unbounded",
        "responses | `max_output_tokens`:9,`prompt`:{`id`:`pmpt_1`} | object_not_found",
        "responses | `max_output_tokens`:9,`conversation`:`conv_1` | object_not_found",
        "responses | `max_output_tokens`:9,`unheard_of`:{`id`:`x`} | input_unbounded",
        "ocr | `document`:{`type`:`document_url`,`document_url`:`x`} | input_unbounded",
        "chat/completions | `max_tokens`:9,`provider`:{`only`:[`dear`]} | input_unbounded",
        "chat/completions | `max_tokens`:9,`messages`:[{`role`:`assistant`,`audio`:{`id`:`a`}}] |"
            + " object_not_found",
        "chat/completions | `max_tokens`:9,`tools`:[{`type`:`function`,`model`:`secret`}] |"
            + " model_has_no_price",
        "responses | `max_output_tokens`:9,`max_tool_calls`:1,`tools`:[{`type`:`function`,"
            + "`model`:`dear`}] | budget_exhausted"
      })
  void what_is_not_understood_is_refused(String operation, String members, String code) {
    budget("1", "usd");
    TestResponse answer = call(operation, "{'model':'text-alone'," + members + "}");

    int status =
        switch (code) {
          case "budget_exhausted" -> 402;
          case "object_not_found" -> 404;
          default -> 403;
        };
    answer.isRefused(status, code);
    assertThat(provider.billed).hasValue(0);
  }

  @Test
  void text_with_a_stated_output_passes() {
    budget("1", "usd");

    call("chat/completions", "{'model':'text-alone','max_tokens':9,'messages':[]}").isStatus(200);
    call(
            "chat/completions",
            "{'model':'text-alone','max_tokens':9,'max_completion_tokens':9,'messages':[]}")
        .isStatus(200);
    String file = "{'type':'input_file','file_url':'x'}";
    call("responses", "{'model':'bounded','max_output_tokens':9,'input':[" + file + "]}")
        .isStatus(200);
  }

  @Test
  void no_reading_of_a_body_exceeds_the_budget() {
    int amount = 400_000;
    budget(Integer.toString(amount), "tokens");
    Random random = new Random(30);
    int passed = 0;
    for (int i = 0; i < 600; i++) {
      String body = RandomBodies.chat(random);
      passed += call("chat/completions", body).status() == 200 ? 1 : 0;
      assertThat(provider.billed.get()).as(body).isLessThanOrEqualTo(amount);
    }
    for (int i = 0; i < 100; i++) {
      String body = RandomBodies.ranking(random);
      passed += call("rerank", body).status() == 200 ? 1 : 0;
      assertThat(provider.billed.get()).as(body).isLessThanOrEqualTo(amount);
    }

    assertThat(passed).isGreaterThan(20);
    assertThat(provider.billed.get()).isGreaterThan(amount / 2);
  }

  /** Bodies of which some can be read in several ways. */
  private static final class RandomBodies {
    private static final List<String> OUTPUT =
        List.of(
            "'max_tokens':50",
            "'max_completion_tokens':70",
            "'max_tokens':3000",
            "'max_tokens':'3000'",
            "'max_tokens':3e3",
            "'Max_Tokens':3000",
            "'max_output_tokens':3000",
            "'max_tokens':null",
            "'max_tokens':[3000]",
            "'extra_body':{'max_tokens':3000}");

    /** Each says what it costs besides its bytes. */
    private static final List<String> PARTS =
        List.of(
            "{'type':'text','text':'%s'}",
            "{'type':'image_url','image_url':{'url':'https://x/cost:9000'}}",
            "{'type':'file','file':{'file_id':'cost:20000'}}",
            "{'type':'document_url','document_url':'cost:20000'}",
            "{'id':'cost:20000'}",
            "{'type':'video_url','video_url':{'url':'https://x/cost:15000'}}",
            "{'type':'text','text':'x','type':'image','source':{'data':'cost:8000'}}",
            "{'type':'unheard_of','what':'cost:20000'}");

    static String chat(Random random) {
      StringBuilder body = new StringBuilder("{'model':'bounded'");
      for (int i = random.nextInt(1, 3); i > 0; i--) {
        body.append(',').append(OUTPUT.get(random.nextInt(OUTPUT.size())));
      }
      if (random.nextInt(4) == 0) {
        body.append(",'previous_response_id':'cost:20000'");
      }
      body.append(",'messages':[{'role':'user','content':[");
      String text = "é".repeat(random.nextInt(1_000));
      String part = PARTS.get(random.nextInt(3) == 0 ? random.nextInt(PARTS.size()) : 0);
      return body.append(part.formatted(text)).append("]}]}").toString();
    }

    static String ranking(Random random) {
      String documents = "'d'" + ",'d'".repeat(random.nextInt(20));
      return "{'model':'bounded','query':'%s','documents':[%s]}"
          .formatted("q".repeat(random.nextInt(2_000)), documents);
    }
  }

  /** Bills a token for each byte, all that a body refers to, and its largest output. */
  private static final class BillingProvider implements AutoCloseable {
    private static final Pattern COST = Pattern.compile("cost:(\\d+)");
    private static final Pattern OUTPUT =
        Pattern.compile("(?i)\"max[a-z_]*tokens\": ?[\\[\"]?(\\d+)(e3)?");

    private final AtomicLong billed = new AtomicLong();
    private final LocalHttp server = new LocalHttp();

    BillingProvider() {
      server.serve("/", this::answer);
    }

    int port() {
      return server.port();
    }

    private void answer(HttpExchange exchange) throws IOException {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String text = new String(body, UTF_8);
      boolean ranks = exchange.getRequestURI().getPath().endsWith("rerank");
      long input = ranks ? ranked(text) : Math.min(CONTEXT, body.length + elsewhere(text));
      long output = ranks ? 0 : output(text);
      billed.addAndGet(input + output);
      byte[] answer =
          """
          {"object": "chat.completion", "choices": [], "usage": {"prompt_tokens": %d,
           "completion_tokens": %d, "total_tokens": %d}}"""
              .formatted(input, output, input + output)
              .getBytes(UTF_8);
      LocalHttp.answer(exchange, 200, "application/json", answer);
    }

    private static long elsewhere(String text) {
      return COST.matcher(text).results().mapToLong(m -> Long.parseLong(m.group(1))).sum();
    }

    private static long output(String text) {
      Matcher found = OUTPUT.matcher(text);
      return found.results().mapToLong(BillingProvider::number).max().orElse(MOST_OUTPUT);
    }

    private static long number(MatchResult found) {
      return Long.parseLong(found.group(1)) * (found.group(2) == null ? 1 : 1_000);
    }

    private static long ranked(String text) {
      long documents = text.split("\"d\"", -1).length - 1;
      long query = text.length() - text.replace("q", "").length();
      return documents * (query + 1);
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
