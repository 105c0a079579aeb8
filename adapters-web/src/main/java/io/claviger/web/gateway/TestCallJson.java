package io.claviger.web.gateway;

import io.claviger.application.gateway.TestCalls.TestCall;
import io.claviger.application.gateway.port.GatewayClient.GatewayResponse;
import io.claviger.application.gateway.port.GatewayClient.Receipt;
import io.claviger.domain.budgets.BudgetUnit;
import java.util.Optional;
import java.util.OptionalInt;

/** A test call, as the API shows it. */
record TestCallJson(
    String status,
    OptionalInt httpStatus,
    Optional<String> error,
    String model,
    String text,
    OptionalInt embeddingSize,
    long inputTokens,
    long outputTokens,
    Optional<String> cost,
    long durationMs,
    Optional<String> keySource,
    Optional<String> requestId,
    Optional<String> providerRequestId) {

  static TestCallJson of(TestCall call) {
    GatewayResponse answer = call.answer();
    Receipt receipt = answer.receipt();
    return new TestCallJson(
        answer.ending().wireName(),
        answer.httpStatus(),
        answer.code(),
        call.model().value(),
        answer.text(),
        answer.numbers(),
        answer.usage().input(),
        answer.usage().output(),
        call.cost().map(cost -> BudgetUnit.USD.text(cost.forService())),
        call.took().toMillis(),
        receipt.keySource(),
        receipt.requestId(),
        receipt.providerRequestId());
  }
}
