package io.claviger.web.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.requests.RequestLinks;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Operation;
import io.claviger.web.policy.BudgetJson;
import io.claviger.web.policy.LimitsJson;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code /v1/llm-services/{owner}/{handle}/key-resolution}: whether a call to the service would be
 * allowed.
 */
public final class KeyResolutionRoutes implements RouteGroup {
  private final CallExplanations explanations;

  public KeyResolutionRoutes(CallExplanations explanations) {
    this.explanations = explanations;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-services/{owner}/{handle}/key-resolution")
        .get(call -> show(call, routes.requestLinks()), "model", "operation", "user");
  }

  private void show(ApiCall call, RequestLinks requestLinks) {
    var question =
        new CallExplanations.ExplanationQuery(
            call.query().value("model", ModelName::new),
            call.query().value("operation", Operation::new),
            call.query().value("user", Handle::new));
    call.query().rejectUnread();
    CallExplanation explained =
        Problems.valueOf(explanations.explain(call.actor(), call.service(), question));
    Optional<String> requestUrl =
        explained
            .reason()
            .flatMap(
                why ->
                    Problems.valueOf(explanations.missing(call.actor(), call.service(), question)))
            .flatMap(requestLinks::to);
    call.ok(KeyResolutionJson.of(explained, requestUrl));
  }

  /**
   * Whether a call to a service would be allowed. The answer states the key that the call would
   * use, or the reason for the refusal. The answer also states the steps that led to the decision,
   * and the limits that apply.
   */
  record KeyResolutionJson(
      Optional<String> source,
      Optional<String> reason,
      List<StepJson> steps,
      HeldJson limits,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<String> requestUrl) {
    static KeyResolutionJson of(CallExplanation explanation, Optional<String> requestUrl) {
      return new KeyResolutionJson(
          explanation.source().map(KeySource::wireName),
          explanation.reason(),
          explanation.steps().stream().map(StepJson::of).toList(),
          HeldJson.of(explanation),
          requestUrl);
    }

    record StepJson(String rule, String outcome, String why) {
      static StepJson of(CallExplanation.Step step) {
        return new StepJson(step.rule().wireName(), step.outcome(), step.why());
      }
    }

    /**
     * The limits that apply, with the number of requests that are still allowed in the current
     * minute.
     */
    record HeldJson(
        Optional<Integer> requestsPerMinute,
        OptionalInt requestsLeft,
        Optional<List<String>> models,
        Optional<List<String>> operations,
        Optional<Integer> maxOutputTokens,
        Optional<List<BudgetJson>> budgets,
        @JsonUnwrapped LimitsJson.Pace pace) {
      static HeldJson of(CallExplanation explanation) {
        LimitsJson limits = LimitsJson.of(explanation.limits());
        return new HeldJson(
            limits.requestsPerMinute(),
            explanation.requestsLeft(),
            limits.models(),
            limits.operations(),
            limits.maxOutputTokens(),
            limits.budgets(),
            limits.pace());
      }
    }
  }
}
