package io.claviger.web.gateway;

import io.claviger.application.gateway.TestCalls;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Routes;
import java.util.Optional;

/** Test calls of an LLM service. */
public final class TestCallRoutes {
  private final TestCalls calls;

  public TestCallRoutes(TestCalls calls) {
    this.calls = calls;
  }

  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/_try").post(this::call);
  }

  private void call(ApiCall call) {
    InstanceRef service = call.service();
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
}
