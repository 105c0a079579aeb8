package io.claviger.console.connecting;

import io.claviger.application.gateway.TestCalls;
import io.claviger.application.gateway.TestCalls.TestCall;
import io.claviger.application.gateway.port.GatewayClient.Ending;
import io.claviger.application.gateway.port.GatewayClient.GatewayResponse;
import io.claviger.application.gateway.port.GatewayClient.Receipt;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.web.problems.Problems;
import java.util.ArrayList;
import java.util.List;

/** Puts into words what came of a test call. */
final class TestCallWords {
  private TestCallWords() {}

  static TestCallModel.Result of(TestCalls.TestCallOutcome outcome) {
    return switch (outcome) {
      case TestCalls.TestCallOutcome.Called called -> of(called.call());
      case TestCalls.TestCallOutcome.Limited limited ->
          notMade("Another test call is still under way. Try again in a moment.");
      case TestCalls.TestCallOutcome.Refused refused -> throw Problems.refusal(refused.why());
    };
  }

  /** A call that was not made, for this reason. */
  static TestCallModel.Result notMade(String why) {
    return new TestCallModel.Result("It was not called. " + why, "warn", null, List.of());
  }

  private static TestCallModel.Result of(TestCall call) {
    GatewayResponse answer = call.answer();
    boolean good = answer.ending() == Ending.OK;
    String text = answer.text().isBlank() ? null : answer.text();
    return new TestCallModel.Result(
        sentence(call, text == null), good ? "good" : "bad", text, receipt(call));
  }

  private static String sentence(TestCall call, boolean silent) {
    GatewayResponse answer = call.answer();
    return switch (answer.ending()) {
      case OK -> answered(answer, silent);
      case REFUSED -> "The gateway did not let it through.";
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

  private static List<TestCallModel.ReceiptLine> receipt(TestCall call) {
    GatewayResponse answer = call.answer();
    Receipt receipt = answer.receipt();
    List<TestCallModel.ReceiptLine> facts = new ArrayList<>();
    facts.add(new TestCallModel.ReceiptLine("Model", call.model().value()));
    if (answer.httpStatus().isPresent()) {
      facts.add(
          new TestCallModel.ReceiptLine("Status", String.valueOf(answer.httpStatus().getAsInt())));
    }
    answer.code().ifPresent(code -> facts.add(new TestCallModel.ReceiptLine("Reason", code)));
    if (answer.ending() == Ending.OK) {
      facts.add(
          new TestCallModel.ReceiptLine(
              "Tokens",
              "%,d in, %,d out".formatted(answer.usage().input(), answer.usage().output())));
      facts.add(
          new TestCallModel.ReceiptLine(
              "Cost",
              call.cost()
                  .map(cost -> BudgetUnit.USD.text(cost.forService()) + " $")
                  .orElse("unknown, for nobody has set a price")));
    }
    receipt
        .keySource()
        .ifPresent(source -> facts.add(new TestCallModel.ReceiptLine("Key", key(source))));
    facts.add(new TestCallModel.ReceiptLine("Took", "%,d ms".formatted(call.took().toMillis())));
    receipt.requestId().ifPresent(id -> facts.add(new TestCallModel.ReceiptLine("Request", id)));
    receipt
        .providerRequestId()
        .ifPresent(id -> facts.add(new TestCallModel.ReceiptLine("Request at the provider", id)));
    return facts;
  }

  private static String key(String source) {
    return switch (source) {
      case "central" -> "the service's";
      case "user" -> "your own";
      case "deployment" -> "the installation's";
      case "keyless" -> "none needed";
      default -> source;
    };
  }
}
