package io.claviger.web.gateway;

import io.claviger.application.gateway.TestCalls;
import io.claviger.application.gateway.TestCalls.TestCall;
import io.claviger.application.gateway.port.GatewayClient.GatewayResponse;
import io.claviger.application.gateway.port.GatewayClient.Receipt;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.instances.Instance;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.Optional;
import java.util.OptionalInt;

public final class TestCallRoutes implements RouteGroup {
  private final TestCalls calls;

  public TestCallRoutes(TestCalls calls) {
    this.calls = calls;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/_try").post(this::call);
  }

  private void call(ApiCall call) {
    Instance.Ref service = call.service();
    Optional<ModelName> model = call.optionalBody(TestCallRoutes::model).flatMap(Field::given);
    switch (calls.call(call.actor(), service, model)) {
      case TestCalls.TestCallOutcome.Called called -> call.ok(TestCallJson.of(called.call()));
      case TestCalls.TestCallOutcome.Limited limited ->
          throw new ProblemException(Problems.rateLimited(limited.retryAfter()));
      case TestCalls.TestCallOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private static Field<ModelName> model(JsonObject fields) {
    Field<ModelName> model = fields.value("model", JsonConverter.text(ModelName::new));
    fields.rejectUnread();
    return model;
  }

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
}
