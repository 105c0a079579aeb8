package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.spending.BodyUse;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a call is counted whose model is known only after its body is complete. */
class ModelInBodyTest {
  private static final Optional<Set<ModelPattern>> MODELS =
      Optional.of(Set.of(new ModelPattern("a")));

  private final Calls c = new Calls();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_head_takes_no_permit_whether_models_are_limited_or_not(boolean areLimited) {
    Instance service = service(1, areLimited ? MODELS : Optional.empty());
    for (int i = 0; i < 3; i++) {
      Calls.authorized(asked(service, CallRequest.Stage.HEAD)).close();
    }

    Calls.authorized(asked(service, CallRequest.Stage.MODEL_KNOWN)).close();
    assertThat(Calls.refusal(asked(service, CallRequest.Stage.MODEL_KNOWN)))
        .isEqualTo(CallRefusal.RATE_LIMITED);
  }

  @Test
  void who_has_no_permit_left_is_told_so_before_they_send_a_body() {
    Instance service = service(1, MODELS);
    Calls.authorized(asked(service, CallRequest.Stage.MODEL_KNOWN)).close();
    assertThat(Calls.refusal(asked(service, CallRequest.Stage.MODEL_KNOWN)))
        .isEqualTo(CallRefusal.RATE_LIMITED);

    assertThat(Calls.refusal(asked(service, CallRequest.Stage.HEAD)))
        .isEqualTo(CallRefusal.RATE_LIMITED);
  }

  @Test
  void what_is_decided_from_memory_counts_the_same() {
    Instance service = service(60, MODELS);
    c.remember(c.alices, service);
    for (int i = 0; i < 100; i++) {
      Calls.authorized(atOnce(service, CallRequest.Stage.HEAD).orElseThrow()).close();
    }
    int counted = 1;
    while (asked(service, CallRequest.Stage.MODEL_KNOWN)
        instanceof AuthorizationOutcome.Authorized authorized) {
      authorized.call().close();
      counted++;
    }

    assertThat(counted).isEqualTo(60);
    assertThat(Calls.refusal(atOnce(service, CallRequest.Stage.HEAD).orElseThrow()))
        .isEqualTo(CallRefusal.RATE_LIMITED);
  }

  private AuthorizationOutcome asked(Instance service, CallRequest.Stage stage) {
    return c.w.callAuthorization.authorize(call(service, stage));
  }

  private Optional<AuthorizationOutcome> atOnce(Instance service, CallRequest.Stage stage) {
    return c.w.callAuthorization.authorizeAtOnce(call(service, stage));
  }

  private CallRequest call(Instance service, CallRequest.Stage stage) {
    CallRequest known =
        Calls.asked(c.alices, new CallTarget.Service(service.ref()), Calls.OPERATION);
    return new CallRequest(
        known.token(),
        known.callTarget(),
        known.method(),
        known.path(),
        new CallerOrigin(known.address()),
        known.requestId(),
        stage,
        BodyUse.UNREAD,
        Optional.empty());
  }

  private Instance service(int perMinute, Optional<Set<ModelPattern>> models) {
    Limits limits = new Limits(Optional.of(perMinute), models, Optional.empty());
    Instance service = AnInstance.of(c.alice, "s").provider(Provider.OLLAMA).limits(limits).build();
    c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    return service;
  }
}
