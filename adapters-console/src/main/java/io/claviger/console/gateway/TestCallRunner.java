package io.claviger.console.gateway;

import io.claviger.application.gateway.TestCalls;
import io.claviger.application.gateway.TestCalls.TestCall;
import io.claviger.application.gateway.port.GatewayClient.Ending;
import io.claviger.application.gateway.port.GatewayClient.GatewayResponse;
import io.claviger.application.gateway.port.GatewayClient.Receipt;
import io.claviger.console.limits.BudgetWords;
import io.claviger.console.page.Fields;
import io.claviger.domain.ModelName;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

public final class TestCallRunner {
  private final TestCalls calls;

  public TestCallRunner(TestCalls calls) {
    this.calls = calls;
  }

  /**
   * Calls a service once, with the model in the form. If the form names no model, the service's own
   * model is called. Every outcome of the call is returned as a result, even a failure. This method
   * refuses the request only if the viewer can't see the service.
   */
  public TestCallView.Result run(Visit visit, Instance.Ref service, Fields form) {
    try {
      Optional<ModelName> model = form.optional("model", ModelName::new);
      return TestCallWords.of(
          form.check(() -> calls.call(visit.signedIn().actor(), service, model)));
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).filter(p -> p.status() != 404).orElseThrow(() -> e);
      return TestCallWords.notMade(reason(problem));
    }
  }

  private static String reason(Problem problem) {
    return problem.faults().isEmpty()
        ? problem.detail()
        : "The model's name: " + problem.faults().getFirst().detail() + ".";
  }

  /**
   * The form for a test call, and the result of the last test call.
   *
   * @param path the path to which the form is sent
   * @param model the model to call if the user types no other name
   */
  public record TestCallView(String path, String model, @Nullable Result result) {

    /**
     * The result of a test call.
     *
     * @param sentence a sentence that says how the call ended
     * @param tone the CSS class that gives the result its colour
     * @param text the answer of the model, or the message of an error; null if there is none
     */
    public record Result(
        String sentence, String tone, @Nullable String text, List<ReceiptLine> receipt) {
      public Result {
        receipt = List.copyOf(receipt);
      }
    }

    public record ReceiptLine(String term, String value) {}

    /** Returns the words for the owner of the key with which a call is made. */
    public static String key(String source) {
      return switch (source) {
        case "central" -> "the service's";
        case "user" -> "your own";
        case "deployment" -> "the installation's";
        case "keyless" -> "none needed";
        default -> source;
      };
    }
  }

  /** Describes the result of a test call in words. */
  static final class TestCallWords {
    private TestCallWords() {}

    static TestCallView.Result of(TestCalls.TestCallOutcome outcome) {
      return switch (outcome) {
        case TestCalls.TestCallOutcome.Called called -> of(called.call());
        case TestCalls.TestCallOutcome.Limited limited ->
            notMade("Another test call is still under way. Try again in a moment.");
        case TestCalls.TestCallOutcome.Refused refused -> throw Problems.refusal(refused.why());
      };
    }

    /** Returns a result which says why no test call was made. */
    static TestCallView.Result notMade(String why) {
      return new TestCallView.Result("The service was not called. " + why, "warn", null, List.of());
    }

    private static TestCallView.Result of(TestCall call) {
      GatewayResponse answer = call.answer();
      boolean good = answer.ending() == Ending.OK;
      String text = answer.text().isBlank() ? null : answer.text();
      return new TestCallView.Result(
          sentence(call, text == null), good ? "good" : "bad", text, receipt(call));
    }

    private static String sentence(TestCall call, boolean silent) {
      GatewayResponse answer = call.answer();
      return switch (answer.ending()) {
        case OK -> answered(answer, silent);
        case REFUSED -> "The gateway refused the call.";
        case ERROR -> "The provider answered with an error.";
        case TIMEOUT ->
            "The answer was not complete within " + TestCalls.MOST.toSeconds() + " seconds.";
        case UNREACHABLE -> "The gateway of this node does not answer.";
      };
    }

    private static String answered(GatewayResponse answer, boolean silent) {
      if (answer.numbers().isPresent()) {
        return "It works: an embedding of %,d numbers.".formatted(answer.numbers().getAsInt());
      }
      return silent
          ? "It works, though " + TestCalls.MOST_TOKENS + " tokens were too few for a text."
          : "It works. The model says:";
    }

    private static List<TestCallView.ReceiptLine> receipt(TestCall call) {
      GatewayResponse answer = call.answer();
      Receipt receipt = answer.receipt();
      List<TestCallView.ReceiptLine> facts = new ArrayList<>();
      facts.add(new TestCallView.ReceiptLine("Model", call.model().value()));
      if (answer.httpStatus().isPresent()) {
        facts.add(
            new TestCallView.ReceiptLine("Status", String.valueOf(answer.httpStatus().getAsInt())));
      }
      answer.code().ifPresent(code -> facts.add(new TestCallView.ReceiptLine("Reason", code)));
      if (answer.ending() == Ending.OK) {
        facts.add(
            new TestCallView.ReceiptLine(
                "Tokens",
                "%,d in, %,d out".formatted(answer.usage().input(), answer.usage().output())));
        facts.add(
            new TestCallView.ReceiptLine(
                "Cost",
                call.cost()
                    .map(cost -> BudgetWords.exactly(BudgetUnit.USD, cost.forService()))
                    .orElse("unknown: nobody has set a price")));
      }
      receipt
          .keySource()
          .ifPresent(
              source -> facts.add(new TestCallView.ReceiptLine("Key", TestCallView.key(source))));
      facts.add(new TestCallView.ReceiptLine("Took", "%,d ms".formatted(call.took().toMillis())));
      receipt.requestId().ifPresent(id -> facts.add(new TestCallView.ReceiptLine("Request", id)));
      receipt
          .providerRequestId()
          .ifPresent(id -> facts.add(new TestCallView.ReceiptLine("Request at the provider", id)));
      return facts;
    }
  }
}
